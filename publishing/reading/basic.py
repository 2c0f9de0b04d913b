"""The small parts: a text in several languages, a published figure, a quarter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from publishing.disclosure import Figure

T = TypeVar("T")
LANGUAGES = ("en", "sq", "fr")


class Text(dict[str, str]):
    """A text in several languages; it reads in the reader's, else in the first there is."""

    def __str__(self) -> str:
        wished = (get_language() or "en").split("-")[0]
        return next((self[code] for code in (wished, *LANGUAGES) if code in self), "")


@dataclass(frozen=True)
class Amount:
    """A published figure, with its halves where it is a share."""

    value: Figure | None = None
    numerator: Figure | None = None
    denominator: Figure | None = None

    @property
    def number(self) -> Decimal | None:
        """The figure for drawing; None where it is hidden."""
        return self.value if isinstance(self.value, Decimal) else None

    @property
    def is_there(self) -> bool:
        return self.value is not None or self.numerator is not None


@dataclass(frozen=True)
class Quarter:
    """One period of the plan."""

    code: str
    year: int
    quarter: int
    starts_on: date
    ends_on: date
    due_on: date

    def __str__(self) -> str:
        # Translators: a quarter of a year, such as "2026 Q3".
        return _("%(year)s Q%(quarter)s") % {"year": self.year, "quarter": self.quarter}


class Later(Mapping[str, T]):
    """Rows by cell, made from their plain data when the first of them is asked for.

    They are most of a snapshot, and every page shows a few of them only.
    """

    def __init__(self, data: Any, make: Callable[[Any], dict[str, T]]) -> None:
        self._data, self._make = data, make

    @cached_property
    def _rows(self) -> dict[str, T]:
        found, self._data = self._make(self._data), None
        return found

    def __getitem__(self, key: str) -> T:
        return self._rows[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, T]:
        return deepcopy(self._rows, memo)


def total_of(money: list[Decimal | None]) -> Decimal | None:
    """A sum of what is known; nothing known is no sum, not zero."""
    known = [amount for amount in money if amount is not None]
    return sum(known, Decimal(0)) if known else None
