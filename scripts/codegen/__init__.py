"""What generate.py is made of: the pinned generator, its templates, the line schemas and the audit."""
