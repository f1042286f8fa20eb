"""What the documentation site is made of: its pages, the page of the contract, and the check of what was built."""
