"""What reading YOLO takes beyond its reader."""
