"""Lines in order, more of them than memory holds."""
