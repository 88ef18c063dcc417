"""Photos behind findings: which labels to show, where their images are, and thumbnails of these."""
