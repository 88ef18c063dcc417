"""Masks in pictures and in run lengths."""
