"""What is judged: clauses, document, operations, exchanges, breaches."""
