"""Variations."""

ROWS = ()
