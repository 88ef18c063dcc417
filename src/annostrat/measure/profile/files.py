"""Profiles as JSON files: canonical, so that equal profiles give identical files, and small enough to send."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from annostrat.annotations.files.regular import open_regular
from annostrat.errors import InputError, Location, Problem, shortened
from annostrat.measure.profile.document import ProfileDocument, check_whole, checked
from annostrat.measure.profile.profile import COVER, IMAGE, Found, Profile, Silhouettes
from annostrat.measure.shape.outlines import GRID
from annostrat.measure.tables.image_table import GROUPS, MAX_LEVEL, mixed
from annostrat.measure.tables.intervals import Sums
from annostrat.measure.tables.summary import BINS

if TYPE_CHECKING:
    from numpy.typing import NDArray

KIND, VERSION = "annostrat profile", 2
MAX_BYTES = 2_000_000_000
"""Most bytes that an array in a profile may unpack to, whatever the counts say: more is a mistake or an attack."""


def text_of(profile: Profile) -> str:
    """Return the text of a profile's file; equal profiles have equal texts."""
    classes, splits = sorted(profile.classes), sorted(profile.splits)
    document = {
        "kind": KIND,
        "version": VERSION,
        "formats": _sorted(profile.formats),
        "counts": _sorted(profile.counts),
        "classes": classes,
        "splits": splits,
        "by_class": {name: _sorted(profile.by_class.get(name, {})) for name in classes},
        "sums": [[figure, name, *sums] for (figure, name), sums in _in_order(profile.sums)],
        "sampled": [[figure, level, *sums] for (figure, level), sums in _in_order(profile.sampled)],
        "levels": profile.levels.tolist(),
        "objects": {str(count): profile.objects[count] for count in sorted(profile.objects)},
        "histograms": {figure: profile.histograms[figure].tolist() for figure in sorted(profile.histograms)},
        "spreads": [[*key, sums.ravel().tolist()] for key, sums in sorted(profile.spreads.items())],
        "silhouettes": {
            name: [silhouettes.counts.tolist(), _packed(silhouettes.crossings.astype("<i4"))]
            for name, silhouettes in sorted(profile.silhouettes.items())
        },
        "covers": _packed(_covers(profile, classes)),
        "images": _packed(_images(profile, splits)),
        "names": {split: [list(pair) for pair in profile.names[split]] for split in sorted(profile.names)},
        "found": {kind: [each.count, *map(list, each.examples)] for kind, each in sorted(profile.found.items())},
    }
    return json.dumps(document, separators=(",", ":")) + "\n"


def _sorted(counts: Any) -> dict[str, int]:
    return {key: counts[key] for key in sorted(counts) if counts[key]}


def _in_order(sums: Any) -> list[Any]:
    return sorted(sums.items(), key=lambda item: tuple(map(str, item[0])))


def _covers(profile: Profile, classes: list[str]) -> NDArray[np.void]:
    table = np.concatenate(profile.covers) if profile.covers else np.empty(0, COVER)
    place = _places(profile.classes, classes)
    moved = table.copy()
    moved["covered"], moved["by"] = place[table["covered"]], place[table["by"]]
    moved["image"] = _ranks(moved)
    return np.sort(moved, order=list(COVER.names or ()))


def _ranks(covers: NDArray[np.void]) -> NDArray[np.int64]:
    """Renumber images by a hash of their rows, so that the numbers do not depend on the order of reading."""
    rows: NDArray[np.uint64] = np.zeros(len(covers), np.uint64)
    for column in list(COVER.names or ())[1:]:
        rows = mixed(rows ^ covers[column])
    order = np.argsort(covers["image"], kind="stable")
    starts = np.flatnonzero(np.diff(covers["image"][order], prepend=-1))
    hashes = np.add.reduceat(rows[order], starts) if len(starts) else rows
    ranks = np.empty(len(covers), np.int64)
    ranks[order] = np.repeat(np.argsort(np.argsort(hashes)), np.diff(starts, append=len(covers)))
    return ranks


def _images(profile: Profile, splits: list[str]) -> NDArray[np.void]:
    table = np.concatenate(profile.images) if profile.images else np.empty(0, IMAGE)
    moved = table.copy()
    moved["split"] = _places(profile.splits, splits)[table["split"]]
    return np.sort(moved, order=list(IMAGE.names or ()))


def _places(index: dict[str, int], ordered: list[str]) -> NDArray[np.int64]:
    place = {name: number for number, name in enumerate(ordered)}
    return np.array([place[name] for name in index], np.int64)


def _packed(array: NDArray[Any]) -> str:
    return base64.b64encode(zlib.compress(array.tobytes(), 6)).decode()


def read_profile(path: str) -> Profile:
    """Return the profile stored in a file.

    Raises:
        InputError: The file cannot be read or is not a profile.
    """
    try:
        with open(path, "rb") as file:
            document = json.loads(file.read())
    except OSError as error:
        raise _wrong(path, (error.strerror or str(error)).lower()) from error
    except (ValueError, RecursionError) as error:
        raise _wrong(path, "is not JSON, so not a profile") from error
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise _wrong(path, "is not a profile")
    if document.get("version") != VERSION:
        raise _wrong(path, f"is a profile of version {document.get('version')}; this annostrat reads {VERSION}")
    try:
        return _profile(checked(document))
    except (ValueError, OverflowError, zlib.error) as error:
        raise _wrong(path, f"is a damaged profile: {shortened(str(error))}") from error


def refuse_profile(path: str) -> None:
    """Refuse a profile in place of annotations; an unreadable file is left to its reader.

    Raises:
        InputError: The file begins like a profile.
    """
    beginning = f'{{"kind":"{KIND}"'.encode()
    try:
        with open_regular(path) as file:
            is_profile = file.read(len(beginning)) == beginning
    except (OSError, ValueError):
        return
    if is_profile:
        problem = Problem(
            Location(path), "is a profile, so it has already been measured", "show or merge profiles with --merge"
        )
        raise InputError([problem])


def digest_of(profile: Profile) -> str:
    """Return the digest of a profile; equal profiles have equal digests."""
    return hashlib.blake2b(text_of(profile).encode("utf-8", "surrogatepass")).hexdigest()


def _wrong(path: str, message: str) -> InputError:
    hint = "a profile is what `annostrat measure PATH --profile FILE` writes"
    return InputError([Problem(Location(path), message, hint, "unreadable")])


def _profile(document: ProfileDocument) -> Profile:
    profile = Profile()
    profile.formats, profile.counts = Counter(document.formats), Counter(document.counts)
    profile.classes = {name: number for number, name in enumerate(document.classes)}
    profile.splits = {name: number for number, name in enumerate(document.splits)}
    profile.by_class = {name: Counter(counts) for name, counts in document.by_class.items()}
    profile.sums = {(figure, name): Sums(*sums) for figure, name, *sums in document.sums}
    profile.sampled = {(figure, level): Sums(*sums) for figure, level, *sums in document.sampled}
    profile.levels = np.array(document.levels, np.int64).reshape(MAX_LEVEL + 1)
    profile.objects = Counter(document.objects)
    histograms = document.histograms.items()
    profile.histograms = {figure: np.array(bins, np.int64).reshape(BINS) for figure, bins in histograms}
    profile.spreads = {
        (figure, name): np.array(sums, np.int64).reshape(GROUPS, 3) for figure, name, sums in document.spreads
    }
    for name, (counts, packed) in document.silhouettes.items():
        silhouettes = profile.silhouettes[name] = Silhouettes()
        silhouettes.counts = np.array(counts, np.int64).reshape(GROUPS)
        silhouettes.crossings = _unpacked(packed, np.dtype("<i4"), silhouettes.crossings.size).astype(np.int32)
        silhouettes.crossings = silhouettes.crossings.reshape(GROUPS, GRID, GRID + 1)
    objects, images = profile.counts["objects"], profile.counts["images"]
    profile.covers = [_unpacked(document.covers, COVER, objects * len(profile.classes))]
    profile.images = [_unpacked(document.images, IMAGE, images)]
    profile.names = document.names
    profile.found = {kind: _found(found) for kind, found in document.found.items()}
    check_whole(profile)
    profile.forget_small_levels()
    return profile


def _found(found: list[int | tuple[int, str]]) -> Found:
    examples = [example for example in found if isinstance(example, tuple)]
    count = found[0] if found else None
    if not isinstance(count, int) or count < 1 or len(examples) < len(found) - 1:
        raise ValueError("a finding is a count and examples")
    return Found(count, examples)


def _unpacked(packed: str, kind: np.dtype[Any], most: int) -> NDArray[Any]:
    """Unpack an array of at most `most` elements; anything longer is refused without unpacking it."""
    unpacking = zlib.decompressobj()
    data = unpacking.decompress(base64.b64decode(packed, validate=True), min(most * kind.itemsize, MAX_BYTES) + 1)
    if len(data) > most * kind.itemsize:
        raise ValueError("an array is larger than its counts allow")
    if not unpacking.eof or unpacking.unused_data:
        raise ValueError("an array is incomplete or too large")
    return np.frombuffer(data, kind).copy()
