"""What readers remark becomes part of a profile."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annostrat.annotations import Remark


def example(remark: Remark) -> tuple[int, str]:
    """Return where a remark was made, with a hash that picks some of many."""
    text = f"{remark.where}: {remark.detail}" if remark.detail else remark.where
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little"), text
