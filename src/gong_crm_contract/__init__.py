"""The contract suite as an installed command, `gong-crm-contract`."""
