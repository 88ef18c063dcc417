"""`annostrat measure`: answers from annotation files."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, NamedTuple

from annostrat.cli import _boundary
from annostrat.cli._output import page, pick_renderer, refuse_to_overwrite, write
from annostrat.errors import InputError, UsageError
from annostrat.knowledge.loader import DEFAULT, load_rules
from annostrat.measure.requirements import check_installed

if TYPE_CHECKING:
    from collections.abc import Callable

    from annostrat.errors import Problem
    from annostrat.measure.contract import Measurement
    from annostrat.measure.profile import Profile
    from annostrat.measure.reading import Reading


class Request(NamedTuple):
    """What the command line asked for."""

    paths: tuple[str, ...] = ()
    rules: str = DEFAULT
    format: str = "text"
    annotation_format: str | None = None
    output: str | None = None
    write: str | None = None
    force: bool = False
    profile: str | None = None
    merge: bool = False
    sample: int | None = None
    seed: int = 0
    jobs: int | None = None
    quiet: bool = False


def run(request: Request) -> int:
    """Measure, show what was found, and save what is wanted; return the exit code."""
    check_installed()
    renderer = pick_renderer(request.format, "measurements")
    for path in (request.write, request.profile):
        refuse_to_overwrite(path, force=request.force)
    rules = load_rules(request.rules)
    profile, problems, number = _merged(request) if request.merge else _read(request)
    from annostrat.measure.measurement import measurement

    name = _name(request.paths)
    sampled, joined = (None, number) if request.merge else (number, None)
    found = measurement(profile, rules, name, ", ".join(request.paths), sampled, joined)
    if request.profile:
        from annostrat.measure.profile_files import text_of

        write([text_of(profile)], request.profile)
    if request.write:
        _save(found, request, name)
    if renderer.measurements is not None:
        write(renderer.measurements(found, rules, page(request.output, quiet=request.quiet)), request.output)
    if problems:
        _boundary.report(InputError(problems))
    return _boundary.BAD_INPUT if problems else _boundary.OK


def _read(request: Request) -> tuple[Profile, list[Problem], int | None]:
    if len(request.paths) != 1:
        hint = "measure each with --profile FILE, and join these with --merge" if request.paths else "name a PATH"
        raise UsageError(f"measure takes one file or folder, not {len(request.paths)}", hint)
    if request.sample is not None and request.sample < 1:
        raise UsageError(f"--sample takes a number of images, not {request.sample}", "for example --sample 500")
    reading = read(request.paths[0], request)
    return reading.profile, reading.problems, reading.sampled


def _merged(request: Request) -> tuple[Profile, list[Problem], int | None]:
    """Return the sum of profiles; one that cannot be read is reported, here and among the findings."""
    from annostrat.measure.profile import Profile
    from annostrat.measure.profile_files import read_profile
    from annostrat.measure.remarks import note_problems

    if not request.paths:
        raise UsageError("--merge joins profiles, and there are none", "name the FILEs that --profile wrote")
    whole = Profile()
    problems: list[Problem] = []
    for path in request.paths:
        try:
            whole.add(read_profile(path))
        except InputError as error:
            problems += error.problems
    if len(problems) >= len(request.paths):
        raise InputError(problems)
    note_problems(whole, problems)
    return whole, problems, len(request.paths) - len(problems)


def read(path: str, request: Request) -> Reading:
    """Return what was measured under a path, with a progress bar where somebody waits."""
    from annostrat.measure.reading import measure_path

    with _progress(quiet=request.quiet) as progress:
        return measure_path(
            path,
            request.annotation_format,
            jobs=request.jobs,
            sample=request.sample,
            seed=request.seed,
            progress=progress,
        )


def _progress(*, quiet: bool) -> AbstractContextManager[Callable[[float], None]]:
    """Return what shows progress: nothing, unless standard error is a terminal that can redraw a line."""
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return nullcontext(lambda _: None)
    from annostrat.renderers._terminal_progress import Bar

    return Bar("Reading")


def _name(paths: tuple[str, ...]) -> str:
    if len(paths) != 1:
        return f"{len(paths)} profiles"
    return os.path.splitext(os.path.basename(os.path.abspath(paths[0])))[0] or paths[0]


def _save(found: Measurement, request: Request, name: str) -> None:
    """Write a use case whose evidence is named relative to its own folder."""
    from annostrat.measure.evidence import as_use_case
    from annostrat.use_case import UseCase
    from annostrat.use_case_files import as_yaml
    from annostrat.yaml_text import modeline

    folder = os.path.dirname(os.path.abspath(request.write or ""))
    evidence = None if request.merge else _way(request.paths[0], folder).replace(os.sep, "/")
    write([modeline("use_case"), as_yaml(as_use_case(found, UseCase(name, {}, evidence=evidence)))], request.write)


def _way(path: str, folder: str) -> str:
    """Return a path as seen from a folder, or the absolute one where none leads there: to another drive of Windows."""
    try:
        return os.path.relpath(path, folder)
    except ValueError:
        return os.path.abspath(path)
