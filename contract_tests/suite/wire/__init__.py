"""How calls reach a target: credentials, pace, transport."""
