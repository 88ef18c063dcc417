"""The shape of every rule file and of what the files are compiled to: the one place where fields are written."""
