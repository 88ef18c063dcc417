"""`annostrat recommend`: use cases in, recommendations out."""

from __future__ import annotations

import os
import sys
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from annostrat.cli import _output
from annostrat.cli._output import page, pick_renderer, refuse_to_overwrite, write
from annostrat.cli.commands._evidence import Labels, failed_at, remarks_on
from annostrat.cli.options import (
    Answers,
    Command,
    Crowds,
    Files,
    From,
    Full,
    Option,
    Output,
    Quiet,
    Rules,
    Sample,
    Seed,
    Strict,
    chosen_rules,
    shows,
)
from annostrat.errors import InputError, UsageError
from annostrat.knowledge.loader import load_rules
from annostrat.recommendation.engine import Recommender, questions_to_ask
from annostrat.recommendation.expectation import judge
from annostrat.use_cases.fields import JOINT
from annostrat.use_cases.files import as_yaml, count_skipped, read_use_cases
from annostrat.use_cases.use_case import (
    EFFORT_WORDS,
    MODELS,
    UseCase,
    check_answers,
    check_effort,
    check_models,
    overlaid,
)
from annostrat.use_cases.yaml_text import modeline

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.recommendation.contract import Evidence
    from annostrat.recommendation.recommendation import Recommendation
    from annostrat.use_cases.use_case import LabelFiles

_EFFORT_EXAMPLE = f"images=1000; keys: {', '.join(EFFORT_WORDS)}"

_MODEL_EXAMPLE = f"licence=permissive; keys: {', '.join(MODELS)}"


RECAP = 4
"""Lines of the command that repeats the answers, below the result."""
Efforts = Annotated[
    tuple[str, ...],
    Option(
        f"{', '.join(EFFORT_WORDS)}; may be repeated.",
        "KEY=VALUE",
        offers=lambda: [f"{word}=" for word in EFFORT_WORDS],
    ),
]
Wishes = Annotated[
    tuple[str, ...],
    Option(
        f"What a model must satisfy: {', '.join(MODELS)}; may be repeated.",
        "KEY=VALUE",
        name="--model",
        offers=lambda: [f"{word}=" for word in MODELS],
    ),
]


class RecommendRequest(NamedTuple):
    """Recommend a strategy for each use case, with reasons."""

    files: Files = ()
    answers: Answers = ()
    effort: Efforts = ()
    rules: Rules = None
    format: Annotated[str, shows("recommendations")] = "text"
    output: Output = None
    write: Annotated[str | None, Option("Save the use case, with the answers given, in a new file.", "FILE")] = None
    force: Annotated[bool, Option("Let --write replace a file.")] = False
    strict: Strict = False
    no_input: Annotated[bool, Option("Do not ask for missing answers, not even in a terminal.")] = False
    quiet: Quiet = False
    full: Full = False
    evidence: Annotated[str | None, Option("Annotation files; only what they do not tell is asked.", "PATH")] = None
    annotation_format: From = None
    sample: Sample = None
    seed: Seed = 0
    crowds: Crowds = False
    models: Wishes = ()
    fields: Annotated[
        tuple[str, ...],
        Option(
            "Keys of JSON to write, such as name,strategy.id,effort.hours; may be repeated.",
            "KEY,KEY",
            offers="json_keys",
        ),
    ] = ()


def run(request: RecommendRequest) -> int:
    """Recommend for every use case; return the exit code."""
    renderer = pick_renderer(request.format, "recommendations", request.output)
    refuse_to_overwrite(request.write, force=request.force)
    rules = load_rules(chosen_rules(request.rules))
    given = given_answers(request.answers, rules)
    counts = check_effort(split_pairs(request.effort, "--effort", _EFFORT_EXAMPLE), rules)
    wishes = check_models(split_pairs(request.models, "--model", _MODEL_EXAMPLE), rules)
    cases = _Recommending(request, rules, given, counts, wishes, tells_errors=renderer.takes_errors)
    if renderer.recommendations is not None:
        layout = page(request.output, quiet=request.quiet, strict=request.strict, full=request.full)
        lines = layout.lines and layout.lines - cases.recap_lines()
        layout = layout._replace(several=cases.several, fields=_fields(request), lines=lines, saved=request.write)
        pieces = renderer.recommendations(cases.recommend(), rules, layout)
        write(pieces, request.output, awaited=not all(map(os.path.isfile, request.files)))
    if cases.skipped and not request.quiet:
        _output.note(count_skipped(cases.skipped))
    return cases.exit_code()


def _fields(request: RecommendRequest) -> tuple[str, ...]:
    """Return the keys of JSON that are wanted.

    Raises:
        UsageError: The format is not JSON, or has no such key.
    """
    if request.fields and not request.format.startswith("json"):
        raise UsageError("--fields picks keys of JSON", "add --format json or --format jsonl")
    fields = tuple(field.strip() for fields in request.fields for field in fields.split(","))
    if fields:
        from annostrat.render.formats.json import check_fields

        check_fields(fields)
    return fields


def given_answers(words: tuple[str, ...], rules: RuleSet) -> dict[str, str]:
    """Return the answers that `--answer` gives; a question that takes several has all that are given for it.

    Raises:
        UsageError: A word has no `=`, or a question is given twice that takes one answer.
        InputError: A question or an answer is not known to the rules.
    """
    joining = [id_ for id_, question in rules.questions.items() if question["several"]]
    return check_answers(split_pairs(words, "--answer", "count_matters=no", joining), rules, "--answer")


def split_pairs(words: tuple[str, ...], option: str, example: str, joining: Collection[str] = ()) -> dict[str, str]:
    """Return an option's `key=value` words as a mapping; the values of the keys that are `joining` are joined.

    Raises:
        UsageError: A word has no `=`, or another key is given twice.
    """
    pairs: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise UsageError(f"{option} takes key=value, not '{word}'", f"for example {option} {example}")
        if key in pairs and key not in joining:
            raise UsageError(f"{option} gives {key} twice", "keep one of the two")
        pairs[key] = f"{pairs[key]}{JOINT}{value}" if key in pairs else value
    return pairs


def why_not_asked(*, no_input: bool = False) -> str | None:
    """Return why nobody can be asked, or None where both ends are a terminal, and this is no CI job."""
    reasons = {
        "--no-input says so": no_input,
        "the environment variable CI is set": bool(os.environ.get("CI")),
        "standard input is not a terminal": not sys.stdin.isatty(),
        "standard error is not a terminal": not sys.stderr.isatty(),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


class _Recommending:
    """One pass over the use cases, remembering what went wrong."""

    def __init__(
        self,
        request: RecommendRequest,
        rules: RuleSet,
        given: dict[str, str],
        counts: dict[str, Any],
        wishes: dict[str, Any],
        *,
        tells_errors: bool,
    ) -> None:
        self._request, self._rules, self._given, self._counts = request, rules, given, counts
        self._wishes, self._tells_errors = wishes, tells_errors
        self._recommender = Recommender(rules)
        self._asks = why_not_asked(no_input=request.no_input) is None and "-" not in request.files
        self._unreadable = self._undecided = False
        self._labels: Labels | None = None
        self._files = _label_files(request)
        self._unread: Iterator[UseCase | InputError] = iter(())
        self._seen = 0
        self.skipped: list[str] = []

    def recommend(self) -> Iterator[Recommendation | InputError]:
        """Yield what the rules say of every use case; report those that cannot be read, and yield what is wrong."""
        self._unread = self._cases()
        while (case := next(self._unread, None)) is not None:
            self._seen += 1
            found = self._recommended(case)
            if isinstance(found, InputError):
                self._unreadable = True
                _output.report(found)
                if self._tells_errors:
                    yield found
                continue
            read, result, asked = found
            self._undecided |= not result.decided
            asked &= not self._request.quiet
            if asked or self._request.write:
                yield from self._told(read, result, asked=asked)
            else:
                yield result

    def _told(self, case: UseCase, result: Recommendation, *, asked: bool) -> Iterator[Recommendation]:
        """Yield a recommendation, having saved what is kept of it, and say what was saved and how to go on."""
        kept, path = _without_stale_expect(result, case), self._request.write
        if path:
            self._save(kept, result.own["evidence"], path)
        else:
            from annostrat.cli.commands.prompts import show_file

            show_file(kept)
        yield result  # from here on the answer is on the screen
        if asked:
            from annostrat.cli.commands.prompts import show_command

            show_command(kept, chosen_rules(self._request.rules))
        if path and not self._request.quiet:
            _output.note(f"wrote {path}")

    def _recommended(self, case: UseCase | InputError) -> tuple[UseCase, Recommendation, bool] | InputError:
        """Return a use case, what is recommended for it, and whether a person was asked; or what is wrong."""
        if isinstance(case, InputError):
            return case
        try:
            known, evident = self._with_options(case), None
            if known.evidence:
                request = self._request
                self._labels = self._labels or Labels(
                    self._rules, required=request.evidence is not None, quiet=request.quiet
                )
                evident = self._labels.beside(known)
                known = evident.case
            completed, recommender = self._completed(known), self._recommender
            result = evident.recommend(recommender, completed) if evident else recommender.recommend(completed)
        except Exception as error:  # noqa: BLE001 - a fault of ours at one use case ends none of the others
            return failed_at(case, error)
        return case, result, completed is not known

    def several(self) -> bool:
        """Return whether there is more than one use case; while one was seen, the next is read for that."""
        if self._seen > 1:
            return True
        ahead = [*islice(self._unread, 1)]
        self._unread = chain(ahead, self._unread)
        return self._seen + len(ahead) > 1

    def recap_lines(self) -> int:
        """Return how many lines may follow an answer."""
        request = self._request
        recap = RECAP if self._asks and not (request.files or request.quiet) else 0
        return recap + (request.write is not None)

    def exit_code(self) -> int:
        """Return what the pass ends with."""
        if self._unreadable or (self._labels and self._labels.failed):
            return _output.BAD_INPUT
        return _output.FAILED if self._undecided and self._request.strict else _output.OK

    def _cases(self) -> Iterator[UseCase | InputError]:
        if self._request.files:
            return read_use_cases(self._request.files, self._rules, self.skipped)
        if not self._given and not self._asks and not self._files:
            missing = questions_to_ask(self._rules, {})[0]
            hint = "give a FILE, - for standard input, or --answer question=answer for as many as you know"
            raise UsageError(f"there is nothing to recommend for: no answer to {missing}", hint)
        return iter([UseCase("Your project", {})])

    def _with_options(self, case: UseCase) -> UseCase:
        if self._given:
            case = case._replace(answers=case.answers | self._given)
        if self._files:
            case = case._replace(evidence=self._files)
        if self._request.effort:
            case = case._replace(**{**self._counts, "effort": overlaid(case.effort, self._counts["effort"])})
        if self._wishes:
            case = case._replace(models=case.models | self._wishes)
        return case

    def _completed(self, case: UseCase) -> UseCase:
        """Return the use case with the answers of the person, or itself where nothing is asked."""
        if not self._asks or not questions_to_ask(self._rules, case.answers):
            return case
        from annostrat.cli.commands.prompts import ask

        request = self._request
        return ask(
            self._rules,
            case,
            case.name if request.files else None,
            selector=chosen_rules(request.rules),
            quiet=request.quiet,
            classes=not (case.classes or request.files or self._given),
        )

    def _save(self, case: UseCase, evidence: Evidence | None, path: str) -> None:
        if self.several():
            raise UsageError("--write takes one use case, and there are several", "name one FILE, or none")
        remarks = remarks_on(case, evidence) if evidence else {}
        write([modeline("use_case"), as_yaml(case, path, remarks)], path)


def _label_files(request: RecommendRequest) -> LabelFiles | None:
    """Return the annotation files that options name.

    Raises:
        UsageError: Options say how to measure, and none what.
    """
    if request.evidence is not None:
        from annostrat.cli.commands.measure import label_files

        files = label_files(request.evidence, request.annotation_format, request.sample, request.seed)
        return files._replace(crowds=request.crowds)
    if request.annotation_format or request.sample is not None or request.seed or request.crowds:
        message = "--from, --sample, --seed and --crowds say how labels are measured"
        raise UsageError(message, "name these with --evidence PATH")
    return None


def _without_stale_expect(result: Recommendation, read: UseCase) -> UseCase:
    """Return the use case as it is to be kept: `expect` goes where changed answers led away from it."""
    case = result.use_case
    stale = case.answers != read.answers and judge(result).status == "differs"
    return case._replace(expect=()) if stale else case


COMMANDS = {"recommend": Command(RecommendRequest, run)}
