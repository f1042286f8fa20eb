"""Gong's HTTP: dispatch, one function for each operation, parameters, forms and responses."""
