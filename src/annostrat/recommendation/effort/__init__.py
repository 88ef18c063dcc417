"""What labelling takes."""
