"""The content of every text page, section by section."""
