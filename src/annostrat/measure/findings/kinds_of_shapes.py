"""What can be found in boxes, outlines and masks, how bad it is, and what to do."""

from __future__ import annotations

from annostrat.measure.findings.kind import ERROR, NOTE, WARNING, Kind

_REDRAW = "Draw them again, or remove them; they are left out here."
BOXES = {
    "swapped_format": Kind(
        ERROR,
        "labels",
        "box holds x1, y1, x2, y2 where the format wants x, y, width, height",
        "boxes hold x1, y1, x2, y2 where the format wants x, y, width, height",
        "Write width and height as x2 - x1 and y2 - y1. Until then nothing measured of the boxes means anything.",
    ),
    "not_finite": Kind(ERROR, "labels", "box is not finite", "boxes are not finite", _REDRAW),
    "not_json_number": Kind(
        ERROR,
        "labels",
        "label holds Infinity or NaN, which JSON does not have",
        "labels hold Infinity or NaN, which JSON does not have",
        "Repair the tool that wrote them: most readers refuse the whole file.",
    ),
    "box_missing": Kind(
        ERROR, "labels", "label has neither box nor outline", "labels have neither box nor outline", _REDRAW
    ),
    "huge": Kind(ERROR, "labels", "box lies millions of pixels away", "boxes lie millions of pixels away", _REDRAW),
    "degenerate": Kind(
        ERROR,
        "labels",
        "box has no width or no height",
        "boxes have no width or no height",
        "Draw them again, or remove them; trainers drop them, or fail on them.",
    ),
    "out_of_bounds": Kind(
        WARNING,
        "labels",
        "box reaches over the border of its image",
        "boxes reach over the border of their image",
        "Clip them, and look at why they do.",
    ),
    "duplicate": Kind(
        WARNING,
        "objects",
        "object repeats another one of its class (IoU above 0.95)",
        "objects repeat another one of their class (IoU above 0.95)",
        "Remove one of the two: it counts twice, and a detector that finds it once is wrong.",
    ),
    "oriented_boxes": Kind(
        NOTE,
        "",
        "box is rotated",
        "boxes are rotated",
        "Overlap is measured on the upright boxes around them, which is more than theirs.",
    ),
    "confidence_ignored": Kind(
        WARNING,
        "",
        "box has a sixth column, as predictions have it",
        "boxes have a sixth column, as predictions have it",
        "If a model made them, what is measured is the model: review them before they count as labels.",
    ),
    "mixed_rows": Kind(
        ERROR,
        "",
        "row is of another kind than the others: boxes and outlines stand in one data set",
        "rows are of another kind than the others: boxes and outlines stand in one data set",
        "Make it one of the two: trainers drop all outlines, or take them for boxes, without a word.",
    ),
}
OUTLINES = {
    "box_differs": Kind(
        WARNING,
        "objects",
        "box does not fit its outline",
        "boxes do not fit their outline",
        "Make boxes from the outlines, or find out which is right.",
    ),
    "overfull": Kind(
        WARNING,
        "objects",
        "outline is larger than its box",
        "outlines are larger than their box",
        "Make the boxes from the outlines.",
    ),
    "flat_outline": Kind(
        WARNING, "objects", "outline encloses nothing", "outlines enclose nothing", "Draw them again, or remove them."
    ),
    "empty_outline": Kind(
        WARNING,
        "",
        "outline has fewer than three vertices, or no pixel",
        "outlines have fewer than three vertices, or no pixel",
        "Draw them again; the outlines are left out here, their boxes are kept.",
    ),
    "rectangular_outline": Kind(
        NOTE,
        "outlines",
        "outline is an upright rectangle",
        "outlines are upright rectangles",
        "These are boxes, drawn as outlines: they say nothing of shape.",
    ),
    "four_vertices": Kind(
        NOTE,
        "outlines",
        "outline has four vertices",
        "outlines have four vertices",
        "A rough outline, unless the things are four-cornered; look at some.",
    ),
    "shape_not_measured": Kind(
        NOTE,
        "",
        "shape is neither box nor outline, and is not measured",
        "shapes are neither box nor outline, and are not measured",
        "Nothing to do: lines, points and tags have no area.",
    ),
    "void_region": Kind(
        NOTE,
        "",
        "region belongs to a class that is not to be judged",
        "regions belong to classes that are not to be judged",
        "Nothing to do: such regions are left out, as the data set's own evaluation does.",
    ),
    "deleted_label": Kind(
        NOTE,
        "",
        "label is marked as deleted",
        "labels are marked as deleted",
        "Nothing to do: they are left out, as their tool would.",
    ),
}
MASKS = {
    "mask_overruns": Kind(
        ERROR,
        "",
        "mask does not have the size of its image",
        "masks do not have the size of their image",
        "Export them again; the masks are left out here.",
    ),
    "not_a_mask": Kind(
        ERROR,
        "",
        "picture is no mask",
        "pictures are no masks",
        "Take it out, or save it again as PNG with one number a class: a photograph or a JPEG has no exact colours.",
    ),
    "missing_mask": Kind(
        ERROR, "images", "image has no mask file", "images have no mask file", "Put the files beside the list."
    ),
    "segment_without_pixels": Kind(
        ERROR,
        "",
        "listed segment has no pixel in its mask",
        "listed segments have no pixel in their mask",
        "Export both again: list and masks are not of the same state.",
    ),
    "pixels_without_segment": Kind(
        ERROR,
        "",
        "id in a mask is not listed as a segment",
        "ids in masks are not listed as segments",
        "Export both again: list and masks are not of the same state.",
    ),
}
