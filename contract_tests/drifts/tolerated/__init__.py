"""Servers that only look otherwise."""
