"""Variation of outlines within a class."""
