"""Findings for reports: each with its count, the total, its severity and advice."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from annostrat.errors import shortened
from annostrat.measure.findings.diagnoses import diagnoses_of
from annostrat.measure.findings.label_checks import ONLY_COUNTED
from annostrat.measure.profile.profile import IMAGE, Found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from annostrat.knowledge.contract import FindingKindText
    from annostrat.measure.figures import Figures
    from annostrat.measure.profile.profile import Profile
    from annostrat.recommendation.contract import Finding


_RANK = {"error": 0, "warning": 1, "note": 2}
_ONLY_IF_LIKELY = {
    *("pixels_for_shares", "shares_for_per_cent", "shares_without_size"),
    *("upper_below_lower", "late_corners", "like_corners", "far_smaller"),
}
"""Kinds that are reported only if many boxes are affected."""
_BEYOND_LIST = re.compile(r"class[ _](\d+)")
"""Placeholder name of a class that is missing from the list."""
_SEPARATORS = re.compile(r"[\s_-]+")
"""Characters in which spellings of one name differ."""
REFUSED = {
    *("bad_value", "unknown_image", "unreadable", "empty_outline", "shape_unknown", "video_passed_over"),
    *("mask_elsewhere", "mask_damaged", "mask_overruns", "mask_exchanged", "mask_too_large"),
}
"""Kinds of rejected labels: a dataset with any of them is not reported as having no labels."""
IMBALANCE = 100
RARE = 10
MOST_CHARACTERS = 200
"""Maximum number of characters shown of an example: a signed URL may have thousands."""


def all_findings(figures: Figures, texts: Mapping[str, FindingKindText]) -> list[Finding]:
    """Return all findings, the most severe first.

    Args:
        figures: The figures, with their profile.
        texts: The rule set's text for each kind.
    """
    profile = figures.profile
    found = _explained(profile)
    if profile.counts["crowds"] and profile.counts["crowds"] == profile.counts["labels"]:
        found["all_crowds"] = Found(profile.counts["crowds"])
    if not profile.counts["labels"]:
        found.pop("image_without_labels", None)
        if not found.keys() & REFUSED:
            kind = "nothing_measurable" if "shape_not_measured" in found else "no_label"
            found[kind] = Found(profile.counts["images"])
    tell = partial(_finding, texts, profile)
    findings = [tell(kind, each.count, [text for _, text in each.examples]) for kind, each in found.items()]
    findings += _of_the_whole(figures, tell)
    return sorted(
        findings, key=lambda each: (_RANK[each["severity"]], -(each["share"] or 0), -each["count"], each["kind"])
    )


def _explained(profile: Profile) -> dict[str, Found]:
    """Return the findings, with the symptoms of a dataset-wide mistake replaced by that mistake."""
    found = {
        kind: each for kind, each in profile.found.items() if kind not in ONLY_COUNTED and kind not in _ONLY_IF_LIKELY
    }
    for diagnosis in diagnoses_of(profile):
        shown = profile.found.get(diagnosis.shown) or profile.found.get("box_differs", Found())
        for symptom in diagnosis.explains:
            found.pop(symptom, None)
        found[diagnosis.kind] = Found(profile.found.get(diagnosis.counted, shown).count, shown.examples)
    if "class_beyond_list" in found and (kind := _off_by_one(profile)):
        found[kind] = found.pop("class_beyond_list")
    return found


def _off_by_one(profile: Profile) -> str:
    """Return the kind for class numbers that are off by one: the class at one end unused, one past the other used."""
    beyond = [match[1] for name in profile.classes if (match := _BEYOND_LIST.fullmatch(name))]
    listed = [name for name in profile.classes if not _BEYOND_LIST.fullmatch(name)]
    used = [bool(profile.by_class[name]["labels"]) for name in listed]
    if listed and not used[0] and beyond in ([f"{len(listed)}"], [f"{len(listed) + 1}"]):
        return "classes_from_one"
    return "classes_from_zero" if listed and not used[-1] and beyond == ["0"] else ""


def _finding(
    texts: Mapping[str, FindingKindText], profile: Profile, kind: str, count: int, examples: list[str]
) -> Finding:
    about = texts.get(kind) or _of_a_later_version(kind)
    of = profile.counts[about["of"]] if about["of"] else None
    return {
        "kind": kind,
        "severity": about["severity"],
        "count": count,
        "of": of,
        "share": count / of if of else None,
        "text": f"{count:,} {about['one' if count == 1 else 'many']}",
        "advice": about["advice"],
        "examples": [shortened(example, MOST_CHARACTERS) for example in examples],
    }


def _of_a_later_version(kind: str) -> FindingKindText:
    """Return the text for an unknown kind, from a profile written by a later version."""
    words = kind.replace("_", " ")
    return {"severity": "note", "of": None, "one": words, "many": words, "advice": "Look at these places."}


def _of_the_whole(figures: Figures, tell: Callable[[str, int, list[str]], Finding]) -> Iterator[Finding]:
    """Yield the findings that depend on the whole dataset."""
    profile = figures.profile
    parts = figures.coverage.parts
    if parts:
        named = [f"{part.part} in {part.whole} ({part.share:.0%})" for part in parts]
        yield tell("part_of", len(parts), named[:10])
    surroundings = figures.coverage.surroundings
    if surroundings:
        yield tell("surroundings", len(surroundings), surroundings[:10])
    counts = {name: counted["labels"] for name, counted in profile.by_class.items()}
    spellings: dict[str, list[str]] = {}
    for name in sorted(counts):
        spellings.setdefault(_SEPARATORS.sub("", name).casefold(), []).append(f"{name!r} ({counts[name]:,})")
    several = [", ".join(each) for each in spellings.values() if len(each) > 1]
    if several:
        yield tell("similar_class", len(several), several[:10])
    empty = sorted(name for name, count in counts.items() if not count)
    rare = sorted(name for name, count in counts.items() if 0 < count < RARE)
    if empty and (profile.counts["labels"] or not profile.found.keys() & REFUSED):
        yield tell("empty_class", len(empty), empty[:10])
    if rare:
        yield tell("rare_class", len(rare), [f"{name} ({counts[name]})" for name in rare[:10]])
    present = {name: count for name, count in counts.items() if count}
    if len(present) > 1 and max(present.values()) >= IMBALANCE * min(present.values()):
        most, least = (pick(present, key=lambda name: (present[name], name)) for pick in (max, min))
        ratio = present[most] // present[least]
        yield tell("imbalance", ratio, [f"{most} ({present[most]:,})", f"{least} ({present[least]:,})"])
    table = _of_shared_names(np.concatenate(profile.images) if profile.images else np.empty(0, IMAGE))
    yield from _repeated_images(profile, table, tell)
    yield from _shared_images(profile, np.unique(table), tell)


def _of_shared_names(table: NDArray[np.void]) -> NDArray[np.void]:
    """Return the images that share their name with another image, usually none."""
    names = np.sort(table["name"])
    return table[np.isin(table["name"], names[1:][names[1:] == names[:-1]])]


def _repeated_images(
    profile: Profile, table: NDArray[np.void], tell: Callable[[str, int, list[str]], Finding]
) -> Iterator[Finding]:
    """Yield a finding if the dataset contains images more than once."""
    images, counts = np.unique(table, return_counts=True)
    repeated = images["name"][counts > 1].tolist()
    if repeated:
        known = _known(profile)
        named = [known[hash_] for hash_ in repeated if hash_ in known]
        yield tell("repeated_image", len(repeated), named[:5])


def _known(profile: Profile) -> dict[int, str]:
    return {hash_: name for of_split in profile.names.values() for hash_, name in of_split}


def _shared_images(
    profile: Profile, table: NDArray[np.void], tell: Callable[[str, int, list[str]], Finding]
) -> Iterator[Finding]:
    """Yield a finding if splits share images, with a few names if the profile kept them."""
    names, counts = np.unique(table["name"], return_counts=True)
    shared = names[counts > 1]
    if not len(shared):
        return
    splits = list(profile.splits)
    known = _known(profile)
    examples = []
    for hash_ in sorted(set(shared.tolist()) & known.keys())[:5]:
        where = sorted(splits[number] or "no split" for number in table["split"][table["name"] == hash_].tolist())
        examples.append(f"{known[hash_]} ({', '.join(where)})")
    yield tell("shared_images", len(shared), examples)
