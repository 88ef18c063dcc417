"""The command line; only here are options read, files written and exit codes chosen."""
