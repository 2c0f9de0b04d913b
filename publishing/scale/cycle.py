"""The quarters of an invented plan: periods, and what each institution reported in them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from accounts.models import Institution, User
from indicators.choices import Role
from publishing.demo import words
from publishing.scale.copying import store
from publishing.scale.fates import VERSIONS, Fate, fate_of
from publishing.scale.figures import Moment, Row, answers
from publishing.scale.people import Cast
from publishing.scale.structure import Adopted, Measured
from reports.choices import Side
from reports.content import FIGURES
from reports.models import ActionProgress, Line, Narrative, Observation, Period, Rating, Report
from reports.periods import is_owed, quarter_dates

RATINGS = ("on_track", "at_risk", "off_track")
COMMENT = "Counted in the register of the institution and checked against the quarter before."
BOOKED = "The finance office books all sources of this action in one account."


@dataclass
class Told:
    """One report with everything in it, before and after it is stored."""

    report: Report
    fate: Fate
    quarter: int
    place: Institution
    author: User
    luck: Random
    owed: list[Measured]
    lines: list[Line] = field(default_factory=list)
    actions: list[ActionProgress] = field(default_factory=list)
    narrative: Narrative = field(default_factory=Narrative)
    rows: list[list[Row]] = field(default_factory=list)
    ratings: list[dict[str, str]] = field(default_factory=list)

    @property
    def filled(self) -> int:
        """How many of its lines are filled in: all, half in a draft begun, or none."""
        if self.fate.is_sent:
            return len(self.owed)
        return len(self.owed) // 2 if self.fate.filled else 0

    def saved(self, is_filled: bool) -> dict[str, Any]:
        """Who saved a part of it and when."""
        if not is_filled:
            return {}
        return {"version": 1, "saved_at": self.fate.sent, "saved_by": self.author}


def open_periods(adopted: Adopted) -> list[Period]:
    """Every quarter of the plan; all but the last two are closed."""
    rows, plan = [], adopted.plan
    for year, quarter in adopted.size.quarters:
        starts_on, ends_on = quarter_dates(year, quarter)
        dates = {"starts_on": starts_on, "ends_on": ends_on, "due_on": ends_on + timedelta(days=30)}
        rows.append(Period(plan=plan, year=year, quarter=quarter, **dates))
    for row in rows[:-2]:
        row.closes_on = row.due_on + timedelta(days=150)
    return Period.objects.bulk_create(rows)


def _report(period: Period, place: Institution, fate: Fate, cast: Cast) -> Report:
    sent = {"first_submitted_at": fate.sent, "submitted_at": fate.sent, "revision": 1}
    standing = {
        "status": fate.end,
        "version": VERSIONS[fate.end],
        **(sent if fate.is_sent else {}),
        "reviewer": cast.national[Role.REVIEWER] if fate.is_taken else None,
        "decided_at": fate.decided if fate.is_decided else None,
    }
    return Report(period=period, institution=place, due_on=period.due_on, **standing)


def _begin(adopted: Adopted, cast: Cast, periods: list[Period]) -> Iterator[Told]:
    """Each institution's report of each quarter in which it owes something."""
    for quarter, period in enumerate(periods):
        for order, place in enumerate(adopted.institutions):
            owed = [
                m
                for m in adopted.indicators
                if place in m.places and is_owed(m.row.frequency, period.quarter)
            ]
            fate = fate_of(quarter, len(periods), order, period.due_on)
            luck = Random(f"{adopted.plan.code}/{period.code}/{order}")  # noqa: S311 -- no secret
            author = cast.contributors[place.pk]
            report = _report(period, place, fate, cast)
            yield Told(report, fate, quarter, place, author, luck, owed)


def _tell(told: Told, adopted: Adopted) -> None:
    """Invent what the report says."""
    for number, m in enumerate(told.owed):
        is_filled = number < told.filled
        note = COMMENT if is_filled else ""
        told.lines.append(
            Line(report=told.report, indicator=m.row, note=note, **told.saved(is_filled))
        )
        if is_filled:
            at = Moment(told.quarter, len(adopted.size.quarters), len(m.places))
            told.rows.append(answers(m.shape, m.aim, at, told.luck))
            rating = RATINGS[told.luck.choice((0, 0, 0, 1, 1, 2))]
            told.ratings.append({"value": rating, "reason": words.MINISTRY[rating][0]})
    told.actions = [
        _progress(told, action) for action in adopted.actions if action.lead_id == told.place.pk
    ]
    told.narrative = _narrative(told)


def _progress(told: Told, action: Any) -> ActionProgress:
    if not told.fate.is_sent:
        return ActionProgress(report=told.report, action=action)
    allocated = Decimal(40_000 + 500 * told.luck.randint(0, 20))
    return ActionProgress(
        report=told.report,
        action=action,
        status=told.luck.choice(("in_progress", "in_progress", "delayed", "done")),
        allocated=allocated,
        spent=allocated * told.luck.randint(30, 100) / 100,
        note=BOOKED,
        **told.saved(is_filled=True),
    )


def _narrative(told: Told) -> Narrative:
    if not told.fate.is_sent:
        return Narrative(report=told.report)
    sources = (words.DONE, words.GAP, words.CHALLENGE, words.LESSON, words.NEXT)
    texts = {
        name: told.luck.choice(source)
        for name, source in zip(Narrative.FIELDS, sources, strict=True)
    }
    return Narrative(report=told.report, **texts, **told.saved(is_filled=True))


def _values(found: list[Told]) -> Iterator[list[Any]]:
    for told in found:
        for line, rows in zip(told.lines, told.rows, strict=False):
            for row in rows:
                yield [line.pk, *(row[name] for name in FIGURES)]


def _ratings(found: list[Told]) -> Iterator[list[Any]]:
    """Both sides' ratings; the coalition's where it has decided, at times a shade darker."""
    for told in found:
        for number, (line, rating) in enumerate(zip(told.lines, told.ratings, strict=False)):
            yield [line.pk, Side.MINISTRY.value, rating["value"], rating["reason"]]
            if told.fate.is_decided:
                darker = number % 6 == 0 and rating["value"] != RATINGS[-1]
                value = RATINGS[RATINGS.index(rating["value"]) + darker]
                yield [line.pk, Side.COALITION.value, value, words.COALITION[value][0]]


def report(adopted: Adopted, cast: Cast) -> list[Told]:
    """Live through every quarter: reports, lines, observations, ratings, actions, narratives."""
    periods = open_periods(adopted)
    found = list(_begin(adopted, cast, periods))
    Report.objects.bulk_create([told.report for told in found])
    for told in found:
        _tell(told, adopted)
    many: dict[str, list[Any]] = defaultdict(list)
    for told in found:
        many["lines"] += told.lines
        many["actions"] += told.actions
        many["narratives"].append(told.narrative)
    Line.objects.bulk_create(many["lines"], batch_size=2_000)
    ActionProgress.objects.bulk_create(many["actions"], batch_size=2_000)
    Narrative.objects.bulk_create(many["narratives"])
    store(Observation, ("line_id", *FIGURES), _values(found))
    store(Rating, ("line_id", "side", "value", "reason"), _ratings(found))
    return found
