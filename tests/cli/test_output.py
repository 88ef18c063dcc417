"""When text leaves for standard output."""

import io

import pytest

from annostrat.cli import _output


class Reader(io.StringIO):
    """A standard output that notes what has reached its reader."""

    encoding = "utf-8"
    reached = ""

    def flush(self):
        """Let the reader have what was written."""
        self.reached = self.getvalue()


@pytest.mark.parametrize(("awaited", "reached"), [(True, ["", "a\n", "a\nb\n"]), (False, ["", "a\n", "a\n"])])
def test_lines_that_nobody_waits_for_leave_together(monkeypatch, awaited, reached):
    """Each line leaves at once where the next may depend on it; else with those that follow soon."""
    reader, seen = Reader(), []
    monkeypatch.setattr(_output, "monotonic", lambda: 100.0)
    monkeypatch.setattr("sys.stdout", reader)
    _output.write((seen.append(reader.reached) or text for text in ("a\n", "b\n", "c\n")), None, awaited=awaited)
    assert seen == reached
    assert reader.reached == "a\nb\nc\n"


def test_line_that_is_long_in_coming_leaves_at_once(monkeypatch):
    """A result that took a while is not held back for the next one."""
    reader, seen, clock = Reader(), [], iter(range(100, 200))
    monkeypatch.setattr("sys.stdout", reader)
    monkeypatch.setattr(_output, "monotonic", lambda: next(clock))
    _output.write((seen.append(reader.reached) or text for text in ("a\n", "b\n", "c\n")), None, awaited=False)
    assert seen == ["", "a\n", "a\nb\n"]


@pytest.mark.parametrize(("name", "form"), [("a.html", "html"), ("a.MD", "markdown"), ("a.json", "json")])
def test_text_in_a_file_that_is_named_like_another_format_is_remarked(annostrat, tmp_path, name, form):
    """The file holds what was asked for, which may not be what was meant."""
    path = tmp_path / name
    words = ["recommend", "-a", "purpose=read_pose", "--no-input", "--output", str(path)]
    assert annostrat(*words).err == f"annostrat: {path} will hold text; did you mean `--format {form}`?\n"
    assert "=> Keypoints" in path.read_text()
    assert annostrat(*words, "--format", form).err == annostrat(*words[:-1], f"{path}.txt").err == ""
