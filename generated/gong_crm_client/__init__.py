# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
"""A client library for accessing Gong generic CRM API"""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)
