"""The contract suite as a product: what holds any server against the contract."""
