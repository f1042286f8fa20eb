"""Who may call: credentials and OAuth."""
