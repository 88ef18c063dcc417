"""Labels and images as flat tables, and their sums."""
