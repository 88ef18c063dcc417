"""What is no file, or cannot be looked at, is named as what it is: alone, and beside good labels."""

import os
import shutil
import socket
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from annostrat.annotations.files.detection import open_annotations
from annostrat.errors import InputError

COCO = Path(__file__).parents[3] / "examples" / "annotations" / "coco"


def pipe(path):
    os.mkfifo(path)


def unix_socket(path):
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(os.path.relpath(path))  # the whole path may be too long for a socket


def device(path):
    path.symlink_to("/dev/zero")


def broken_link(path):
    path.symlink_to("nowhere.json")


KINDS = [
    (pipe, "is a pipe, not a file: save its content to a file first"),
    (unix_socket, "is a socket, not a file: save its content to a file first"),
    (device, "is a device, not a file: save its content to a file first"),
    (broken_link, "is a link that leads nowhere"),
]


@pytest.mark.parametrize(("make", "message"), KINDS)
@pytest.mark.parametrize("name", ["other.json", "other"])
def test_a_folder_of_nothing_but_a_special_file_is_not_empty(tmp_path, monkeypatch, make, message, name):
    """The folder and the path itself lead to the same message, whatever the ending."""
    monkeypatch.chdir(tmp_path)
    make(tmp_path / name)
    for path in (tmp_path, tmp_path / name):
        with pytest.raises(InputError) as raised:
            open_annotations(str(path))
        assert [(each.location.path, each.message) for each in raised.value.problems] == [
            (str(tmp_path / name), message)
        ]


@pytest.mark.parametrize(("make", "message"), KINDS)
def test_a_special_file_among_labels_is_a_problem(tmp_path, monkeypatch, make, message):
    """What is called like labels is missed; a picture, an editor's lock and a file of another kind are not."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(COCO, tmp_path / "set")
    for name in ("b.json", ".#c.json", "d.jpg", "e.log"):
        make(tmp_path / "set" / name)
    for format_ in (None, "coco"):
        opened = open_annotations(str(tmp_path / "set"), format_)
        assert [each.message for each in opened.source.problems] == [message]
        assert opened.source.problems[0].location.path.endswith("b.json")


NOBODY = 65534


@contextmanager
def without_rights():
    """Give up the rights of root, to whom nothing is forbidden."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs the permissions of Unix")
@pytest.mark.parametrize("name", ["set", "set/instances.json"])
def test_what_is_forbidden_is_named(name):
    """A folder or file without permission is a problem with its path, not an empty folder."""
    with TemporaryDirectory() as folder:  # whose parents, unlike those of tmp_path, anybody may enter
        Path(folder).chmod(0o755)
        shutil.copytree(COCO, Path(folder) / "set")
        path = Path(folder) / name
        assert open_annotations(str(path)).files == 1
        path.chmod(0)
        try:
            with without_rights(), pytest.raises(InputError, match="permission denied"):
                open_annotations(str(path))
        finally:
            path.chmod(0o700)
