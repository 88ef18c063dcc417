"""Findings: possible faults in labels."""
