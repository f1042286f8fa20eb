"""What is served under /_emulator/: the control API and the page."""
