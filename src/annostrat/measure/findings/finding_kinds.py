"""All kinds of findings by their stable word."""

from __future__ import annotations

from annostrat.measure.findings.kind import NOTE, Kind
from annostrat.measure.findings.kinds_of_sets import CLASSES, FILES, IMAGES
from annostrat.measure.findings.kinds_of_shapes import BOXES, MASKS, OUTLINES

KINDS = BOXES | OUTLINES | MASKS | CLASSES | FILES | IMAGES
OTHER = Kind(NOTE, "", "", "", "Look at these places.")
"""What a profile may hold that a later version wrote."""
