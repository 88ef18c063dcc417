"""What experts chose, and how often rules choose the same."""
