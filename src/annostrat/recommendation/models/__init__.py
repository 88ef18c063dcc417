"""Which models to try, and which help labelling."""
