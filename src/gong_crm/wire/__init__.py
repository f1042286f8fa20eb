"""Calls: who calls where, how often, when again, and what the answers mean."""
