"""What is amiss in labels."""
