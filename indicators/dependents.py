"""Who must know when the plan as adopted changes: those who keep results computed from it.

Apps above this one register a function when they start. It is called in the transaction of the
change, with the primary keys of the indicators that it touches, so that both commit together.
"""

from collections.abc import Callable, Iterable

from django.db.models import Model

from indicators.models import (
    Category,
    Dimension,
    Indicator,
    IndicatorDimension,
    Plan,
    Target,
)

Dependent = Callable[[set[int]], None]

_dependents: list[Dependent] = []
_KINDS: dict[type[Model], str] = {
    Plan: "plan__in",
    Indicator: "pk__in",
    Dimension: "splits__dimension__in",
    Category: "splits__dimension__in",
}


def register(dependent: Dependent) -> None:
    """Call this function whenever indicators are changed; once for each, however often asked."""
    if dependent not in _dependents:
        _dependents.append(dependent)


def _key(row: Model) -> int | None:
    """The key by which a changed row finds the indicators it touches."""
    if isinstance(row, Target | IndicatorDimension):
        return row.indicator_id
    return row.dimension_id if isinstance(row, Category) else row.pk


def touched(rows: Iterable[Model]) -> set[int]:
    """The indicators that stand on these rows of a plan; other rows touch none."""
    keys: dict[str, set[int | None]] = {}
    for row in rows:
        kind = Indicator if isinstance(row, Target | IndicatorDimension) else type(row)
        if kind in _KINDS:
            keys.setdefault(_KINDS[kind], set()).add(_key(row))
    found: set[int] = set(keys.pop("pk__in", set()))  # type: ignore[arg-type]
    for path, wanted in keys.items():
        found |= set(Indicator.objects.filter(**{path: wanted}).values_list("pk", flat=True))
    return found


def tell(rows: Iterable[Model]) -> None:
    """These rows were stored or are gone: everybody who depends on them takes it up."""
    follow(touched(rows))


def follow(indicators: set[int]) -> None:
    """Let everybody take up that these indicators changed."""
    for dependent in _dependents if indicators else ():
        dependent(indicators)
