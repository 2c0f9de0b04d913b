"""Two thousand texts that a sheet might run, in every text field: out and back as they were."""

from itertools import count, islice

import pytest
from django.utils import translation

from indicators.choices import Kind
from indicators.models import Indicator
from reports.choices import RatingValue, Side
from reports.exchange.applying import apply
from reports.exchange.outgoing import write_report
from reports.exchange.preview import preview
from reports.exchange.reading import take_in
from reports.forms.fields import tidy
from reports.models import Line, Narrative, Observation, Rating, Report
from tests.conftest import World
from tests.reports.hostile_quarter import ALONE, ENDS, STARTS
from tests.reports.test_exports_safety import live_in

ENOUGH = 2_200


def nasty() -> list[str]:
    """Each beginning with each ending, numbered in two ways until there are enough."""
    numbered = (
        start + (f"{n}+{end}" if n % 2 else f"{end}{n}")
        for n in count(1)
        for start in STARTS
        for end in ENDS
    )
    return [*ALONE, *islice(numbered, ENOUGH - len(ALONE))]


@pytest.fixture
def armed(world: World) -> tuple[Report, dict[str, str]]:
    """A report whose every text is one of them, and all of them by their place."""
    texts, kinds = nasty(), [Kind.COUNT] * 400 + [Kind.REGISTER] * 200 + [Kind.NARRATIVE] * 150
    indicators = Indicator.objects.bulk_create(
        Indicator(
            plan=world.plan,
            objective=world.objective,
            code=f"X{n}",
            title_en=f"X{n}",
            kind=kind,
            direction="none",
            value_meaning="snapshot",
            over_time="latest",
            over_units="sum",
        )
        for n, kind in enumerate(kinds)
    )
    report, supply = world.report, iter(texts)
    lines = Line.objects.bulk_create(
        Line(report=report, indicator=indicator, note=next(supply)) for indicator in indicators
    )
    Observation.objects.bulk_create(
        _answer(line, kind, next(supply)) for line, kind in zip(lines, kinds)
    )
    Rating.objects.bulk_create(
        Rating(line=line, side=Side.MINISTRY, value=RatingValue.AT_RISK, reason=next(supply))
        for line in lines[:690]
    )
    words = {name: next(supply) for name in Narrative.FIELDS}
    Narrative.objects.filter(report=report).update(**words)
    report.actions.update(note=next(supply))
    return world.now(), stored(report)


def _answer(line: Line, kind: str, text: str) -> Observation:
    if kind == Kind.COUNT:
        return Observation(line=line, state="withheld", reason=text)
    return Observation(line=line, text=text, value=1 if kind == Kind.REGISTER else None)


def stored(report: Report) -> dict[str, str]:
    """Every text of the report, by its place."""
    found = {f"note {line.pk}": line.note for line in report.lines.all()}
    for answer in Observation.objects.filter(line__report=report):
        found[f"answer {answer.line_id}"] = answer.reason or answer.text
    for rating in Rating.objects.filter(line__report=report):
        found[f"rating {rating.line_id}"] = rating.reason
    narrative = Narrative.objects.get(report=report)
    found |= {name: getattr(narrative, name) for name in Narrative.FIELDS}
    return found | {f"action {row.pk}": row.note for row in report.actions.all()}


def test_no_text_runs_and_none_is_changed(
    armed: tuple[Report, dict[str, str]], world: World
) -> None:
    report, texts = armed
    assert len([text for text in texts.values() if text]) >= 2_000
    with translation.override("en"):
        with write_report(report, language="en") as file:
            data = file.read()
        assert live_in(data) == []
        found = preview(take_in(report, data, "a.xlsx", by=world.contributor))
        assert (found.changes, found.errors) == ([], [])
        empty(report)
        upload = take_in(world.now(), data, "a.xlsx", by=world.contributor)
        assert preview(upload).errors == []
        apply(upload, by=world.contributor, replace=True)
    assert stored(report) == {place: tidy(text) for place, text in texts.items()}


def empty(report: Report) -> None:
    """The report as it was before anybody wrote in it."""
    Observation.objects.filter(line__report=report).delete()
    Rating.objects.filter(line__report=report).delete()
    report.lines.update(note="")
    report.actions.update(note="")
    Narrative.objects.filter(report=report).update(**dict.fromkeys(Narrative.FIELDS, ""))
