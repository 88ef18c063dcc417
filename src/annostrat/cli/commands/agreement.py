"""`annostrat agreement`: the agreement of annotators, or of an annotator and a model, on the same images."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from annostrat.cli import _output
from annostrat.cli._output import page, pick_renderer, write
from annostrat.cli.options import Argument, Command, From, Full, Option, Output, Quiet, Rules, chosen_rules, shows
from annostrat.knowledge.loader import load_rules


class AgreementRequest(NamedTuple):
    """Compare annotators' labels with each other or a model.

    Images are matched by name and objects by overlap, whatever their classes and formats.
    """

    paths: Annotated[tuple[str, ...], Argument("PATH", "Annotation files of each annotator, or COCO results.")] = ()
    annotation_format: From = None
    min_score: Annotated[float, Option("Ignore predictions with a lower score.", "SCORE", name="--min-score")] = 0.5
    rules: Rules = None
    format: Annotated[str, shows("label_agreement")] = "text"
    output: Output = None
    quiet: Quiet = False
    full: Full = False


def run(request: AgreementRequest) -> int:
    """Compare and show; return the exit code."""
    from annostrat.measure.agreement.api import agreement

    renderer = pick_renderer(request.format, "label_agreement", request.output)
    rules = load_rules(chosen_rules(request.rules))
    found, problems = agreement(request.paths, rules, format=request.annotation_format, min_score=request.min_score)
    if renderer.label_agreement is not None:
        layout = page(request.output, quiet=request.quiet, full=request.full)
        if renderer.takes_photos:
            from annostrat.measure.photos.contact_sheet import whole_images

            layout = layout._replace(photos=whole_images(found))
        write(renderer.label_agreement(found, rules, layout), request.output)
    return _output.report_unread(problems)


COMMANDS = {"agreement": Command(AgreementRequest, run)}
