"""A plan in which everything occurs: lived through two quarters with the functions everybody uses.

Made once for a module of tests and rolled back after it; each test's own changes go before.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Institution, User
from common import clock
from indicators.choices import BaselineState, Direction, Kind, OverUnits, Role, ValueMeaning
from indicators.models import (
    Action,
    Framework,
    FrameworkItem,
    Funding,
    Indicator,
    Plan,
    PlanLevel,
    Target,
)
from publishing.models import Edition
from publishing.services import checklist, publish
from reports.models import Period, Report
from reports.services import save_action, save_line, save_narrative, save_remark
from tests import factory
from tests.publishing.telling import LEVEL, RESTRICTED, RUNNING, SMALL, observations
from tests.remembered import memory

SECRET = 73519
"""A figure of the restricted indicator: nothing of what is published may hold it."""
SITE = "Exactly 7 cases in 2026, 4 of them in the house by the river."

ZONE = ZoneInfo("Europe/Tirane")
AT = datetime(2026, 4, 20, 10, tzinfo=ZONE)
LATE = datetime(2026, 8, 9, 10, tzinfo=ZONE)

# What each ministry said in its first and second quarter: indicator, answers, its own rating, note.
Said = Mapping[str, tuple[str, str, str]]
FIRST: dict[str, Said] = {
    "MM": {
        "C1": ("5", "on_track", "As planned."),
        "L1": ("30", "on_track", "All 12 bases joined."),
        "P1": ("1/10", "at_risk", "Too few posts."),
        "R1": ("5", "on_track", "As planned."),
        "S1": ("13 sex=f:9 sex=m:4", "on_track", SITE),
        "S2": ("13/87", "on_track", SITE),
        "T1": ('"Held_3_hearings."', "on_track", "As planned."),
        "X1": (str(SECRET), "off_track", SITE),
    },
    "MB": {
        "C1": ("0", "off_track", "Nothing was due."),
        "P1": ("90/100", "achieved", "All posts are filled."),
        "R1": ("7", "on_track", "As planned."),
        "S1": ("21 sex=f:17 sex=m:4", "at_risk", SITE),
    },
}
SECOND: dict[str, Said] = {
    "MM": {
        **FIRST["MM"],
        "C1": ("na", "at_risk", "The books are closed."),
        "L1": ("32", "on_track", "As planned."),
        "R1": ("9", "on_track", "As planned."),
        "S1": ("24 sex=f:20 sex=m:4", "on_track", SITE),
    }
}


@dataclass
class Lived:
    """The plan with its people and quarters."""

    plan: Plan
    places: dict[str, Institution]
    rows: dict[str, Indicator]
    people: dict[str, User]
    first: Period
    second: Period

    def report(self, place: str, period: Period) -> Report:
        return Report.objects.with_names().get(period=period, institution__code=place)

    def fill(self, report: Report, said: Said) -> None:
        by = self.people[report.institution.code]
        for line in report.lines.select_related("indicator", "report__period__plan"):
            answers, rating, reason = said[line.indicator.code]
            save_line(
                line,
                by=by,
                version=line.version,
                answers=observations(answers),
                rating=(rating, reason),
                note=reason if line.indicator.code in ("S1", "X1") else "",
            )
        for progress in report.actions.select_related("report__period__plan"):
            values = {"status": "in_progress", "spent": Decimal(700), "allocated": Decimal(1000)}
            values["note"] = "The books do not part the sources."
            save_action(progress, by=by, version=progress.version, values=values)
        told = report.narrative
        words = {"done": "Trained the police.", "next_step": "Train the army."}
        save_narrative(told, by=by, version=told.version, values=words)

    def review(self, report: Report, ratings: Mapping[str, tuple[str, str]]) -> None:
        """Accept every line, with the coalition's own ratings where there are any."""
        reviewer = self.people["reviewer"]
        factory.decide("take", report, reviewer)
        review = report.reviews.select_related("report__period__plan").get(outcome="")
        review.report = self.report(report.institution.code, report.period)
        for line in report.lines.select_related("indicator"):
            rating = ratings.get(line.indicator.code)
            save_remark(
                review, by=reviewer, version=0, verdict="accepted", line=line, rating=rating
            )
        factory.decide("validate", report, reviewer)

    def validate(
        self,
        place: str,
        period: Period,
        said: Said,
        ratings: Mapping[str, tuple[str, str]] | None = None,
    ) -> Report:
        """From an empty report, or one sent back, to a validated one."""
        report = self.report(place, period)
        self.fill(report, said)
        factory.decide("submit", report, self.people[place])
        self.review(report, ratings or {})
        return self.report(place, period)

    def release(self, period: Period, note: str = "") -> Edition:
        seen = checklist(period).seen
        return publish(period=period, by=self.people["lead"], seen=seen, note=note)


def _indicators(plan: Plan, mm: Institution, mb: Institution) -> Iterator[Indicator]:
    top = factory.make_objective(plan, "1")
    below = factory.make_objective(plan, "1.1", top)
    sex = factory.make_dimension(plan, "sex", "f", "m")

    def make(code: str, *who: Institution, **fields: Any) -> Indicator:
        return factory.make_indicator(plan, code, *who, objective=below, **fields)

    share = {"objective": below, "baseline_state": BaselineState.UNKNOWN}
    yield make("C1", mm, mb, baseline_value=3, tolerance=2)
    yield make("L1", mm, **LEVEL, baseline_state=BaselineState.KNOWN, baseline_value=20)
    yield factory.make_share(plan, "P1", mm, mb, **share)
    yield make("R1", mm, mb, **RUNNING)
    yield factory.split(make("S1", mm, mb, **SMALL), sex)
    known = {"baseline_state": "known", "baseline_numerator": 3, "baseline_denominator": 91}
    yield factory.make_share(plan, "S2", mm, **{**share, **known, **SMALL}, tolerance=1)
    words = {"kind": Kind.NARRATIVE, "value_meaning": ValueMeaning.SNAPSHOT, "unit_en": ""}
    only = {"direction": Direction.NONE, "over_time": "latest"}
    yield make("T1", mm, **words, **only, over_units=OverUnits.NATIONAL_ONLY)
    hidden = {"baseline_state": "known", "baseline_value": SECRET + 1, "tolerance": SECRET + 2}
    yield make("X1", mm, **LEVEL, **hidden, **RESTRICTED)


def _targets(rows: Mapping[str, Indicator]) -> None:
    for code, value in (("C1", 100), ("L1", 40), ("S1", 73), ("S2", 37), ("X1", SECRET + 3)):
        factory.make_target(rows[code], value)
    revised = {"version": 2, "decision": "Decision 12"}
    ends_on = rows["C1"].plan.ends_on
    for code, why in (("C1", "Fewer posts."), ("S1", SITE)):
        Target.objects.create(indicator=rows[code], as_of=ends_on, value=83, reason=why, **revised)


def _frameworks(rows: Mapping[str, Indicator], action: Action) -> None:
    """One item that is linked, and one that nothing is linked to."""
    un = Framework.objects.create(code="un-2010", title_en="UN", title_sq="OKB")
    linked, _loose = (
        FrameworkItem.objects.create(framework=un, code=code, title_en=f"Item {code}")
        for code in ("5a", "5b")
    )
    rows["C1"].frameworks.add(linked)
    rows["C1"].objective.frameworks.add(linked)
    action.frameworks.add(linked)


def _people(plan: Plan, *places: Institution) -> dict[str, User]:
    """Nobody of them logs in, so nobody needs a password."""
    people = {
        role.value: factory.make_member(role, plan, password=None)
        for role in (Role.REVIEWER, Role.LEAD, Role.ADMINISTRATOR)
    }
    for place in places:
        people[place.code] = factory.make_member(Role.APPROVER, plan, place, password=None)
    return people


def _build() -> Lived:
    plan = factory.make_plan(source="The plan as adopted", note_en="A note", small_count_below=10)
    PlanLevel.objects.create(plan=plan, depth=0, name_en="Area", name_sq="Fusha")
    PlanLevel.objects.create(plan=plan, depth=1, name_en="Objective", name_sq="Objektivi")
    places = {code: factory.make_institution(code) for code in ("MM", "MB", "SUP", "ELSE")}
    rows = {row.code: row for row in _indicators(plan, places["MM"], places["MB"])}
    action = factory.make_action(plan, "A1", places["MM"], rows["C1"].objective)
    action.supporting.add(places["SUP"])
    Funding.objects.create(action=action, source="State", planned=Decimal("9000.50"))
    Funding.objects.create(action=action, source="Donor", planned=Decimal(1000))
    Indicator.objects.filter(pk=rows["C1"].pk).update(action=action)
    _targets(rows)
    _frameworks(rows, action)
    people = _people(plan, places["MM"], places["MB"])
    first, second = (factory.open_quarter(plan, 2026, n) for n in (1, 2))
    return Lived(plan, places, rows, people, first, second)


def _live(told: Lived) -> None:
    """The first quarter is published whole, the second without the second ministry."""
    with clock.at(AT):
        ours = {"P1": ("off_track", "Nobody was hired."), "X1": ("at_risk", SITE)}
        told.validate("MM", told.first, FIRST["MM"], ours)
        told.validate("MB", told.first, FIRST["MB"])
        told.release(told.first, note="The first.")
    with clock.at(LATE):
        told.validate("MM", told.second, SECOND["MM"], {"C1": ("at_risk", "Seen as well.")})
        told.release(told.second)


def _two_quarters() -> Lived:
    with clock.at(AT):
        told = _build()
    _live(told)
    return told


@contextmanager
def lived(blocker: DjangoDbBlocker) -> Iterator[Lived]:
    """The plan after its two quarters, for as long as the block lasts."""
    with blocker.unblock(), transaction.atomic():
        with memory.following():
            told = memory.step(("lived",), _two_quarters)
        yield told
        transaction.set_rollback(True)
