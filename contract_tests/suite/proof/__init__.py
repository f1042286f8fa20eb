"""The suite held against changed servers, and what each clause is asserted by."""
