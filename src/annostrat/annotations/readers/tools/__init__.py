"""Corridor: formats that labelling tools and their companions write."""
