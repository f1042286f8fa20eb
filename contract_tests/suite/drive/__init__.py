"""What is called: operations, records, batches, the scenario, the clean-up."""
