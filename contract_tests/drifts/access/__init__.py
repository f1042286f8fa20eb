"""Drifts of who may call, by which path and how often."""
