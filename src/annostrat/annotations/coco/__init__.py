"""Support for the COCO reader."""
