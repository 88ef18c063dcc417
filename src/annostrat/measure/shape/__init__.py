"""How much outlines differ within a class."""
