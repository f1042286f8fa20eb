"""Jobs: what is sent and followed, what the journal remembers of it, and what became of each line."""
