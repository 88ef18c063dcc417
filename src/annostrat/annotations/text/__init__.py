"""JSON, CSV and XML, read in pieces."""
