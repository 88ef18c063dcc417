"""The page on the agreement of annotators: the answer first, then differences, figures, classes and images."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from annostrat.errors import printable
from annostrat.render.charts.overlay import drawn
from annostrat.render.sections.measured_answers import findings, in_short
from annostrat.render.sections.recommendation import bibliography
from annostrat.render.sections.sections import (
    Column,
    More,
    Paragraph,
    Part,
    Picture,
    Point,
    Report,
    Section,
    Table,
    amount,
    folded,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annostrat.knowledge.rule_set import RuleSet
    from annostrat.measure.agreement.contract import (
        ComparedClass,
        ComparedImage,
        LabelAgreement,
        MeasuredAgreement,
        Published,
    )
    from annostrat.measure.photos.contact_sheet import Photo
    from annostrat.recommendation.contract import Finding

_MOST = 3
"""Number of findings, classes and images shown on a screen."""
_DRAWN = {"outline_iou": "outlines", "pixel_agreement": "maps", "box_iou": "boxes"}
"""The shape drawn for each figure that compares it; if several apply, the first one counts."""
_VERDICTS = {
    "as_careful": "{drawn} agree as careful people's do",
    "unclear": "{drawn} may agree as careful people's do, or less",
    "below": "{drawn} agree less than careful people's",
}
_INTERVALS = "Intervals take images as clusters, and need 20 of them."


def _headline(found: LabelAgreement) -> str:
    """Return how many labels agree, and how that compares with careful annotators; or why they cannot be compared."""
    if found["withheld"]:
        return f"Not compared: {found['withheld']}"
    figures = {figure["id"]: figure for figure in found["figures"]}
    main = figures.get("agreement") or figures.get("pixel_agreement")
    if names := next((each for each in found["findings"] if each["kind"] == "class_name_differs"), None):
        return f"{'Not compared' if main is None else 'Error'}: {names['text']}"
    if main is None:
        return "Nothing to compare: no label in the images that all have"
    what = "the labels" if main["id"] == "agreement" else "the pixels"
    interval = _between(main, ".0%")
    agree = f"{main['value']:.0%}{interval and f' ({interval})'} of {what} agree"
    verdict = next((one for id_ in _DRAWN for one in found["published"] if one["figure"] == id_), None)
    compared = f"; {_VERDICTS[verdict['verdict']].format(drawn=_DRAWN[verdict['figure']])}" if verdict else ""
    return f"{agree}{compared}"


def _findings(found: LabelAgreement) -> list[Finding]:
    """Return the errors in each annotator's labels, then the differences, then other findings in their labels."""
    own: list[Finding] = [
        {**each, "text": f"{one['name']}: {each['text']}"} for one in found["sets"] for each in one["findings"]
    ]
    errors = [each for each in own if each["severity"] == "error"]
    return [*errors, *found["findings"], *(each for each in own if each["severity"] != "error")]


def _between(figure: MeasuredAgreement, form: str) -> str:
    """Return the interval of a figure; empty if there are too few images for one."""
    if figure["low"] is None or figure["high"] is None:
        return ""
    return f"{figure['low']:{form}} to {figure['high']:{form}}"


def _opening(found: LabelAgreement) -> Iterator[str]:
    """Yield what was compared and what could not be compared."""
    who = "both" if len(found["sets"]) == 2 else f"all {len(found['sets'])}"  # noqa: PLR2004 - two are both
    images, objects = amount(found["images"], "image"), amount(found["objects"], "object")
    compared = f" Of {objects}, {who} labelled {found['agreed']:,} with the same class."
    yield f"{images} in common.{'' if found['withheld'] else compared}"
    alone = [f"{one['name']} {one['images_alone']:,}" for one in found["sets"] if one["images_alone"]]
    if alone:
        yield f"Left aside: images that not all have ({', '.join(alone)})."
    besides = [f"{one['name']} {one['not_compared']:,}" for one in found["sets"] if one["not_compared"]]
    if besides:
        yield f"Not compared: crowds, and regions without a mask ({', '.join(besides)})."


def report(found: LabelAgreement, rules: RuleSet, *, most_classes: int, photos: Sequence[Photo] = ()) -> Report:
    """Return the full page, with a table of at most `most_classes` classes."""
    withheld = found["withheld"]
    meanings = [Point(figure["meaning"], lead=f"{figure['title']}:") for figure in found["figures"]]
    sections = [
        findings(_findings(found)),
        _figures(found, rules),
        *([] if withheld else [_annotators(found)]),
        _classes(found, most_classes),
        _confusions(found),
        Section("Images to look at first", [*_images(found["look_at"]), *_pictures(found, photos)]),
        Section("What the figures mean", meanings),
        Section("Sources", [*bibliography(found["references"], rules)]),
        Section("How to go on", [*_onward(found), *([] if withheld else [_guard(found)])]),
    ]
    return _report(found, sections)


def screen(found: LabelAgreement, rules: RuleSet) -> Report:
    """Return a report that fits a screen: the worst findings, the figures, where to look and how to continue."""
    worst_first = _findings(found)
    is_of_names = bool(worst_first) and worst_first[0]["kind"] == "class_name_differs"  # which no image shows
    worst = [*findings(worst_first[:1], examples=_MOST if is_of_names else 0).parts]
    few = [*worst, *(Point(in_short(one)) for one in worst_first[1:_MOST])]
    sections = [
        Section("Findings", few),
        Section("Figures", _figures(found, rules, _ON_SCREEN).parts[:1]),
        Section("Images to look at first", _images(found["look_at"][:_MOST])),
        Section("How to go on", [*_onward(found), *([] if found["withheld"] else [_MORE])]),
    ]
    return _report(found, sections)


def _report(found: LabelAgreement, sections: list[Section]) -> Report:
    lines = [*_opening(found)]
    worst_first = _findings(found)
    remark = in_short(worst_first[0]) if worst_first else lines[0]
    *most, last = [one["name"] for one in found["sets"]]
    below = any(one["verdict"] == "below" for one in found["published"])
    amiss = below or any(one["severity"] != "note" for one in worst_first)
    status = "decided" if found["figures"] and not amiss else "open"
    return Report(f"{', '.join(most)} and {last}", _headline(found), status, lines, sections, remark)


_ON_SCREEN = ("agreement", "alpha", "box_iou", "outline_iou", "pixel_agreement")


def _figures(found: LabelAgreement, rules: RuleSet, shown: Sequence[str] = ()) -> Section:
    published = {one["figure"]: one for one in found["published"]}
    columns = [Column("Figure"), Column("Value", number=True), Column("95 % interval", number=True)]
    columns.append(Column("Careful people", number=True))
    rows = [
        [
            figure["title"],
            f"{figure['value']:.3f}",
            _between(figure, ".3f") or "few images",
            _range(published[figure["id"]]) if figure["id"] in published else "",
        ]
        for figure in found["figures"]
        if not shown or figure["id"] in shown
    ]
    known = [
        Point(f"{one['text']}", one["sources"], lead=f"{rules.figures[one['figure']]['title']}, {_range(one)}:")
        for one in found["published"]
    ]
    return Section("Figures", [Table(columns, rows), Paragraph(_INTERVALS, aside=True), *known] if rows else [])


def _range(one: Published) -> str:
    return f"{one['low']:.2f}" if one["low"] == one["high"] else f"{one['low']:.2f} to {one['high']:.2f}"


def _annotators(found: LabelAgreement) -> Section:
    columns = [Column("Labels of"), *(Column(head, number=True) for head in ("Objects", "Left out", "Labelled alone"))]
    rows = [[one["name"], f"{one['objects']:,}", f"{one['left_out']:,}", f"{one['alone']:,}"] for one in found["sets"]]
    return Section("Annotators", [Table(columns, rows)])


def _classes(found: LabelAgreement, most: int) -> Section:
    names = [one["name"] for one in found["sets"]]
    columns = [Column("Class"), *(Column(name, number=True) for name in names), Column("Agreement", number=True)]
    columns += [Column("IoU of boxes", number=True), Column("IoU of outlines", number=True)]
    rows = [_class(one) for one in found["classes"]]
    shown: list[Part] = [Table(columns, rows[:most])] if rows else []
    if rows[most:]:
        rest = amount(len(rows) - most, "more class", "more classes")
        shown.append(More(f"And {rest}", [Table(columns, rows[most:])]))
    return Section("Classes", shown)


def _class(one: ComparedClass) -> list[str]:
    figures = one["figures"]
    cells = {each["id"]: f"{each['value']:.2f}\n{_between(each, '.2f')}".rstrip() for each in figures}
    shown = [cells.get(id_, "") for id_ in ("agreement", "box_iou", "outline_iou")]
    return [one["name"], *(f"{count:,}" for count in one["labels"]), *shown]


def _confusions(found: LabelAgreement) -> Section:
    points = [
        Point(f"{amount(one['count'], 'object')}, as in {one['examples'][0]}.", lead=f"{' / '.join(one['classes'])}:")
        for one in found["confusions"]
    ]
    return Section("Classes that were confused", folded(points, "pair"))


def _images(look_at: Sequence[ComparedImage]) -> list[Part]:
    return [Point(_differences(one), lead=f"{one['name']}:") for one in look_at]


def _differences(one: ComparedImage) -> str:
    """Return the differences found in an image."""
    counts = (
        (one["left_out"], "object left out", "objects left out"),
        (one["class_differs"], "with different classes", "with different classes"),
        (one["drawn_apart"], "drawn very differently", "drawn very differently"),
    )
    return ", ".join(amount(count, single, many) for count, single, many in counts if count)


def _pictures(found: LabelAgreement, photos: Sequence[Photo]) -> Iterator[Part]:
    """Yield a drawing of all labels overlaid for each image, on its photo if there is one."""
    known = {photo.image: photo for photo in photos}
    names = [one["name"] for one in found["sets"]]
    for one in found["look_at"]:
        yield Picture(partial(drawn, one, names, _differences(one), known.get(one["name"])))


def _onward(found: LabelAgreement) -> list[Part]:
    """Return the next steps."""
    settle = Point("Settle each difference together, write it into the guideline, and correct all images.")
    if found["withheld"]:
        return [Point("Repair what the findings name, look with `annostrat measure`, and compare again.")]
    differ = any(one["severity"] == "warning" for one in found["findings"])
    return [settle] if differ else []


_MORE = Point("--full for classes and confusions; --format html draws the labels over each other")
"""Pointer to the parts that a screen omits."""


def _guard(found: LabelAgreement) -> Point:
    """Return how a check can guard the agreement reached."""
    first, second = (printable(one["path"]) for one in found["sets"][:2])
    guard = f"evidence: {{annotations: {first}, agreement: {{with: {second}, at_least: 0.8}}}}"
    return Point(f"A use case with {guard} lets `annostrat check` guard it.")
