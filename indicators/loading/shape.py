"""The shape of a plan as data: which sheets there are, and which columns each may have.

A sheet is a CSV file of a folder or a worksheet of a workbook, both named as here. Types, lengths
and allowed values come from the models; docs/plan-format.md tells the shape to people.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Field, Model

from accounts.models import Institution
from indicators.models import (
    Action,
    Category,
    ConsistencyRule,
    Dimension,
    Framework,
    FrameworkItem,
    Funding,
    Indicator,
    Objective,
    Plan,
    PlanLevel,
    Target,
)

ALIASES = "aliases"
LANGUAGES = "languages"
TIME_ZONE = "time_zone"


@dataclass(frozen=True)
class Column:
    """One column. `refers` names the sheet whose codes it holds, `many` allows several by ";"."""

    name: str
    required: bool = False
    refers: str = ""
    many: bool = False
    language: str = ""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its model, its columns, and the columns that together identify a row.

    `scope` is the way from a row to its plan, empty where rows are shared by plans. `texts` are
    the fields of which every row needs one in some language.
    """

    name: str
    model: type[Model]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    scope: str = ""
    texts: tuple[str, ...] = ()

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def field(self, column: Column) -> "Field[object, object]":
        """The model's field behind a column."""
        return self.model._meta.get_field(column.name)  # type: ignore[return-value]

    @property
    def is_tree(self) -> bool:
        return self.column("parent") is not None

    @property
    def is_ordered(self) -> bool:
        return self.column("order") is not None


def must(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, required=True) for name in names)


def may(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


def one(name: str, sheet: str, *, required: bool = False) -> tuple[Column, ...]:
    return (Column(name, required=required, refers=sheet),)


def several(name: str, sheet: str) -> tuple[Column, ...]:
    return (Column(name, refers=sheet, many=True),)


def text(name: str) -> tuple[Column, ...]:
    """A text in every language: title_en, title_sq, …"""
    return tuple(
        Column(f"{name}_{code}", language=code) for code in settings.MODELTRANSLATION_LANGUAGES
    )


SOURCED = may("source", "certainty")

SHEETS = (
    Sheet(
        "frameworks",
        Framework,
        ("code",),
        must("code") + text("title") + may("source"),
        texts=("title",),
    ),
    Sheet(
        "framework_items",
        FrameworkItem,
        ("framework", "code"),
        one("framework", "frameworks", required=True)
        + must("code")
        + one("parent", "framework_items")
        + text("title")
        + may("pillar", "unit", "adopted_on", "certainty", "source", "order"),
        texts=("title",),
    ),
    Sheet(
        "plan",
        Plan,
        ("code",),
        must("code", "country")
        + text("title")
        + must(LANGUAGES, "starts_on", "ends_on")
        + may("adopted_on", TIME_ZONE, "cadence", "currency", "report_due_days", "resubmit_days")
        + may("on_track_at", "at_risk_at", "coverage_at")
        + may("small_count_below", "small_count_rounding", "is_demonstration")
        + SOURCED
        + text("note"),
        texts=("title",),
    ),
    Sheet(
        "levels", PlanLevel, ("depth",), must("depth") + text("name"), scope="plan", texts=("name",)
    ),
    Sheet(
        "institutions",
        Institution,
        ("country", "code"),
        may("country")
        + must("code")
        + text("name")
        + must("kind")
        + (Column(ALIASES, many=True),)
        + may("source", "note"),
        texts=("name",),
    ),
    Sheet(
        "objectives",
        Objective,
        ("code",),
        must("code")
        + one("parent", "objectives")
        + text("title")
        + several("frameworks", "framework_items")
        + may("order")
        + SOURCED
        + text("note"),
        scope="plan",
        texts=("title",),
    ),
    Sheet(
        "actions",
        Action,
        ("code",),
        must("code")
        + one("objective", "objectives", required=True)
        + text("title")
        + one("lead", "institutions")
        + several("supporting", "institutions")
        + may("starts_on", "ends_on", "order")
        + several("frameworks", "framework_items")
        + SOURCED
        + text("note"),
        scope="plan",
        texts=("title",),
    ),
    Sheet(
        "funding",
        Funding,
        ("action", "source"),
        one("action", "actions", required=True) + must("source", "planned"),
        scope="action__plan",
    ),
    Sheet(
        "dimensions",
        Dimension,
        ("code",),
        must("code") + text("title") + may("total_rule"),
        scope="plan",
        texts=("title",),
    ),
    Sheet(
        "categories",
        Category,
        ("dimension", "code"),
        one("dimension", "dimensions", required=True) + must("code") + text("title") + may("order"),
        scope="dimension__plan",
        texts=("title",),
    ),
    Sheet(
        "indicators",
        Indicator,
        ("code",),
        must("code")
        + one("objective", "objectives", required=True)
        + one("action", "actions")
        + text("title")
        + text("definition")
        + text("unit")
        + must("kind", "direction", "value_meaning", "over_time", "over_units")
        + may("frequency", "baseline_state", "baseline_value", "baseline_numerator")
        + may("baseline_denominator", "baseline_date", "baseline_source")
        + may("tolerance", "floor", "ceiling", "sensitivity")
        + may("on_track_at", "at_risk_at", "threshold_reason")
        + several("responsible", "institutions")
        + several("dimensions", "dimensions")
        + may("cell_layout", "order")
        + several("frameworks", "framework_items")
        + SOURCED
        + text("note"),
        scope="plan",
        texts=("title",),
    ),
    Sheet(
        "targets",
        Target,
        ("indicator", "cell", "as_of", "version"),
        one("indicator", "indicators", required=True)
        + may("cell")
        + must("as_of", "value")
        + may("version", "reason", "decision"),
        scope="indicator__plan",
    ),
    Sheet(
        "consistency",
        ConsistencyRule,
        ("code",),
        must("code")
        + one("left", "indicators", required=True)
        + must("relation")
        + one("right", "indicators", required=True)
        + may("scope", "severity")
        + text("explanation")
        + may("is_active"),
        scope="plan",
        texts=("explanation",),
    ),
)

BY_NAME = {sheet.name: sheet for sheet in SHEETS}


def plan_sheets() -> Iterator[Sheet]:
    """The sheets whose rows belong to one plan."""
    return (sheet for sheet in SHEETS if sheet.scope)
