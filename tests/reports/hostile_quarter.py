"""A quarter in which every text that anybody writes is one of many that a sheet might run."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Institution, User
from indicators.choices import Kind, Role, TotalRule
from indicators.models import Action, Funding, Indicator, Membership
from reports.choices import ReportStatus, Side, Verdict
from reports.models import (
    ActionProgress,
    Line,
    Narrative,
    Observation,
    Rating,
    Remark,
    Report,
    Review,
    Revision,
)
from tests import factory
from tests.conftest import World

STARTS = ["=", "==", "+", "-", "@", "\t=", "\n=", " =", "'=", "''=", "＝", "=-", "=+", "%", "|"]
ENDS = [
    *["1+1", "SUM(A1:A9)", "A1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x.example","y")'],
    *["WEBSERVICE(A1)", "DDE(1)", "(((((", '"a"&"b"', "1\n=2", "{1}", "ë;,\"'"],
]
ALONE = [
    *["http://x.example/", "mailto:a@x.example", "internal:Sheet1!A1", "external:c:\\x.xlsx"],
    *["0012", "1e5", "12.7", "1/2", "2026-10-01", "TRUE", "#N/A", "#DIV/0!", "#REF!", "NULL"],
    *["<f>1+1</f>", "</t></is><f>1</f>", "]]><f>1</f>", "&lt;f&gt;", "&amp;", "<!--", "<?xml?>"],
    *["_x003D_1", "_x0041_", "_x000D_", "{{7*7}}", "${7*7}", "%s %(a)s {0}", "a,b;c\td"],
    *['"quoted"', "'", '"', "''", "a\nb\n\nc", "\u202e=1", "\u200b=1", "\ufeff=1", "😀=1", "Ç=ë"],
]
NASTY = [start + end for start in STARTS for end in ENDS] + ALONE
"""More than two hundred; each short enough for the shortest column, a unit."""


RULES = ("direction", "value_meaning", "over_time", "over_units", "baseline_state")


def _owing(world: World, texts: list[str]) -> list[Report]:
    """A returned report for each text, of an institution that is called so."""
    places = Institution.objects.bulk_create(
        Institution(code=f"Z{n:03}", country="AL", kind="ministry", name_en=text, name_sq=text)
        for n, text in enumerate(texts)
    )
    due, sent = world.period.due_on, timezone.now()
    return Report.objects.bulk_create(
        Report(
            period=world.period,
            institution=place,
            due_on=due,
            status=ReportStatus.RETURNED,
            revision=1,
            submitted_at=sent - timedelta(minutes=n),
        )
        for n, place in enumerate(places)
    )


def _lines(world: World, texts: list[str], reports: list[Report]) -> list[Line]:
    """Every report answers an indicator in words, and says of a count why there is none."""
    told = Indicator.objects.bulk_create(
        Indicator(
            plan=world.plan,
            objective=world.objective,
            code=f"X{n:03}",
            title_en=text,
            title_sq=text,
            unit_en=text,
            unit_sq=text,
            kind=Kind.NARRATIVE,
            **{name: getattr(world.indicator, name) for name in RULES},
        )
        for n, text in enumerate(texts)
    )
    rows = zip(texts, reports, told)
    lines = Line.objects.bulk_create(Line(report=r, indicator=i, note=t) for t, r, i in rows)
    silent = Line.objects.bulk_create(Line(report=r, indicator=world.indicator) for r in reports)
    answers = [Observation(line=line, text=text) for text, line in zip(texts, lines)]
    for text, line in zip(texts, silent):
        answers.append(Observation(line=line, state="not_available", reason=text))
    Observation.objects.bulk_create(answers)
    Rating.objects.bulk_create(
        Rating(line=line, side=side, value="at_risk", reason=text)
        for text, line in zip(texts, lines)
        for side in Side
    )
    return lines


def _actions(world: World, texts: list[str], reports: list[Report]) -> None:
    actions = Action.objects.bulk_create(
        Action(
            plan=world.plan,
            objective=world.objective,
            code=f"Y{n:03}",
            title_en=text,
            title_sq=text,
            lead=report.institution,
        )
        for n, (text, report) in enumerate(zip(texts, reports))
    )
    Funding.objects.bulk_create(
        Funding(action=action, source=text, planned=5) for text, action in zip(texts, actions)
    )
    ActionProgress.objects.bulk_create(
        ActionProgress(report=report, action=action, note=text, spent=2, allocated=1)
        for text, report, action in zip(texts, reports, actions)
    )
    Narrative.objects.bulk_create(
        Narrative(report=report, **dict.fromkeys(Narrative.FIELDS, text))
        for text, report in zip(texts, reports)
    )


def _reviews(world: World, texts: list[str], reports: list[Report], lines: list[Line]) -> None:
    """Each report was reviewed by somebody called so, and returned with a reason and a remark."""
    people = User.objects.bulk_create(
        User(email=f"r{n}@example.org", name=text) for n, text in enumerate(texts)
    )
    Membership.objects.bulk_create(
        Membership(user=person, plan=world.plan, role=Role.REVIEWER) for person in people
    )
    common: dict[str, Any] = {"number": 1, "sha256": "0" * 64, "submitted_by": world.approver}
    made = Revision.objects.bulk_create(Revision(report=r, content="{}", **common) for r in reports)
    reviews = Review.objects.bulk_create(
        Review(
            report=report,
            revision=revision,
            round=1,
            reviewer=person,
            outcome="returned",
            reason=text,
            decided_at=timezone.now(),
        )
        for text, report, revision, person in zip(texts, reports, made, people)
    )
    Remark.objects.bulk_create(
        Remark(review=review, line=line, verdict=Verdict.FLAGGED, text=text)
        for text, review, line in zip(texts, reviews, lines)
    )
    for report, person in zip(reports, people):
        report.reviewer = person
    Report.objects.bulk_update(reports, ["reviewer"])


def fill(world: World, texts: list[str]) -> list[Report]:
    """One report for each text, with the text in every place that is anybody's to write."""
    Report.objects.filter(period=world.period).update(status=ReportStatus.DRAFT)
    reports = _owing(world, texts)
    lines = _lines(world, texts, reports)
    _actions(world, texts, reports)
    _reviews(world, texts, reports, lines)
    return reports


def name_cells(world: World, texts: list[str]) -> None:
    """A dimension whose categories are called so, on the first indicator of the first report."""
    codes = [f"c{n:03}" for n in range(len(texts))]
    places = factory.make_dimension(world.plan, "place", *codes, total_rule=TotalRule.OPEN)
    for category, text in zip(places.categories.order_by("order"), texts):
        type(category).objects.filter(pk=category.pk).update(title_en=text, title_sq=text)
    factory.split(world.share, places)
