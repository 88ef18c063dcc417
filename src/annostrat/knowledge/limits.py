"""What a file that somebody hands over may have at most, so that none costs more than it says."""

MAX_BYTES = 10_000_000
MAX_DEPTH = 100
"""Levels of lists and mappings inside one another."""
MAX_ALIASED = 10_000
"""Values that aliases of YAML repeat."""
