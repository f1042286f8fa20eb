"""Doors to other people's engines and loaders; each module needs an extra of its own, and says so where it lacks."""
