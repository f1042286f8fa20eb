"""What must hold for any server that claims to be Gong."""
