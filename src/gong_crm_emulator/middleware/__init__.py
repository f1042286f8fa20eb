"""What stands around the API: faults, the journal and limits."""
