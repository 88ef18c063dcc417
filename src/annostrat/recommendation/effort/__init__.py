"""Estimate labelling effort."""
