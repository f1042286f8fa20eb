"""Feeds: each kind of source as blocks of whole lines."""
