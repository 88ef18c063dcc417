"""Shapes of one format alone."""
