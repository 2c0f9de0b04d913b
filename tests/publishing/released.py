"""Two published quarters of a small plan with every sort of figure, told as a table.

MM (defence) reported both quarters in time. MB (interior) reported the second quarter late, and
its third is still with the coalition. MK (culture) never sent anything. OS only supports.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Model

from accounts.models import Institution, User
from common import clock
from indicators.choices import Kind, Role
from indicators.models import Action, Framework, FrameworkItem, Indicator, Objective, Plan, Target
from publishing.models import Edition
from publishing.services import checklist, publish
from reports.models import Observation, Period, Report
from reports.services import save_action, save_line, save_narrative, save_remark
from tests import factory
from tests.factory import fraction, make_indicator, value

APPS = ("audit", "accounts", "indicators", "reports", "publishing")

Answers = Mapping[str, Sequence[Observation]]

SECRET = 7771234
"""The figure of the restricted indicator, which stands nowhere."""
COUNTED, WOMEN, MEN = 71843, 71838, 5
"""The true counts of the protected indicator."""
FORMULAS = ["=1+1", "+355 4 222", "-1 since spring", "@all", "\t=2", "\r=3"]


def _none(why: str) -> Observation:
    return Observation(cell="", state="not_available", reason=why)


def reported() -> dict[tuple[int, str], Answers]:
    """What each institution answered, by quarter."""
    split = [value(COUNTED), value(WOMEN, "sex=f"), value(MEN, "sex=m")]
    return {
        (2, "MM"): {
            "C1": [value("1200.5")],
            "D1": [value(70)],
            "H1": [value(3)],
            "N1": [value(12)],
            "P1": [fraction(1, 10)],
            "R1": [value(SECRET)],
            "S1": split,
            "T1": [Observation(cell="", text="A rule was drafted.")],
            "Z1": [value(0)],
        },
        (2, "MB"): {"C1": [value(34)], "P1": [fraction(90, 100)], "W1": [value(9)]},
        (3, "MM"): {
            "C1": [value("4.25")],
            "D1": [value(50)],
            "N1": [_none("No survey was held.")],
            "P1": [fraction(7, 9)],
            "R1": [value(SECRET)],
            "S1": split,
            "T1": [Observation(cell="", text=FORMULAS[4])],
            "Z1": [value(0)],
        },
        (3, "MB"): {"C1": [value(99999)], "P1": [fraction(99, 100)], "W1": [value(99999)]},
    }


NOTES = {(3, "C1"): FORMULAS[0], (3, "Z1"): FORMULAS[1]}
RATINGS = {(3, "D1"): ("at_risk", FORMULAS[2]), (2, "C1"): ("on_track", "All came.")}
COALITION = {
    (3, "C1"): ("off_track", "Half of the offices were not counted."),
    (3, "D1"): ("at_risk", FORMULAS[3]),
}
UNSPLIT = "The books do not part the sources."
MONEY = {
    (2, "MM"): {
        "status": "in_progress",
        "allocated": Decimal(2000),
        "spent": Decimal("1000.50"),
        "note": UNSPLIT,
    },
    (3, "MM"): {"status": "done", "spent": Decimal("1500.25"), "note": FORMULAS[5]},
    (2, "MB"): {"status": "not_started", "spent": Decimal(0)},
    (3, "MB"): {"status": "delayed", "spent": Decimal(99999)},
}
SENT = {(2, "MM"): (7, 20), (2, "MB"): (8, 5), (3, "MM"): (10, 20), (3, "MB"): (10, 25)}
PUBLISHED = {2: (2026, 9, 1), 3: (2026, 11, 10)}
NOTE = "Corrections come in the next edition.\n=1+1"


@dataclass
class Released:
    """The plan, its people and its two editions."""

    plan: Plan
    structure: Plan
    institutions: dict[str, Institution]
    authors: dict[str, User]
    reviewer: User
    lead: User
    periods: dict[int, Period]
    older: Edition
    newest: Edition


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 10, 30, tzinfo=UTC)


def _institutions() -> dict[str, Institution]:
    names = {
        "MM": ("Ministry of Defence", "Ministria e Mbrojtjes"),
        "MB": ("Ministry of Interior", "Ministria e Brendshme"),
        "MK": ("Ministry of Culture", "Ministria e Kulturës"),
        "OS": ("OSCE Presence", "Prania e OSBE-së"),
    }
    make = factory.make_institution
    return {code: make(code, en, name_sq=sq) for code, (en, sq) in names.items()}


def _objectives(plan: Plan) -> dict[str, Objective]:
    first = factory.make_objective(plan, "1")
    rows = [first, factory.make_objective(plan, "1.1", first), factory.make_objective(plan, "2")]
    rows.append(factory.make_objective(plan, "3"))
    for row in rows:
        Objective.objects.filter(pk=row.pk).update(title_sq=f"Objektivi {row.code}")
    return {row.code: row for row in rows}


def _indicators(plan: Plan, who: dict[str, Institution], under: dict[str, Objective]) -> None:
    mm, mb = who["MM"], who["MB"]
    low, two = under["1.1"], under["2"]
    level = {"value_meaning": "snapshot", "over_time": "latest"}
    count = make_indicator(plan, "C1", mm, mb, objective=low, unit_sq="persona")
    factory.make_target(count, 4000)
    Target.objects.create(
        indicator=count, as_of=plan.ends_on, value=5000, version=2, reason="The council decided."
    )
    known = {"baseline_state": "known", "baseline_value": 100, "direction": "decrease"}
    doubt = {"certainty": "unverified", "source": "Draft of 2023", "note_en": "Wording not final."}
    falling = make_indicator(plan, "D1", mm, objective=two, **level, **known, **doubt)
    make_indicator(plan, "H1", mm, objective=low, frequency="half_yearly")
    make_indicator(plan, "N1", mm, objective=low)
    share = {"baseline_state": "unknown", "baseline_date": None}
    percentage = factory.make_share(plan, "P1", mm, mb, objective=low, **share)
    make_indicator(plan, "R1", mm, objective=low, sensitivity="restricted")
    hidden = make_indicator(plan, "S1", mm, objective=low, sensitivity="small_counts")
    factory.split(hidden, factory.make_dimension(plan, "sex", "f", "m"))
    make_indicator(plan, "T1", mm, objective=low, kind=Kind.NARRATIVE, unit_en="")
    awaited = make_indicator(plan, "W1", mb, objective=two)
    zero = make_indicator(plan, "Z1", mm, objective=two, source=FORMULAS[0])
    Indicator.objects.filter(pk=zero.pk).update(title_en="=Offices", title_sq="=Zyra")
    aims = {falling: 20, percentage: 90, hidden: 90000, awaited: 40, zero: 10}
    for row, aim in aims.items():
        factory.make_target(row, aim)


def _actions(plan: Plan, who: dict[str, Institution], under: dict[str, Objective]) -> None:
    first = factory.make_action(plan, "A1", who["MM"], under["1.1"])
    first.supporting.add(who["OS"])
    first.fundings.create(source="Budget", planned="2000000.50")
    first.fundings.create(source="Donor", planned="500000")
    Action.objects.filter(pk=first.pk).update(
        starts_on=date(2024, 2, 1), ends_on=date(2026, 12, 31), title_sq="Masa A1"
    )
    factory.make_action(plan, "A2", who["MB"], under["2"])
    last = factory.make_action(plan, "A3", who["MK"], under["1"])
    Action.objects.filter(pk=last.pk).update(certainty="found", source="A report of 2024")


def _frameworks(plan: Plan, under: dict[str, Objective]) -> None:
    framework = Framework.objects.create(code="un-2010", title_en="UN indicators of 2010")
    make = FrameworkItem.objects.create
    part = make(framework=framework, code="5a", title_en="Women in talks", pillar="Participation")
    safe = make(framework=framework, code="11", title_en="Safety", pillar="Protection")
    make(framework=framework, code="26", title_en="Reparation", pillar="Recovery")
    under["1"].frameworks.add(part)
    plan.indicators.get(code="D1").frameworks.add(safe)
    plan.actions.get(code="A2").frameworks.add(safe)


def _fill(report: Report, by: User, quarter: int, answers: Answers) -> None:
    for line in report.lines.select_related("indicator", "report__period__plan"):
        code = line.indicator.code
        rating = RATINGS.get((quarter, code), ("on_track", "As planned."))
        unusual = "Checked: it is right." if quarter == 3 else ""
        note = NOTES.get((quarter, code), "") if report.institution.code == "MM" else unusual
        answer = answers[code]
        save_line(line, by=by, version=0, answers=answer, rating=rating, note=note)
    for progress in report.actions.select_related("report__period__plan"):
        save_action(progress, by=by, version=0, values=MONEY[quarter, report.institution.code])
    words = {"done": f"=Done in Q{quarter}", "next_step": "Train the army.\nThen the police."}
    save_narrative(report.narrative, by=by, version=0, values=words)


def _judge(report: Report, by: User, quarter: int) -> None:
    review = report.reviews.select_related("report__period__plan").get(outcome="")
    for line in report.lines.select_related("indicator"):
        if rating := COALITION.get((quarter, line.indicator.code)):
            save_remark(review, by=by, version=0, verdict="accepted", line=line, rating=rating)


def _live(made: Released, quarter: int) -> None:
    period = made.periods[quarter] = factory.open_quarter(made.plan, 2026, quarter)
    for (number, code), answers in reported().items():
        if number != quarter:
            continue
        report = Report.objects.with_names().get(period=period, institution__code=code)
        author = made.authors[code]
        with clock.at(at(2026, *SENT[number, code])):
            _fill(report, author, quarter, answers)
            factory.decide("submit", report, author)
            factory.decide("take", report, made.reviewer)
            _judge(report, made.reviewer, quarter)
            if (number, code) != (3, "MB"):
                factory.decide("validate", report, made.reviewer)


def _publish(made: Released, quarter: int, note: str = "") -> Edition:
    period = made.periods[quarter]
    with clock.at(at(*PUBLISHED[quarter])):
        return publish(period=period, by=made.lead, seen=checklist(period).seen, note=note)


_kept: list[tuple[Released, list[list[Model]]]] = []
"""What was made once, with the rows of every table: to copy is faster than to live it again."""


def two_quarters() -> Released:
    """The plan and its quarters, in an empty database."""
    if not _kept:
        made = _made()
        models = [m for name in APPS for m in apps.get_app_config(name).get_models(True)]
        _kept.append((made, [list(model._base_manager.all()) for model in models]))
    else:
        for rows in deepcopy(_kept[0][1]):
            if rows:
                type(rows[0])._base_manager.bulk_create(rows)
    return deepcopy(_kept[0][0])


def _made() -> Released:
    """Make it all, as the people of the plan would have."""
    plan = factory.make_plan(adopted_on=date(2024, 3, 15))
    for depth, (en, sq) in enumerate([("Policy area", "Fusha"), ("Objective", "Objektivi")]):
        plan.levels.create(depth=depth, name_en=en, name_sq=sq)
    who, under = _institutions(), _objectives(plan)
    _indicators(plan, who, under)
    _actions(plan, who, under)
    _frameworks(plan, under)
    person: dict[str, Any] = {"password": None}
    member = factory.make_member
    authors = {code: member(Role.APPROVER, plan, who[code], **person) for code in ("MM", "MB")}
    reviewer, lead = (member(role, plan, **person) for role in (Role.REVIEWER, Role.LEAD))
    found = factory.make_plan("XK", country="XK", certainty="found")
    factory.make_objective(found, "1")
    nothing = Edition()
    made = Released(plan, found, who, authors, reviewer, lead, {}, nothing, nothing)
    _live(made, 2)
    made.older = _publish(made, 2)
    _live(made, 3)
    made.newest = _publish(made, 3, NOTE)
    return made
