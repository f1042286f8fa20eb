"""The hand-written modules of gong_crm_client, which generate.py copies into it."""
