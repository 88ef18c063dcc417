"""The sums that everything measured follows from, and their files."""
