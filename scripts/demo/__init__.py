"""What the lifecycle shares with the demo: a CRM export, and how a run of it looks on a terminal."""
