"""Turn rules and answers into a recommendation."""
