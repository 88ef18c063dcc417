"""Names a dataset after its path, skipping uninformative parts."""

from __future__ import annotations

import os
import re

_SAYS_NOTHING = re.compile(
    r"(?:[\W\d_]|anno?|annotations?|data|datasets?|default|export|gt|gtfine|images?|imgs?|instances|json|labels?|masks?"
    r"|output|results?|segmentations?|tests?|train|training|txt|val|valid|validation|xml)*",
    re.IGNORECASE,
)
"""Names of files and folders that could contain anything, such as `instances_train2017`."""
_FORMAT = re.compile(r"\.(?:coco|cvat|voc|yolo)$", re.IGNORECASE)
"""What some tools append to a file's name, as in `_annotations.coco.json`."""


def data_set_name(path: str) -> str:
    """Return the name of the file or folder, or of the nearest folder around it that says more than `labels`."""
    whole = os.path.abspath(path)
    *folders, last = os.path.splitdrive(whole)[1].split(os.sep)
    own = last if os.path.isdir(whole) else _FORMAT.sub("", os.path.splitext(last)[0])
    return next((name for name in (own, *reversed(folders)) if not _SAYS_NOTHING.fullmatch(name)), own or path)
