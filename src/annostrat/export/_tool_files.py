"""The YAML files of other tools, as `scaffold` writes them; for the schemas that editors use."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

_Byte = Annotated[int, Field(ge=0, le=255)]
_Colour = Annotated[list[_Byte], Field(min_length=3, max_length=3)]
_UNIQUE: dict[str, Any] = {"uniqueItems": True}
_Names = Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1, json_schema_extra=_UNIQUE)]


class _Open(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class YoloData(_Open):
    """The data.yaml of a dataset, as Ultralytics documents it."""

    path: str = ""
    """The folder that the other paths are relative to; by default the folder of this file."""
    train: str | list[str]
    """Images to train with: a folder, a list of files, or several of them."""
    val: str | list[str]
    """Images to validate with."""
    test: str | list[str] | None = None
    """Images to test with."""
    masks_dir: str = ""
    """For semantic segmentation: the folder of the masks, next to the folder of the images."""
    nc: Annotated[int, Field(ge=1)] = 1
    """Number of classes; counted by default."""
    names: Annotated[dict[Annotated[str, Field(pattern=r"^\d+$")], str], Field(min_length=1)] | _Names
    """The classes by number, from 0 without a gap."""
    kpt_shape: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=2, max_length=2)] = []
    """For poses: how many points an object has, and 2 values for each (x, y) or 3 (x, y, visible)."""
    flip_idx: list[Annotated[int, Field(ge=0)]] = []
    """For poses: the point that each becomes in a mirror."""
    kpt_names: dict[Annotated[str, Field(pattern=r"^\d+$")], list[str]] = {}
    """For poses: the points of each class."""
    channels: Annotated[int, Field(ge=1)] = 3
    """Channels of an image."""
    download: str = ""
    """Where the dataset can be downloaded."""


class LabelmeConfig(_Open):
    """The part of a LabelMe configuration that concerns labels and flags."""

    labels: _Names | None = None
    """The labels offered."""
    flags: _Names | None = None
    """What can be ticked for an image."""
    label_flags: dict[str, _Names] = {}
    """What can be ticked for an object, by a regular expression of its label."""
    validate_label: Literal["exact"] | None = None
    """Whether other labels are refused."""
    sort_labels: bool = True
    """Whether labels are sorted by name."""
    shape_color: Literal["auto", "manual"] | None = None
    """Where colours come from."""
    label_colors: dict[str, _Colour] = {}
    """Colours by label: red, green and blue."""
