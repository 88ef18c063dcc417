"""The knowledge under rules/, as Python sees it."""
