"""Corridor: formats that data sets are published in, and that models are trained from."""
