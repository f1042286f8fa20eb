"""Drifts of the fields of an object type."""
