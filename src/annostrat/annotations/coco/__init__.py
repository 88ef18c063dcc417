"""What reading COCO takes beyond its reader."""
