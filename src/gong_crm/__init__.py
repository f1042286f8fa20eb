"""The front door to Gong's CRM API, which is not built yet; use gong_crm_client meanwhile."""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("gong-crm")
