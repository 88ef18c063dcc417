"""Regular files, read whole or in part: endless files and files that shrink meanwhile are refused."""

from __future__ import annotations

import errno
import os
import stat
from typing import BinaryIO

HEAD_BYTES = 65_536
"""Bytes at the beginning of a file that are inspected to detect its format."""
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
"""Non-blocking, so that opening a pipe without a writer returns."""


def opened(path: str) -> tuple[int, int]:
    """Open a file for reading; return its descriptor and its size.

    Raises:
        OSError: It cannot be opened, or is a folder, pipe or device.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        raise not_regular(path, error) from error
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode):
        return descriptor, status.st_size
    os.close(descriptor)
    raise not_regular(path)


def not_regular(path: str, met: OSError | None = None) -> OSError:
    """Return the error of a path that is not a file, such as a pipe or a dangling link; else the given error."""
    try:
        kind = stat.S_IFMT(os.stat(path).st_mode)
    except FileNotFoundError as error:
        return FileNotFoundError(errno.ENOENT, "is a link that leads nowhere", path) if os.path.islink(path) else error
    except OSError as error:
        return error
    if kind == stat.S_IFDIR:
        return IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if kind == stat.S_IFREG and met is not None:
        return met
    what = {stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}.get(kind, "device")
    return OSError(errno.EINVAL, f"is a {what}, not a file: save its content to a file first", path)


def open_regular(path: str) -> BinaryIO:
    """Open a file for reading and return it; raise `OSError` as `opened` does."""
    return os.fdopen(opened(path)[0], "rb")


def bytes_of(path: str) -> bytes:
    """Return a file's content.

    Raises:
        OSError: It cannot be read, or became shorter meanwhile.
    """
    descriptor, size = opened(path)
    try:
        data = os.read(descriptor, size + 1)
        while len(data) != size and (part := os.read(descriptor, max(size, HEAD_BYTES))):
            data += part
    finally:
        os.close(descriptor)
    if len(data) < size:
        raise shrunk(path)
    return data


def head_of(path: str) -> bytes:
    """Return the first `HEAD_BYTES` of a file; raise `OSError` if it cannot be read."""
    with open_regular(path) as file:
        return file.read(HEAD_BYTES)


def shrunk(path: str) -> OSError:
    """Return the error of a file that became shorter while it was read."""
    return OSError(errno.EIO, "became shorter while it was read", path)
