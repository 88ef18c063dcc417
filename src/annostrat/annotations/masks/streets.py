"""Classes of Cityscapes by id, and which of them are not objects.

Source: `cityscapesscripts/helpers/labels.py` of https://github.com/mcordts/cityscapesScripts.
"""

from __future__ import annotations

NAMES = (
    "unlabeled", "ego vehicle", "rectification border", "out of roi", "static", "dynamic", "ground", "road",
    "sidewalk", "parking", "rail track", "building", "wall", "fence", "guard rail", "bridge", "tunnel", "pole",
    "polegroup", "traffic light", "traffic sign", "vegetation", "terrain", "sky", "person", "rider", "car", "truck",
    "bus", "caravan", "trailer", "train", "motorcycle", "bicycle",
)  # fmt: skip
TRAINED = (7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33)
"""Id of the class of each training id."""
VOID = frozenset(NAMES[:4])
"""What the camera did not see, or nobody labelled."""
STUFF_CLASSES = frozenset({*NAMES[4:17], "polegroup", "vegetation", "terrain", "sky"})
