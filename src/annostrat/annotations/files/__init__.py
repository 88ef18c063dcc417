"""The files of a data set, and their formats."""
