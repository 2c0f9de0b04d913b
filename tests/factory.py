"""A small plan and its people, made in a few lines that read like the case they build."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.models import Institution, User
from indicators.choices import (
    BaselineState,
    Direction,
    Kind,
    OverTime,
    OverUnits,
    Relation,
    Role,
    TotalRule,
    ValueMeaning,
)
from indicators.models import (
    Action,
    Category,
    ConsistencyRule,
    Dimension,
    Indicator,
    IndicatorDimension,
    Membership,
    Objective,
    Plan,
    Target,
)
from reports.models import Observation, Period, Report
from reports.periods import open_period
from reports.services import save_action, save_line, save_narrative
from reports.workflow import perform
from tests.remembered import memory

PASSWORD = "a long enough password"


def make_plan(code: str = "AL", **fields: Any) -> Plan:
    defaults: dict[str, Any] = {
        "country": "AL",
        "title_en": f"Plan {code}",
        "title_sq": f"Plani {code}",
        "languages": ["sq", "en"],
        "starts_on": date(2024, 1, 1),
        "ends_on": date(2027, 12, 31),
    }
    return Plan.objects.create(code=code, **{**defaults, **fields})


def make_institution(code: str, name: str = "", **fields: Any) -> Institution:
    fields = {"country": "AL", "kind": "ministry", "name_en": name or f"Ministry {code}", **fields}
    return Institution.objects.create(code=code, **fields)


def make_objective(plan: Plan, code: str = "1", parent: Objective | None = None) -> Objective:
    return Objective.objects.create(
        plan=plan,
        code=code,
        parent=parent,
        depth=parent.depth + 1 if parent else 0,
        title_en=f"Objective {code}",
    )


def make_indicator(
    plan: Plan, code: str, *responsible: Institution, objective: Objective, **fields: Any
) -> Indicator:
    """A public in-period count that should grow, unless told otherwise."""
    defaults: dict[str, Any] = {
        "title_en": f"Indicator {code}",
        "title_sq": f"Treguesi {code}",
        "kind": Kind.COUNT,
        "unit_en": "persons",
        "direction": Direction.INCREASE,
        "value_meaning": ValueMeaning.IN_PERIOD,
        "over_time": OverTime.SUM,
        "over_units": OverUnits.SUM,
        "baseline_state": BaselineState.ZERO,
        "baseline_date": plan.starts_on,
    }
    indicator = Indicator.objects.create(
        plan=plan, objective=objective, code=code, **{**defaults, **fields}
    )
    indicator.responsible.set(responsible)
    return indicator


def make_share(plan: Plan, code: str, *responsible: Institution, **fields: Any) -> Indicator:
    """A percentage: reported as numerator and denominator."""
    share: dict[str, Any] = {
        "kind": Kind.PERCENTAGE,
        "unit_en": "%",
        "value_meaning": ValueMeaning.SNAPSHOT,
        "over_time": OverTime.LATEST,
        "over_units": OverUnits.RATIO_OF_SUMS,
    }
    return make_indicator(plan, code, *responsible, **{**share, **fields})


def make_dimension(
    plan: Plan, code: str, *categories: str, total_rule: str = TotalRule.ENTERED
) -> Dimension:
    dimension = Dimension.objects.create(
        plan=plan, code=code, title_en=code.title(), total_rule=total_rule
    )
    Category.objects.bulk_create(
        Category(dimension=dimension, code=c, title_en=c.title(), order=n)
        for n, c in enumerate(categories)
    )
    return dimension


def split(indicator: Indicator, *dimensions: Dimension) -> Indicator:
    for order, dimension in enumerate(dimensions):
        IndicatorDimension.objects.create(indicator=indicator, dimension=dimension, order=order)
    return indicator


def make_rule(code: str, left: Indicator, right: Indicator, **fields: Any) -> ConsistencyRule:
    """A warning that the first is at most the second, unless told otherwise."""
    defaults: dict[str, Any] = {
        "relation": Relation.AT_MOST,
        "explanation_en": f"{left.code} is at most {right.code}",
        "explanation_sq": f"{left.code} është e shumta {right.code}",
    }
    return ConsistencyRule.objects.create(
        plan=left.plan, code=code, left=left, right=right, **{**defaults, **fields}
    )


def make_target(indicator: Indicator, value: int | str, as_of: date | None = None) -> Target:
    return Target.objects.create(
        indicator=indicator, as_of=as_of or indicator.plan.ends_on, value=Decimal(value)
    )


def make_action(plan: Plan, code: str, lead: Institution, objective: Objective) -> Action:
    return Action.objects.create(
        plan=plan, code=code, lead=lead, objective=objective, title_en=f"Action {code}"
    )


def make_user(email: str, **fields: Any) -> User:
    fields = {"name": email.partition("@")[0].title(), "password": PASSWORD, **fields}
    return User.objects.create_user(email, **fields)


def make_member(
    role: Role, plan: Plan, institution: Institution | None = None, email: str = "", **fields: Any
) -> User:
    """A person with one role in one plan."""
    place = institution.code.lower() if institution else plan.code.lower()
    user = make_user(email or f"{role}.{place}@example.org", **fields)
    Membership.objects.create(user=user, plan=plan, role=role, institution=institution)
    return user


def make_members(plan: Plan, **wanted: tuple[Role, Institution | str | None]) -> dict[str, User]:
    """Many people at once, each by role and institution, or role and an address of her own."""
    password = make_password(PASSWORD)
    people: dict[str, User] = {}
    places: dict[str, Institution | None] = {}
    for name, (role, more) in wanted.items():
        places[name] = more if isinstance(more, Institution) else None
        place = more.code.lower() if isinstance(more, Institution) else plan.code.lower()
        email = more if isinstance(more, str) else f"{role}.{place}@example.org"
        called = email.partition("@")[0].title()
        people[name] = User(email=email, name=called, password=password)
    User.objects.bulk_create(people.values())
    Membership.objects.bulk_create(
        Membership(user=user, plan=plan, role=wanted[name][0], institution=places[name])
        for name, user in people.items()
    )
    return people


def value(number: int | str, cell: str = "") -> Observation:
    return Observation(cell=cell, value=Decimal(number))


def fraction(numerator: int | str, denominator: int | str, cell: str = "") -> Observation:
    return Observation(cell=cell, numerator=Decimal(numerator), denominator=Decimal(denominator))


def fill_in(report: Report, by: User, number: int = 5) -> Report:
    """Answer everything a report without splits asks for."""
    return memory.step(("fill in", report.pk, by.pk, number), lambda: _fill_in(report, by, number))


def _fill_in(report: Report, by: User, number: int) -> Report:
    for line in report.lines.select_related("indicator", "report__period__plan"):
        answer = fraction(number, 100) if line.indicator.is_share else value(number)
        save_line(
            line,
            by=by,
            version=line.version,
            answers=[answer],
            rating=("on_track", "As planned."),
        )
    for progress in report.actions.select_related("report__period__plan"):
        values = {"status": "in_progress", "spent": Decimal("1000.50"), "allocated": Decimal(2000)}
        if progress.action.fundings.count() > 1:
            values["note"] = "The books do not part the sources."
        save_action(progress, by=by, version=progress.version, values=values)
    narrative = report.narrative
    words = {"done": "Trained the police.", "next_step": "Train the army."}
    save_narrative(narrative, by=by, version=narrative.version, values=words)
    return Report.objects.with_names().get(pk=report.pk)


def decide(action: str, report: Report, by: User, **more: Any) -> Report:
    """A decision made on the report as it is now."""

    def live() -> Report:
        now = Report.objects.with_names().get(pk=report.pk)
        return perform(action, report=now, by=by, version=now.version, **more)

    return memory.step((action, report.pk, by.pk, *sorted(more.items())), live)


def open_quarter(plan: Plan, year: int = 2026, quarter: int = 3) -> Period:
    return open_period(plan, year, quarter)
