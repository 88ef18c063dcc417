"""How much objects hide one another."""
