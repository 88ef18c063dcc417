"""`annostrat measure`: answers from annotation files."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, NamedTuple

from annostrat.cli import _output
from annostrat.cli._output import page, pick_renderer, refuse_to_overwrite, write
from annostrat.cli.options import (
    Argument,
    Command,
    Crowds,
    From,
    Full,
    Option,
    Output,
    Quiet,
    Rules,
    Sample,
    Seed,
    chosen_rules,
    shows,
)
from annostrat.errors import InputError, Location, Problem, UsageError
from annostrat.knowledge.loader import load_rules
from annostrat.measure.api import MeasuredLabels, measure_label_files
from annostrat.measure.requirements import check_installed
from annostrat.use_cases.use_case import SAMPLE, SEED, LabelFiles, UseCase

if TYPE_CHECKING:
    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.contract import Measurement


class MeasureRequest(NamedTuple):
    """Answer questions from labels, and find faults in these.

    Each answer comes with a confidence interval, or with how many more labelled images would settle it.
    """

    paths: Annotated[tuple[str, ...], Argument("PATH", "Annotation files: a file or a folder.")] = ()
    annotation_format: From = None
    write: Annotated[str | None, Option("Save a use case with the measured answers.", "FILE")] = None
    force: Annotated[bool, Option("Let --write and --profile replace a file.")] = False
    sample: Sample = None
    seed: Seed = 0
    crowds: Crowds = False
    jobs: Annotated[int | None, Option("Processes; by default as many as pay off.", "N", "-j", least=1)] = None
    profile: Annotated[str | None, Option("Save a profile, for --merge.", "FILE")] = None
    merge: Annotated[bool, Option("The files are profiles: merge them.")] = False
    rules: Rules = None
    format: Annotated[str, shows("measurements")] = "text"
    output: Output = None
    quiet: Quiet = False
    full: Full = False


def run(request: MeasureRequest) -> int:
    """Measure labels, show the figures, and save what the options ask for; return the exit code."""
    check_installed()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would start threads for what nothing here needs
    renderer = pick_renderer(request.format, "measurements", request.output)
    _refuse_what_clashes(request)
    rules = load_rules(chosen_rules(request.rules))
    if request.merge:
        files, (result, profile, problems) = None, _merged(request.paths, rules)
    else:
        files = label_files(request.paths[0], request.annotation_format, request.sample, request.seed)
        files = files._replace(crowds=request.crowds)
        result, profile, problems = measure_files(files, rules, jobs=request.jobs, quiet=request.quiet)
    if request.profile:
        from annostrat.measure.profile.files import text_of

        write([text_of(profile)], request.profile)
    if request.write:
        _save(result, files, request.write)
    if renderer.measurements is not None:
        layout = page(request.output, quiet=request.quiet, full=request.full)
        if renderer.takes_photos:
            from annostrat.measure.photos.contact_sheet import contact_sheet

            layout = layout._replace(photos=contact_sheet(result))
        write(renderer.measurements(result, rules, layout), request.output)
    if request.write and not request.quiet:
        _output.note(f"wrote {request.write}")
    return _output.report_unread(problems)


def _refuse_what_clashes(request: MeasureRequest) -> None:
    """Refuse options that cannot both be obeyed, files that would be replaced, and several paths without --merge."""
    targets = [os.path.abspath(path) for path in (request.write, request.profile, request.output) if path]
    if len(set(targets)) < len(targets):
        raise UsageError("two results would go to one file", "name a file for each of --output, --write and --profile")
    given = {"--from": request.annotation_format, "--seed": request.seed, "--crowds": request.crowds}
    given["--sample"] = request.sample is not None
    for path in (request.write, request.profile):
        refuse_to_overwrite(path, force=request.force)
    if request.merge and (ignored := [option for option, value in given.items() if value]):
        raise UsageError(f"--merge joins profiles, and takes no {' and no '.join(ignored)}", "give it when measuring")
    if not request.merge and len(request.paths) != 1:
        hint = "measure each by itself; --profile FILE keeps what --merge joins" if request.paths else "name a PATH"
        raise UsageError(f"measure takes one file or folder, not {len(request.paths)}", hint)


def label_files(path: str, format: str | None, sample: int | None, seed: int) -> LabelFiles:
    """Return annotation files as options name them; raise a UsageError if the sample is impossible."""
    if sample is not None and not SAMPLE.holds(sample):
        raise UsageError(f"--sample takes a number of images, not {sample}", "for example --sample 500")
    if not SEED.holds(seed):
        raise UsageError(f"--seed takes {SEED.text}, not {seed}", "for example --seed 1")
    return LabelFiles(path, format, sample, seed)


def measure_files(files: LabelFiles, rules: RuleSet, *, jobs: int | None = None, quiet: bool = False) -> MeasuredLabels:
    """Return the measurement of annotation files; show a progress bar at a terminal that can redraw a line."""
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return measure_label_files(files, rules, jobs=jobs)
    from annostrat.render.terminal.progress import ProgressBar

    with ProgressBar("Reading") as progress:
        return measure_label_files(files, rules, jobs=jobs, progress=progress)


def _merged(paths: tuple[str, ...], rules: RuleSet) -> MeasuredLabels:
    """Return the sum of profiles; one that cannot be read is reported, here and among the findings."""
    from annostrat.measure.measurement import measurement
    from annostrat.measure.profile.files import digest_of, read_profile
    from annostrat.measure.profile.profile import Profile

    if not paths:
        raise UsageError("--merge joins profiles, and there are none", "name the FILEs that --profile wrote")
    whole = Profile()
    problems: list[Problem] = []
    known: dict[str, str] = {}
    read: list[str] = []
    for path in paths:
        try:
            profile = read_profile(path)
        except InputError as error:
            problems += error.problems
            continue
        digest = digest_of(profile)
        if digest in known and profile.counts["images"]:
            message = f"is the same profile as {known[digest]}, so that its images would count twice"
            raise InputError([Problem(Location(path), message, "name each once")])
        known[digest] = path
        read.append(path)
        whole.add(profile)
    if not read:
        raise InputError(problems)
    whole.note_problems(problems)
    name = f"{len(read):,} profiles" if len(read) > 1 else os.path.splitext(os.path.basename(read[0]))[0]
    return MeasuredLabels(measurement(whole, rules, name, ", ".join(read), profiles=len(read)), whole, problems)


def _save(result: Measurement, files: LabelFiles | None, path: str) -> None:
    """Write a use case with the measured answers; label files become its evidence, merged profiles do not."""
    from annostrat.measure.evidence import as_use_case, remarks
    from annostrat.use_cases.files import as_yaml
    from annostrat.use_cases.yaml_text import modeline

    case = as_use_case(result, UseCase(result["name"], {}, evidence=files))
    comments = remarks(result["answers"], result["counts"]["objects"])
    write([modeline("use_case"), as_yaml(case, path, comments)], path)


COMMANDS = {"measure": Command(MeasureRequest, run)}
