"""What was exchanged before: published exchanges and recordings."""
