"""Evidence from real use: Gong's answers held against the contract, and written down without anybody's data."""
