"""An invented plan as adopted: objectives, actions with money, indicators with targets, people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models

from accounts.models import Institution
from indicators.choices import BaselineState, CellLayout, Certainty, Kind, ValueMeaning
from indicators.models import (
    Action,
    Category,
    Dimension,
    Framework,
    FrameworkItem,
    Funding,
    Indicator,
    IndicatorDimension,
    Objective,
    Plan,
    PlanLevel,
    Target,
)
from publishing.scale.figures import Aim, aim_of
from publishing.scale.shapes import DIMENSIONS, Shape, shape_of

LAST_QUARTER = (2026, 3)
"""The newest quarter of every invented plan, so that runs of different days are equal."""

FUNDS = ("State budget", "UN Women", "Donors")


@dataclass(frozen=True)
class Size:
    """How much there is of everything in one plan."""

    years: int = 5
    indicators: int = 60
    institutions: int = 10
    actions: int = 30

    @property
    def quarters(self) -> list[tuple[int, int]]:
        """Year and quarter, oldest first."""
        year, quarter = LAST_QUARTER
        last = year * 4 + quarter - 1
        return [(n // 4, n % 4 + 1) for n in range(last - self.years * 4 + 1, last + 1)]


@dataclass(frozen=True)
class Measured:
    """An indicator with what its figures are invented from and who reports it."""

    row: Indicator
    number: int
    shape: Shape
    aim: Aim
    places: list[Institution]


@dataclass(frozen=True)
class Adopted:
    """One plan as rows, in their order."""

    plan: Plan
    size: Size
    institutions: list[Institution]
    indicators: list[Measured]
    actions: list[Action]


def plan_code(number: int) -> str:
    """The code of the plan with this number, from 1: S001."""
    return f"S{number:03}"


def both(text: str, albanian: str, name: str = "title") -> dict[str, str]:
    return {f"{name}_en": text, f"{name}_sq": albanian}


def _plan(number: int, size: Size) -> Plan:
    code, (year, quarter) = plan_code(number), size.quarters[0]
    plan = Plan.objects.create(
        code=code,
        country=f"X{chr(ord('A') + number % 26)}",
        starts_on=date(year, 3 * quarter - 2, 1),
        ends_on=date(LAST_QUARTER[0] + 1, 12, 31),
        languages=["sq", "en"],
        certainty=Certainty.DEMONSTRATION,
        **both(f"Invented plan {code}", f"Plani i shpikur {code}"),
    )
    names = (("Policy area", "Fusha"), ("Objective", "Objektivi"))
    PlanLevel.objects.bulk_create(
        PlanLevel(plan=plan, depth=depth, **both(*name, "name")) for depth, name in enumerate(names)
    )
    return plan


def _institutions(plan: Plan, size: Size) -> list[Institution]:
    return Institution.objects.bulk_create(
        Institution(
            country=plan.country,
            code=f"{plan.code}-M{n:02}",
            kind="ministry",
            **both(f"Ministry {n} of {plan.code}", f"Ministria {n} e {plan.code}", "name"),
        )
        for n in range(1, size.institutions + 1)
    )


def _objectives(plan: Plan) -> list[Objective]:
    """Four areas with three objectives each; the objectives."""
    places = range(1, 5)
    top = Objective.objects.bulk_create(
        Objective(plan=plan, code=f"{n}", order=n, **both(f"Area {n}", f"Fusha {n}"))
        for n in places
    )
    return Objective.objects.bulk_create(
        Objective(
            plan=plan,
            parent=area,
            depth=1,
            order=10 * (place + 1) + n,
            code=f"{area.code}.{n}",
            **both(f"More women take part, {area.code}.{n}", f"Më shumë gra, {area.code}.{n}"),
        )
        for place, area in enumerate(top)
        for n in range(1, 4)
    )


def _actions(
    plan: Plan, size: Size, under: list[Objective], places: list[Institution]
) -> list[Action]:
    actions = Action.objects.bulk_create(
        Action(
            plan=plan,
            objective=under[n % len(under)],
            code=f"A{n + 1:02}",
            order=n,
            lead=places[n % len(places)],
            **both(f"Train and recruit women, {n + 1}", f"Trajnim dhe rekrutim, {n + 1}"),
        )
        for n in range(size.actions)
    )
    Funding.objects.bulk_create(
        Funding(action=action, source=source, planned=Decimal(900_000 + 40_000 * n) / (k + 1))
        for n, action in enumerate(actions)
        for k, source in enumerate(FUNDS[: 1 + n % 3])
    )
    return actions


def _dimensions(plan: Plan) -> dict[str, Dimension]:
    rows = Dimension.objects.bulk_create(
        Dimension(plan=plan, code=code, **both(code.title(), code.title())) for code in DIMENSIONS
    )
    Category.objects.bulk_create(
        Category(dimension=row, code=code, order=n, **both(code, code))
        for row in rows
        for n, code in enumerate(DIMENSIONS[row.code])
    )
    return {row.code: row for row in rows}


def _baseline(shape: Shape, aim: Aim, plan: Plan) -> dict[str, Any]:
    """What counts from the beginning starts from zero; everything else at a known value."""
    if shape.meaning != ValueMeaning.SNAPSHOT or shape.kind == Kind.NARRATIVE:
        return {"baseline_state": BaselineState.ZERO, "baseline_date": plan.starts_on}
    known: dict[str, Any] = {"baseline_state": BaselineState.KNOWN, "baseline_value": aim.baseline}
    return {**known, "baseline_date": plan.starts_on, "tolerance": abs(aim.target) / 50}


def _indicator(plan: Plan, number: int, shape: Shape, under: list[Objective]) -> Indicator:
    crossed = CellLayout.CROSSED if shape.crossed else CellLayout.SEPARATE
    return Indicator(
        plan=plan,
        objective=under[number % len(under)],
        code=f"I{number + 1:02}",
        order=number,
        kind=shape.kind,
        direction=shape.direction,
        value_meaning=shape.meaning,
        over_time=shape.over_time,
        over_units=shape.over_units,
        frequency=shape.frequency,
        sensitivity=shape.sensitivity,
        cell_layout=crossed,
        **_baseline(shape, aim_of(shape, number), plan),
        **both(f"Women among those counted, {number + 1}", f"Gratë e numëruara, {number + 1}"),
        **both("persons", "persona", "unit"),
    )


def _indicators(
    plan: Plan, size: Size, under: list[Objective], places: list[Institution]
) -> list[Measured]:
    shapes = [shape_of(n) for n in range(size.indicators)]
    rows = Indicator.objects.bulk_create(
        _indicator(plan, n, shape, under) for n, shape in enumerate(shapes)
    )
    found = [
        # Every fifth is reported by two institutions, the others by one.
        Measured(row, n, shape, aim_of(shape, n), _those(places, n, 2 if n % 5 == 0 else 1))
        for n, (row, shape) in enumerate(zip(rows, shapes, strict=True))
    ]
    link(Indicator.responsible, "institution", [(m.row, p) for m in found for p in m.places])
    dimensions = _dimensions(plan)
    IndicatorDimension.objects.bulk_create(
        IndicatorDimension(indicator=m.row, dimension=dimensions[code], order=n)
        for m in found
        for n, code in enumerate(m.shape.splits)
    )
    return found


def _those(places: list[Institution], number: int, count: int) -> list[Institution]:
    return [places[(number + n) % len(places)] for n in range(min(count, len(places)))]


def link(field: Any, name: str, pairs: Iterable[tuple[models.Model, models.Model]]) -> None:
    """Rows of a many-to-many relation, in one statement."""
    through = field.through
    owner = field.field.model._meta.model_name
    through.objects.bulk_create(through(**{owner: a, name: b}) for a, b in pairs)


def _targets(adopted: Adopted) -> None:
    """One at each year's end; of every seventh indicator the last was revised."""
    first, plan = adopted.size.quarters[0][0], adopted.plan
    years = range(first, plan.ends_on.year + 1)
    made = []
    for m in adopted.indicators:
        if m.shape.kind == Kind.NARRATIVE:
            continue
        for n, year in enumerate(years, start=1):
            value = round(m.aim.at(Decimal(n) / len(years)), 4)
            made.append(Target(indicator=m.row, as_of=date(year, 12, 31), value=value))
        if m.number % 7 == 0:
            last = {"as_of": plan.ends_on, "value": round(m.aim.target * 9 / 10, 4)}
            reason = "The council moved the date."
            made.append(Target(indicator=m.row, version=2, reason=reason, **last))
    Target.objects.bulk_create(made)


def _frameworks(adopted: Adopted) -> None:
    """Every third indicator answers to an item of one small framework, shared by all plans."""
    framework, _new = Framework.objects.get_or_create(
        code="scale", defaults=both("Invented framework", "Kuadri i shpikur")
    )
    items = [
        FrameworkItem.objects.get_or_create(
            framework=framework, code=f"F{n}", defaults=both(f"Item {n}", f"Zëri {n}")
        )[0]
        for n in range(1, 9)
    ]
    pairs = [(m.row, items[m.number % len(items)]) for m in adopted.indicators if m.number % 3 == 0]
    link(Indicator.frameworks, "frameworkitem", pairs)


def adopt(number: int, size: Size) -> Adopted:
    """Make the plan with this number, without anybody in it and without a report."""
    plan = _plan(number, size)
    places, under = _institutions(plan, size), _objectives(plan)
    actions = _actions(plan, size, under, places)
    adopted = Adopted(plan, size, places, _indicators(plan, size, under, places), actions)
    _targets(adopted)
    _frameworks(adopted)
    return adopted
