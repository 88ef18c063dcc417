"""Labels and images as flat tables, and the sums over them."""
