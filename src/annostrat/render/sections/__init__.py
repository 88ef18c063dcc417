"""What every text says, part by part."""
