"""The check: every line of a source against the rules, without a network."""
