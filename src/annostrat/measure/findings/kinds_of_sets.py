"""What can be found in classes, files and images, how bad it is, and what to do."""

from __future__ import annotations

from annostrat.measure.findings.kind import ERROR, NOTE, WARNING, Kind

CLASSES = {
    "unreadable": Kind(
        ERROR,
        "",
        "file, or a part of one, could not be read",
        "files, or parts of them, could not be read",
        "Repair or replace what is named: all that is measured here lacks it.",
    ),
    "class_beyond_list": Kind(
        ERROR,
        "",
        "label has a class that the list does not name",
        "labels have a class that the list does not name",
        "Complete the list, or repair the ids.",
    ),
    "class_count_differs": Kind(
        WARNING,
        "",
        "list of classes does not have as many names as it says",
        "lists of classes do not have as many names as they say",
        "Make number and names agree: trainers go by the number, and labels may point to the wrong name.",
    ),
    "class_unnamed": Kind(
        NOTE,
        "",
        "label or list lacks the name of its class",
        "labels or lists lack the names of their classes",
        "Add them; classes are called by their number here.",
    ),
    "several_classes": Kind(
        WARNING,
        "",
        "label has several classes",
        "labels have several classes",
        "Only the first counts here: give each object one class, and keep the rest as attributes.",
    ),
    "part_of": Kind(
        NOTE,
        "",
        "class looks like a part of another, in whose boxes its objects lie",
        "classes look like parts of others, in whose boxes their objects lie",
        "If so, say it in the guideline; they do not count as covered by these. If not, occlusion is more than measured"
        " here: answer it yourself.",
    ),
    "imbalance": Kind(
        WARNING,
        "",
        "times as many labels in the most frequent class as in the rarest",
        "times as many labels in the most frequent class as in the rarest",
        "Collect more of the rare ones, or merge classes, before all is labelled.",
    ),
    "rare_class": Kind(
        NOTE,
        "",
        "class has fewer than ten labels",
        "classes have fewer than ten labels",
        "Too few to train or to test on: collect more, or merge.",
    ),
    "empty_class": Kind(
        NOTE,
        "",
        "listed class has no label",
        "listed classes have no label",
        "Remove them from the list, or collect some.",
    ),
}
FILES = {
    "all_crowds": Kind(
        ERROR,
        "labels",
        "label, the only one, is marked as a crowd (iscrowd)",
        "labels, which are all, are marked as crowds (iscrowd)",
        "Set iscrowd to 0: readers skip crowds and see no object. CVAT's mask exports are often so.",
    ),
    "duplicate_id": Kind(
        ERROR,
        "labels",
        "label shares its id with another one",
        "labels share their id with another one",
        "Number them anew.",
    ),
    "bad_value": Kind(
        ERROR,
        "",
        "value could not be used",
        "values could not be used",
        "Repair them; what hangs on such a value is left out, the rest is kept.",
    ),
    "missing_list": Kind(
        NOTE, "", "list or folder that is named is missing", "lists or folders that are named are missing", "Add them."
    ),
    "no_label": Kind(
        WARNING,
        "",
        "image, and not one label",
        "images, and not one label",
        "Nothing can be measured here: label a pilot first, or name the files that hold the labels.",
    ),
    "not_annotated": Kind(
        NOTE,
        "",
        "task is not annotated, or was cancelled",
        "tasks are not annotated, or were cancelled",
        "Nothing to do if the work goes on: they do not count as images without objects.",
    ),
    "several_annotations": Kind(
        NOTE,
        "",
        "task was annotated several times",
        "tasks were annotated several times",
        "Only the first annotation is measured; how far they agree says how well the guideline works.",
    ),
}
IMAGES = {
    "duplicate_image": Kind(
        ERROR,
        "images",
        "image is listed twice under one id",
        "images are listed twice under one id",
        "List each once; what was listed first counts here.",
    ),
    "repeated_image": Kind(
        WARNING,
        "images",
        "image is there several times (same name, size and split)",
        "images are there several times (same name, size and split)",
        "Give each its own name, or remove one: each counts here.",
    ),
    "unknown_image": Kind(
        ERROR,
        "",
        "label belongs to an image that is not listed",
        "labels belong to images that are not listed",
        "List the images, or remove the labels; they are left out here.",
    ),
    "image_without_name": Kind(
        WARNING, "images", "image has no file name", "images have no file name", "Add it: most tools need it."
    ),
    "image_without_size": Kind(
        NOTE,
        "labels",
        "label lies in an image whose size is not stated",
        "labels lie in images whose size is not stated",
        "State it: what lies outside cannot be told.",
    ),
    "image_size_unknown": Kind(
        NOTE,
        "images",
        "image was not found, or not its size",
        "images were not found, or not their size",
        "Put them beside the labels: what lies outside cannot be told.",
    ),
    "image_taken_as_square": Kind(
        WARNING,
        "images",
        "image has no known size, and is measured as if square",
        "images have no known size, and are measured as if square",
        "Put the images beside the labels, which are shares of their sides: until then shapes are measured distorted.",
    ),
    "image_without_labels": Kind(
        NOTE,
        "images",
        "image has no label",
        "images have no label",
        "Fine if they show nothing; if they are not labelled yet, take them out.",
    ),
    "missing_labels_file": Kind(
        WARNING,
        "images",
        "image has no label file",
        "images have no label file",
        "Add an empty one if they show nothing.",
    ),
    "shared_images": Kind(
        WARNING,
        "images",
        "image is in several splits (same name and size)",
        "images are in several splits (same name and size)",
        "Keep each in one split only, or a model is tested on what it was trained on; name apart what is not the same.",
    ),
}
