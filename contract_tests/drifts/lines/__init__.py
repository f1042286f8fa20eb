"""Drifts of which line of a file is taken."""
