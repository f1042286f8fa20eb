"""Drifts of what is asked for: integrations, uploads, and the status of a request."""
