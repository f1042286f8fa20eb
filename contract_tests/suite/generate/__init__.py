"""Calls and lines that nobody wrote by hand."""
