"""The kinds of findings: how bad each is, what it is counted out of, what is said of one and of many, what to do."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Kind(NamedTuple):
    """A kind of finding.

    Attributes:
        severity: How bad it is.
        of: What it is counted out of: a key of the profile's counts, or empty.
        one: What was found once; behind the count.
        many: What was found several times.
        advice: What to do.
    """

    severity: Literal["error", "warning", "note"]
    of: str
    one: str
    many: str
    advice: str

    def said(self, count: int) -> str:
        """Return what was found, with how often."""
        return f"{count:,} {self.one if count == 1 else self.many}"


KINDS = {
    "swapped_format": Kind(
        "error",
        "labels",
        "box holds x1, y1, x2, y2 where the format wants x, y, width, height",
        "boxes hold x1, y1, x2, y2 where the format wants x, y, width, height",
        "Write width and height as x2 - x1 and y2 - y1. Until then nothing measured of the boxes means anything.",
    ),
    "not_finite": Kind(
        "error",
        "labels",
        "box is not finite",
        "boxes are not finite",
        "Draw again, or remove; they are left out here.",
    ),
    "not_json_number": Kind(
        "error",
        "labels",
        "label holds Infinity or NaN, which JSON does not have",
        "labels hold Infinity or NaN, which JSON does not have",
        "Repair the tool that wrote them: most readers refuse the whole file.",
    ),
    "box_missing": Kind(
        "error",
        "labels",
        "label has neither box nor outline",
        "labels have neither box nor outline",
        "Draw again, or remove.",
    ),
    "huge": Kind(
        "error",
        "labels",
        "box lies millions of pixels away",
        "boxes lie millions of pixels away",
        "Draw again; they are left out here.",
    ),
    "degenerate": Kind(
        "error",
        "labels",
        "box has no width or no height",
        "boxes have no width or no height",
        "Draw again, or remove; trainers drop or choke on them.",
    ),
    "out_of_bounds": Kind(
        "warning",
        "labels",
        "box reaches over the border of its image",
        "boxes reach over the border of their image",
        "Clip at the border, and look for the reason.",
    ),
    "duplicate": Kind(
        "warning",
        "objects",
        "object repeats another one of its class (IoU above 0.95)",
        "objects repeat another one of their class (IoU above 0.95)",
        "Remove one of the two: it counts twice, and a detector that finds it once is wrong.",
    ),
    "box_differs": Kind(
        "warning",
        "objects",
        "box does not fit its outline",
        "boxes do not fit their outline",
        "Make boxes from the outlines, or find out which is right.",
    ),
    "overfull": Kind(
        "warning",
        "objects",
        "outline is larger than its box",
        "outlines are larger than their box",
        "Make the boxes from the outlines.",
    ),
    "flat_outline": Kind(
        "warning", "objects", "outline encloses nothing", "outlines enclose nothing", "Draw again, or remove."
    ),
    "rectangular_outline": Kind(
        "note",
        "outlines",
        "outline is an upright rectangle",
        "outlines are upright rectangles",
        "These are boxes, drawn as outlines: they say nothing of shape.",
    ),
    "four_vertices": Kind(
        "note",
        "outlines",
        "outline has four vertices",
        "outlines have four vertices",
        "A rough outline, unless the things are four-cornered; look at some.",
    ),
    "all_crowds": Kind(
        "error",
        "labels",
        "label, the only one, is marked as a crowd (iscrowd)",
        "labels are all marked as crowds (iscrowd)",
        "Set iscrowd to 0: readers skip crowds and see no object. CVAT's mask exports are often so.",
    ),
    "class_beyond_list": Kind(
        "error",
        "labels",
        "label has a class that the list does not name",
        "labels have a class that the list does not name",
        "Complete the list, or repair the ids.",
    ),
    "class_unnamed": Kind(
        "note",
        "",
        "class or label has no name",
        "classes or labels have no name",
        "Add it; classes are called by their number here.",
    ),
    "mixed_rows": Kind(
        "error",
        "",
        "row is of the other kind: boxes and outlines stand in one data set",
        "rows are of the other kind: boxes and outlines stand in one data set",
        "Make it one of the two: trainers drop all outlines, or take them for boxes, without a word.",
    ),
    "duplicate_id": Kind(
        "error",
        "labels",
        "label shares its id with another one",
        "labels share their id with another one",
        "Number them anew.",
    ),
    "duplicate_image": Kind("error", "images", "image is listed twice", "images are listed twice", "List each once."),
    "unknown_image": Kind(
        "error",
        "",
        "label belongs to an image that is not listed",
        "labels belong to images that are not listed",
        "List the images, or remove the labels; left out here.",
    ),
    "image_without_name": Kind(
        "warning", "images", "image has no file name", "images have no file name", "Add it: most tools need it."
    ),
    "image_without_size": Kind(
        "note",
        "labels",
        "label lies in an image whose size is not stated",
        "labels lie in images whose size is not stated",
        "State it: what lies outside cannot be told.",
    ),
    "image_size_unknown": Kind(
        "note",
        "images",
        "image was not found, so that its size is unknown",
        "images were not found, so that their size is unknown",
        "Put them beside the labels: elongation and aspect are measured as if images were square.",
    ),
    "image_without_labels": Kind(
        "note",
        "images",
        "image has no label",
        "images have no label",
        "Fine if they show nothing; if they are not labelled yet, take them out.",
    ),
    "missing_labels_file": Kind(
        "warning",
        "images",
        "image has no label file",
        "images have no label file",
        "Add an empty one if they show nothing.",
    ),
    "missing_list": Kind(
        "note",
        "",
        "list or folder that goes with the format is missing",
        "lists or folders that go with the format are missing",
        "Add it.",
    ),
    "mask_overruns": Kind(
        "error",
        "",
        "mask does not have the size of its image",
        "masks do not have the size of their image",
        "Export again.",
    ),
    "bad_value": Kind(
        "error",
        "",
        "value could not be used",
        "values could not be used",
        "Repair what is wrong; the value is left out, the label is kept.",
    ),
    "empty_outline": Kind(
        "warning",
        "",
        "outline has fewer than three vertices",
        "outlines have fewer than three vertices",
        "Draw again; left out here.",
    ),
    "shape_not_measured": Kind(
        "note",
        "",
        "shape is neither box nor outline, and is not measured",
        "shapes are neither box nor outline, and are not measured",
        "Nothing to do: lines, points and tags have no area.",
    ),
    "oriented_boxes": Kind(
        "note",
        "",
        "box is rotated",
        "boxes are rotated",
        "Overlap is measured on the upright boxes around them, which is more than theirs.",
    ),
    "several_annotators": Kind(
        "note",
        "",
        "task was labelled by several people",
        "tasks were labelled by several people",
        "Only the first is measured; the others serve to measure agreement.",
    ),
    "part_of": Kind(
        "note",
        "",
        "class is part of another",
        "classes are parts of others",
        "They do not count as covered by these; a hierarchy is worth a note in the guideline.",
    ),
    "imbalance": Kind(
        "warning",
        "",
        "as many objects in the most frequent class as in the rarest",
        "times as many objects in the most frequent class as in the rarest",
        "Collect more of the rare ones, or merge classes, before all is labelled.",
    ),
    "rare_class": Kind(
        "note",
        "",
        "class has fewer than ten objects",
        "classes have fewer than ten objects",
        "Too few to train or to test on: collect more, or merge.",
    ),
    "empty_class": Kind(
        "note",
        "",
        "listed class has no label",
        "listed classes have no label",
        "Take out of the list what is not wanted, or collect some.",
    ),
    "shared_images": Kind(
        "error",
        "images",
        "image is in several splits (same name and size)",
        "images are in several splits (same name and size)",
        "Keep each in one split only: a model is tested on what it was trained on.",
    ),
}
OTHER = Kind("note", "", "", "", "Look at these places.")
