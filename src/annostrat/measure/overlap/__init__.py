"""How much objects cover each other."""
