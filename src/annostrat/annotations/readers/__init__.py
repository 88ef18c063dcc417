"""Room: one annotation format a file, each from files to batches of labels in pixels; a name occurs in one folder."""
