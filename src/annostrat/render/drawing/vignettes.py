"""Small pictures of what an annotator draws, each over the same two things that overlap; for the shipped strategies.

A strategy that has no picture here gets a plain patch of its colour.
"""

from __future__ import annotations

WIDTH, HEIGHT = 66.0, 44.0

_ONE = 'cx="25" cy="25" rx="15" ry="9.5" transform="rotate(-28 25 25)"'
_OTHER = 'cx="44" cy="20" rx="12" ry="8.5" transform="rotate(30 44 20)"'
_THINGS = f'<ellipse class="thing" {_OTHER}/><ellipse class="thing" {_ONE}/>'
_STROKES = {
    "box": '<path class="mark" d="M10.5 13.5h29v23h-29zM32 10.5h23.5v19h-23.5z"/>',
    "turned": '<g class="mark"><rect x="10" y="15.5" width="30" height="19" transform="rotate(-28 25 25)"/>'
    '<rect x="32" y="11.5" width="24" height="17" transform="rotate(30 44 20)"/></g>',
    "dots": '<g class="dot"><circle cx="24" cy="26" r="4"/><circle cx="45" cy="20" r="4"/></g>',
    "pose": '<path class="mark" d="M14 31L23 24L36 19L48 15M36 19L49 25"/><g class="dot">'
    '<circle cx="14" cy="31" r="3.2"/><circle cx="23" cy="24" r="3.2"/><circle cx="36" cy="19" r="3.2"/>'
    '<circle cx="48" cy="15" r="3.2"/><circle cx="49" cy="25" r="3.2"/></g>',
    "line": '<path class="mark" d="M7 34L22 21L38 26L59 10"/><g class="dot"><circle cx="7" cy="34" r="2.8"/>'
    '<circle cx="22" cy="21" r="2.8"/><circle cx="38" cy="26" r="2.8"/><circle cx="59" cy="10" r="2.8"/></g>',
    "tag": '<g class="dot"><path d="M40 27h17a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3h-17l-6-6z"/></g>'
    '<path class="tick" d="M44 33l3.5 3.5l6-7"/>',
}
_PICTURES = {
    "object_detection": _THINGS + _STROKES["box"],
    "semantic_segmentation": f'<g class="dot"><ellipse {_OTHER}/><ellipse {_ONE}/></g>',
    "instance_segmentation": f'<ellipse class="body other mark" {_OTHER}/><ellipse class="body one" {_ONE}/>',
    "image_classification": _THINGS + _STROKES["tag"],
    "oriented_boxes": _THINGS + _STROKES["turned"],
    "keypoints": _THINGS + _STROKES["pose"],
    "polyline": '<path class="band" d="M7 34L22 21L38 26L59 10"/>' + _STROKES["line"],
    "points": _THINGS + _STROKES["dots"],
    "panoptic_segmentation": f'<rect class="body ground" x="1" y="1" width="64" height="42" rx="6"/>'
    f'<ellipse class="body other mark" {_OTHER}/><ellipse class="body one" {_ONE}/>',
}
_PATCH = '<rect class="dot" x="8" y="8" width="50" height="28" rx="5"/>'


def vignette(strategy: str) -> str:
    """Return the picture of a strategy, in the colour of the group that it is put in."""
    frame = f'<rect class="frame" width="{WIDTH:g}" height="{HEIGHT:g}" rx="7"/>'
    return frame + _PICTURES.get(strategy, _PATCH)
