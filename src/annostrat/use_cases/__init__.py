"""Use cases, and the files that contain them."""
