# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
"""Contains endpoint functions for accessing the API"""
