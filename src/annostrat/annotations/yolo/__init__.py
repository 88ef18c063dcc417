"""The parts of YOLO's reader: its configuration, its files and their rows."""
