"""Drifts of what every answer carries."""
