"""Who must know when the plan as adopted changes: those who keep results computed from it.

Apps above this one register a function when they start. It is called in the transaction of the
change, with the primary keys of the indicators that it touches, so that both commit together.
"""

from collections.abc import Callable, Iterable

from django.db.models import Model, Q

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


def register(dependent: Dependent) -> None:
    """Call this function whenever indicators are changed; once for each, however often asked."""
    if dependent not in _dependents:
        _dependents.append(dependent)


def touched(rows: Iterable[Model]) -> set[int]:
    """The indicators that stand on these rows of a plan; other rows touch none. One query."""
    found: set[int] = set()
    plans: set[int] = set()
    dimensions: set[int] = set()
    for row in rows:
        if isinstance(row, Indicator):
            found.add(row.pk)
        elif isinstance(row, Target | IndicatorDimension):
            found.add(row.indicator_id)
        elif isinstance(row, Dimension):
            dimensions.add(row.pk)
        elif isinstance(row, Category):
            dimensions.add(row.dimension_id)
        elif isinstance(row, Plan):
            plans.add(row.pk)
    if plans or dimensions:
        on_them = Q(plan__in=plans) | Q(splits__dimension__in=dimensions)
        found |= set(Indicator.objects.filter(on_them).values_list("pk", flat=True))
    return found


def tell(rows: Iterable[Model]) -> None:
    """These rows were stored or are gone: everybody who depends on them takes it up."""
    follow(touched(rows))


def follow(indicators: set[int]) -> None:
    """Let everybody take up that these indicators changed."""
    for dependent in _dependents if indicators else ():
        dependent(indicators)
