"""The command gong-crm, for those who write no Python."""
