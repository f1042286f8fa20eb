"""What the commands know of an OpenAPI document: reading it, its rules, and what changed between two."""
