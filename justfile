# Compiles the shipped rules, so that commands of a checkout start as fast as those of a wheel.
compile:
    .venv/bin/python -m annostrat.knowledge.building

# Draws the pictures of the README again.
pictures:
    .venv/bin/python examples/pictures/draw.py
