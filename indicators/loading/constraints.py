"""The check constraints of a model, asked of a record in memory: no query, the database's words."""

import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import CheckConstraint, F, Model, Q

LOOKUPS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda value, among: value in among,
    "regex": lambda value, pattern: re.search(pattern, value) is not None,
}


def violated(record: Model) -> Iterator[CheckConstraint]:
    """The constraints that the database would refuse this record for."""
    for constraint in record._meta.constraints:
        if not isinstance(constraint, CheckConstraint) or not isinstance(constraint.condition, Q):
            continue
        if holds(constraint.condition, record) is False:
            yield constraint


def holds(condition: Q, record: Model) -> bool | None:
    """Three-valued as in SQL: None where a missing value leaves it open, which a check allows.

    Raises:
        KeyError: a lookup that stands in no constraint yet; add it to LOOKUPS.
    """
    answers = [
        holds(child, record) if isinstance(child, Q) else _ask(child, record)
        for child in condition.children
    ]
    decisive = condition.connector == Q.OR
    answer: bool | None = not decisive
    if decisive in answers:
        answer = decisive
    elif None in answers:
        answer = None
    return answer if answer is None or not condition.negated else not answer


def columns_of(condition: Q) -> list[str]:
    """The fields a condition speaks of, in its order."""
    names: list[str] = []
    for child in condition.children:
        if isinstance(child, Q):
            names += columns_of(child)
        else:
            lookup, value = child  # type: ignore[misc]
            names.append(lookup.split("__")[0])
            names += [_name(value)] if isinstance(value, F) else []
    return list(dict.fromkeys(names))


def _ask(child: Any, record: Model) -> bool | None:
    name, _separator, lookup = child[0].partition("__")
    value, other = _value(record, name), child[1]
    if isinstance(other, F):
        other = _value(record, _name(other))
    if lookup == "isnull":
        return (value is None) is other
    if value is None or other is None:
        return None
    return LOOKUPS[lookup or "exact"](value, other)


def _name(reference: F) -> str:
    return str(reference.name)  # type: ignore[attr-defined] # the stubs leave it out


def _value(record: Model, name: str) -> Any:
    """A field's value; a related record stands for its key, also while it has none yet."""
    if not record._meta.get_field(name).is_relation:
        return getattr(record, name)
    related = record._state.fields_cache.get(name)
    return related if related is not None else getattr(record, f"{name}_id")
