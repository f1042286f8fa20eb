"""The state of one emulator: all SQL, and nothing of HTTP."""
