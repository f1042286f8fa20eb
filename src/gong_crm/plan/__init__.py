"""The plan of a push: every good line once, in files that Gong takes one after another."""
