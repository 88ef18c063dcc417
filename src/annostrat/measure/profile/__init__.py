"""Profiles, the sums from which all measurements are derived, and their files."""
