"""What should be looked at in the labels: what was found, out of how many, how bad it is, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from annostrat.measure.profile import IMAGE, Found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annostrat.contract import Finding
    from annostrat.measure.figures import Figures
    from annostrat.measure.profile import Profile


class Kind(NamedTuple):
    """A kind of finding.

    Attributes:
        severity: How bad it is.
        of: What it is counted out of: a key of the profile's counts, or empty.
        text: What was found; behind the count.
        advice: What to do.
    """

    severity: Literal["error", "warning", "note"]
    of: str
    text: str
    advice: str


KINDS = {
    "swapped_format": Kind(
        "error",
        "labels",
        "boxes hold x1, y1, x2, y2 where the format wants x, y, width, height",
        "Write width and height as x2 - x1 and y2 - y1. Until then nothing measured of the boxes means anything.",
    ),
    "not_finite": Kind(
        "error", "labels", "boxes are not finite", "Draw them again, or remove them; they are left out here."
    ),
    "not_json_number": Kind(
        "error",
        "labels",
        "labels hold Infinity or NaN, which JSON does not have",
        "Repair the tool that wrote them: most readers refuse the whole file.",
    ),
    "box_missing": Kind("error", "labels", "labels have neither box nor outline", "Draw them again, or remove them."),
    "huge": Kind("error", "labels", "boxes lie millions of pixels away", "Draw them again; they are left out here."),
    "degenerate": Kind(
        "error",
        "labels",
        "boxes have no width or no height",
        "Draw them again, or remove them; trainers drop or choke on them.",
    ),
    "out_of_bounds": Kind(
        "warning", "labels", "boxes reach over the border of their image", "Clip them, and look at why they do."
    ),
    "duplicate": Kind(
        "warning",
        "objects",
        "objects repeat another one of their class (IoU above 0.95)",
        "Remove one of the two: it counts twice, and a detector that finds it once is wrong.",
    ),
    "box_differs": Kind(
        "warning",
        "objects",
        "boxes do not fit their outline",
        "Make boxes from the outlines, or find out which is right.",
    ),
    "overfull": Kind("warning", "objects", "outlines are larger than their box", "Make the boxes from the outlines."),
    "flat_outline": Kind("warning", "objects", "outlines enclose nothing", "Draw them again, or remove them."),
    "rectangular_outline": Kind(
        "note",
        "outlines",
        "outlines are upright rectangles",
        "These are boxes, drawn as outlines: they say nothing of shape.",
    ),
    "four_vertices": Kind(
        "note",
        "outlines",
        "outlines have four vertices",
        "A rough outline, unless the things are four-cornered; look at some.",
    ),
    "all_crowds": Kind(
        "error",
        "labels",
        "labels are all marked as crowds (iscrowd)",
        "Set iscrowd to 0: readers skip crowds and see no object. CVAT's mask exports are often so.",
    ),
    "class_beyond_list": Kind(
        "error", "labels", "labels have a class that the list does not name", "Complete the list, or repair the ids."
    ),
    "class_unnamed": Kind(
        "note", "", "there is no list of class names", "Add it; classes are called by their number here."
    ),
    "mixed_rows": Kind(
        "error",
        "",
        "box rows and outline rows stand in one data set",
        "Make it one of the two: trainers drop all outlines, or take them for boxes, without a word.",
    ),
    "duplicate_id": Kind("error", "labels", "labels share their id with another one", "Number them anew."),
    "duplicate_image": Kind("error", "images", "images are listed twice", "List each once."),
    "unknown_image": Kind(
        "error",
        "",
        "labels belong to images that are not listed",
        "List the images, or remove the labels; left out here.",
    ),
    "image_without_name": Kind("warning", "images", "images have no file name", "Add it: most tools need it."),
    "image_without_size": Kind(
        "note", "labels", "labels lie in images whose size is not stated", "State it: what lies outside cannot be told."
    ),
    "image_size_unknown": Kind(
        "note",
        "images",
        "images were not found, so that their size is unknown",
        "Put them beside the labels: elongation and aspect are measured as if images were square.",
    ),
    "image_without_labels": Kind(
        "note",
        "images",
        "images have no label",
        "Fine if they show nothing; if they are not labelled yet, take them out.",
    ),
    "missing_labels_file": Kind(
        "warning", "images", "images have no label file", "Add an empty one if they show nothing."
    ),
    "missing_list": Kind("note", "", "a list that the format goes with is missing", "Add it."),
    "mask_overruns": Kind("error", "", "masks do not have the size of their image", "Export them again."),
    "bad_value": Kind(
        "error", "", "values could not be used", "Repair them; the value is left out, the label is kept."
    ),
    "empty_outline": Kind("warning", "", "outlines have fewer than three vertices", "Draw them again; left out here."),
    "shape_not_measured": Kind(
        "note",
        "",
        "shapes are neither box nor outline, and are not measured",
        "Nothing to do: lines, points and tags have no area.",
    ),
    "oriented_boxes": Kind(
        "note",
        "",
        "boxes are rotated",
        "Overlap is measured on the upright boxes around them, which is more than theirs.",
    ),
    "several_annotators": Kind(
        "note",
        "",
        "tasks were labelled by several people",
        "Only the first is measured; the others serve to measure agreement.",
    ),
    "part_of": Kind(
        "note",
        "",
        "classes are parts of others",
        "They do not count as covered by these; a hierarchy is worth a note in the guideline.",
    ),
    "imbalance": Kind(
        "warning",
        "",
        "times as many objects in the most frequent class as in the rarest",
        "Collect more of the rare ones, or merge classes, before all is labelled.",
    ),
    "rare_class": Kind(
        "note", "", "classes have fewer than ten objects", "Too few to train or to test on: collect more, or merge."
    ),
    "empty_class": Kind("note", "", "listed classes have no label", "Remove them from the list, or collect some."),
    "shared_images": Kind(
        "error",
        "images",
        "images are in several splits (same name and size)",
        "Keep each in one split only: a model is tested on what it was trained on.",
    ),
}
OTHER = Kind("note", "", "", "Look at these places.")
_HIDDEN = {"corners_fit", "sized"}
_RANK = {"error": 0, "warning": 1, "note": 2}
SWAPPED_BEYOND, SWAPPED_FIT = 0.1, 0.98
"""Share of boxes over the border from which a swapped format is suspected; share that must fit when read so."""
IMBALANCE = 100
RARE = 10


def broken_boxes(profile: Profile) -> bool:
    """Return whether boxes plainly hold their corners instead of their size."""
    sized, beyond, fit = (profile.found.get(kind, Found()).count for kind in ("sized", "out_of_bounds", "corners_fit"))
    return bool(sized) and beyond >= SWAPPED_BEYOND * sized and fit >= SWAPPED_FIT * sized


def all_findings(figures: Figures) -> list[Finding]:
    """Return what was found, the worst first."""
    profile = figures.profile
    found = {kind: each for kind, each in profile.found.items() if kind not in _HIDDEN}
    if broken_boxes(profile):
        found["swapped_format"] = Found(profile.found["sized"].count, found.pop("out_of_bounds").examples)
        for consequence in ("duplicate", "box_differs", "overfull"):
            found.pop(consequence, None)
    if profile.counts["crowds"] and profile.counts["crowds"] == profile.counts["labels"]:
        found["all_crowds"] = Found(profile.counts["crowds"])
    if found.get("image_without_labels", Found()).count == profile.counts["images"]:
        found.pop("image_without_labels", None)
    findings = [
        _finding(kind, each.count, [text for _, text in each.examples], profile) for kind, each in found.items()
    ]
    findings += _of_the_whole(figures)
    return sorted(
        findings, key=lambda each: (_RANK[each["severity"]], -(each["share"] or 0), -each["count"], each["kind"])
    )


def _finding(kind: str, count: int, examples: list[str], profile: Profile) -> Finding:
    about = KINDS.get(kind, OTHER)
    of = profile.counts[about.of] if about.of else None
    return {
        "kind": kind,
        "severity": about.severity,
        "count": count,
        "of": of,
        "share": count / of if of else None,
        "text": f"{count:,} {about.text or kind.replace('_', ' ')}",
        "advice": about.advice,
        "examples": examples,
    }


def _of_the_whole(figures: Figures) -> Iterator[Finding]:
    """Yield what only the whole data set shows."""
    profile = figures.profile
    parts = figures.coverage.parts
    if parts:
        named = [f"{part.part} in {part.whole} ({part.share:.0%})" for part in parts]
        yield _finding("part_of", len(parts), named[:10], profile)
    counts = {name: counted["labels"] for name, counted in profile.by_class.items()}
    empty = sorted(name for name, count in counts.items() if not count)
    rare = sorted(name for name, count in counts.items() if 0 < count < RARE)
    if empty:
        yield _finding("empty_class", len(empty), empty[:10], profile)
    if rare:
        yield _finding("rare_class", len(rare), [f"{name} ({counts[name]})" for name in rare[:10]], profile)
    present = {name: count for name, count in counts.items() if count}
    if len(present) > 1 and max(present.values()) >= IMBALANCE * min(present.values()):
        most, least = (pick(present, key=lambda name: (present[name], name)) for pick in (max, min))
        ratio = present[most] // present[least]
        yield _finding("imbalance", ratio, [f"{most} ({present[most]:,})", f"{least} ({present[least]:,})"], profile)
    yield from _shared_images(profile)


def _shared_images(profile: Profile) -> Iterator[Finding]:
    """Yield that splits share images; a few are named if they are among the names that were kept."""
    table = np.unique(np.concatenate(profile.images)) if profile.images else np.empty(0, IMAGE)
    names, counts = np.unique(table["name"], return_counts=True)
    shared = names[counts > 1]
    if not len(shared):
        return
    splits = list(profile.splits)
    known = {hash_: name for of_split in profile.names.values() for hash_, name in of_split}
    examples = []
    for hash_ in sorted(set(shared.tolist()) & known.keys())[:5]:
        where = sorted(splits[number] or "no split" for number in table["split"][table["name"] == hash_].tolist())
        examples.append(f"{known[hash_]} ({', '.join(where)})")
    yield _finding("shared_images", len(shared), examples, profile)
