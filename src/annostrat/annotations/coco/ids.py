"""The images and classes that the labels of a COCO file refer to, by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from annostrat.annotations.text.values import identity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from annostrat.annotations.text.json_arrays import Span


class UnusualError(ValueError):
    """The values are unlike nearly all files', and must be read one by one."""


class Index:
    """Indices by id; ids are usually numbers, sometimes text, and none may be added after the first lookup."""

    def __init__(self) -> None:
        self._of: dict[Any, int] = {}
        self._others: dict[Any, int] = {}
        self._numbers = self._indices = np.empty(0, np.int64)
        self._is_arranged = self._is_range = False

    def __len__(self) -> int:
        """Return how many ids are known."""
        return len(self._others) + np.count_nonzero(self._indices >= 0) if self._is_arranged else len(self._of)

    def __getstate__(self) -> dict[str, Any]:
        """Return the state for another process: arrays, which are a tenth of the size."""
        self._arrange()
        return {**self.__dict__, "_of": {}}

    def __setitem__(self, id_: Any, index: int) -> None:
        """Set the index of an id."""
        self._of[id_] = index

    def add(self, ids: Sequence[Any], first: int) -> None:
        """Give ids consecutive indices, starting with `first`."""
        self._of.update(zip(ids, range(first, first + len(ids)), strict=True))

    def look_up(self, ids: Sequence[int]) -> NDArray[np.int64]:
        """Return the indices of some ids; -1 for unknown ones.

        Raises:
            UnusualError: Text ids must be checked, too.
        """
        self._arrange()
        wanted = np.array(ids, np.int64)
        place = wanted - self._numbers[0] if self._is_range else np.searchsorted(self._numbers, wanted)
        place = np.clip(place, 0, len(self._numbers) - 1)
        found = np.where(self._numbers[place] == wanted, self._indices[place], -1)
        if self._others and (found < 0).any():
            raise UnusualError
        return found

    def _arrange(self) -> None:
        """Sort the ids that are numbers, and fill the gaps between them if there are not too many."""
        if self._is_arranged:
            return
        ids = {id_: index for id_, index in self._of.items() if isinstance(id_, int) and -(1 << 63) <= id_ < 1 << 63}
        self._others = {id_: index for id_, index in self._of.items() if id_ not in ids} if len(ids) < len(self) else {}
        self._is_arranged, self._of = True, {}
        pairs = np.array([[*ids] or [0], [*ids.values()] or [-1]], np.int64)
        numbers, indices = pairs[:, np.argsort(pairs[0])]
        self._is_range = int(numbers[-1]) - int(numbers[0]) < MOST_GAPS * len(numbers)
        if self._is_range:
            place = numbers - numbers[0]
            numbers = numbers[0] + np.arange(place[-1] + 1)
            filled = np.full(len(numbers), -1)
            filled[place] = indices
            indices = filled
        self._numbers, self._indices = numbers, indices

    def find(self, id_: Any) -> int | None:
        """Return the index of an id; one that is a number here and text there is found too."""
        id_ = identity(id_)
        if id_ is None:
            return None
        if self._is_arranged and not self._of:
            there = self._indices >= 0
            known = zip(self._numbers[there].tolist(), self._indices[there].tolist(), strict=True)
            self._of = {**dict(known), **self._others}
        index = self._of.get(id_)
        if index is None and isinstance(id_, int):
            return self._of.get(str(id_))
        if index is None and id_.isascii() and id_.isdigit() and len(id_) < 19:  # noqa: PLR2004 - int64
            return self._of.get(int(id_))
        return index


MOST_GAPS = 16
"""Maximum numbers per id for which gaps are filled: COCO has five."""


class CocoPiece(NamedTuple):
    """Some labels of a file.

    Attributes:
        path: The file.
        name: The file as it is shown.
        span: Where the labels are.
        file: Index of the `CocoFile` that they refer to.
        is_last: Whether the file's labels end there.
    """

    path: str
    name: str
    span: Span
    file: int
    is_last: bool


class CocoFile(NamedTuple):
    """Indices of a file's images and classes, by id."""

    images: Index
    classes: Index


class CocoSet(NamedTuple):
    """Information on all files that is known before their labels are read.

    Attributes:
        files: Each file's ids.
        names: Names of the classes of all files.
        sizes: Width and height of the images of all files, in pixels; 0 if unknown.
        keypoints: Names of the keypoints by class.
        crowds: Whether the outlines and masks of crowds are read: they are usually not measured.
    """

    files: list[CocoFile]
    names: list[str]
    sizes: NDArray[np.float64]
    keypoints: dict[str, Sequence[str]]
    crowds: bool = False
