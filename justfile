# Draws the pictures of the README again.
pictures:
    .venv/bin/python examples/pictures/draw.py
