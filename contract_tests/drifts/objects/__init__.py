"""Drifts of the objects that are stored and read."""
