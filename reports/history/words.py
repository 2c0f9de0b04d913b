"""What the words of a table mean in the plan: indicators, institutions, parts, units.

A word means what the mapping says; else the code or the title that it is, in any language. A word
that could mean two things means nothing, and the mapping has to say it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Institution
from indicators.cells import cell_key
from indicators.choices import Kind, TotalRule
from indicators.models import Indicator, Plan
from reports.history.mapping import JOINT, ColumnRole, Mapping, tidy, titles

SHARE, FIGURE = "percent", "number"
TOTALS = frozenset({"", "total", "totali", "gjithsej", "all", "ensemble"})
_SHARES = frozenset({"percent", "%", "percentage", "share", "përqind", "perqind", "pour cent"})


class UnknownWord(ValueError):
    """A word the plan does not know; str() is a sentence. `role` and `word` say where to map it."""

    def __init__(self, sentence: str, *, role: str, word: str) -> None:
        super().__init__(sentence)
        self.role, self.word = role, word


@dataclass(frozen=True)
class Parts:
    """The dimensions of one indicator, and its categories by dimension, each in order."""

    order: tuple[str, ...]
    categories: dict[str, tuple[str, ...]]
    named: dict[str, set[tuple[str, str]]]
    open_ones: frozenset[str]


class Vocabulary:
    """The words of one plan. Five queries, whatever is asked of it afterwards."""

    def __init__(self, plan: Plan, mapping: Mapping) -> None:
        self.plan, self.mapping = plan, mapping
        rows = plan.indicators.prefetch_related("splits__dimension__categories")
        self.indicators = {row.code: row for row in rows}
        self._indicators = _index(self.indicators.values())
        institutions = Institution.objects.filter(country=plan.country).prefetch_related("aliases")
        self._institutions = _index(institutions)
        for row in institutions:
            for alias in row.aliases.all():
                self._institutions[tidy(alias.name)].add(row)
        self.parts = {row.pk: parts_of(row) for row in self.indicators.values()}

    def indicator(self, texts: Sequence[str]) -> Indicator:
        """The indicator that the words of its columns name together.

        Raises:
            UnknownWord: none, or none that takes figures.
        """
        word = JOINT.join(texts)
        found = _one(self._indicators, self._mapped(ColumnRole.INDICATOR, word))
        if found is None:
            text = _("The plan has no indicator “%(word)s”. Say which one is meant.")
            raise _unknown(text, ColumnRole.INDICATOR, word)
        if Kind(found.kind) == Kind.NARRATIVE:
            text = _("“%(word)s” is reported in words and takes no figures. Choose another one.")
            raise _unknown(text, ColumnRole.INDICATOR, word)
        return found

    def institution(self, word: str) -> Institution | None:
        """The institution of a name; none where it is blank.

        Raises:
            UnknownWord: the country has none of this name.
        """
        if not word:
            return None
        found = _one(self._institutions, self._mapped(ColumnRole.INSTITUTION, word))
        if found is None:
            text = _("There is no institution “%(word)s”. Say which one is meant.")
            raise _unknown(text, ColumnRole.INSTITUTION, word)
        return found

    def cell(self, indicator: Indicator, named: Iterable[tuple[str, str]]) -> str:
        """The key of the cell that the words of the part columns, (heading, word), name together.

        Raises:
            UnknownWord: a word names no part of the indicator, or two words the same dimension.
        """
        parts = self.parts[indicator.pk]
        chosen: dict[str, str] = {}
        for heading, word in named:
            for dimension, category in self._pairs(parts, heading, word, indicator):
                if chosen.setdefault(dimension, category) != category:
                    text = _("“%(word)s” names a second part of “%(dimension)s”.")
                    raise _unknown(text, heading, word, dimension=dimension)
        return cell_key((name, chosen[name]) for name in parts.order if name in chosen)

    def is_share(self, indicator: Indicator, word: str) -> bool:
        """Whether a figure is a stated percentage of its whole; not where the indicator is one."""
        known = self._mapped(ColumnRole.UNIT, word)
        says_percent = known == SHARE or (known != FIGURE and tidy(known) in _SHARES)
        return says_percent and not indicator.is_share

    def _mapped(self, role: str, word: str) -> str:
        return self.mapping.words.get(role, {}).get(word, word)

    def _pairs(
        self, parts: Parts, heading: str, word: str, indicator: Indicator
    ) -> list[tuple[str, str]]:
        known = self._mapped(heading, word)
        if tidy(known) in TOTALS:
            return []
        pairs = [_pair(item) for item in known.split(";")] if "=" in known else []
        if pairs and all(category in parts.categories.get(d, ()) for d, category in pairs):
            return pairs
        named = parts.named.get(tidy(known), set())
        narrowed = {pair for pair in named if tidy(pair[0]) == tidy(heading)} or named
        if len(narrowed) == 1:
            return list(narrowed)
        text = _("“%(word)s” is no part of %(indicator)s. Say which part is meant.")
        raise _unknown(text, heading, word, indicator=indicator.code)


def parts_of(indicator: Indicator) -> Parts:
    """What an indicator is split into; no query when splits and categories are prefetched."""
    dimensions = [split.dimension for split in indicator.splits.all()]
    named: dict[str, set[tuple[str, str]]] = defaultdict(set)
    categories: dict[str, tuple[str, ...]] = {}
    for dimension in dimensions:
        rows = list(dimension.categories.all())
        categories[dimension.code] = tuple(row.code for row in rows)
        for row in rows:
            for name in (row.code, *titles(row)):
                named[tidy(name)].add((dimension.code, row.code))
    open_ones = frozenset(d.code for d in dimensions if d.total_rule == TotalRule.OPEN)
    return Parts(tuple(d.code for d in dimensions), categories, dict(named), open_ones)


def _pair(text: str) -> tuple[str, str]:
    dimension, _sign, category = text.strip().partition("=")
    return dimension.strip(), category.strip()


def _index(rows: Iterable[Any]) -> dict[str, set[Any]]:
    index: dict[str, set[Any]] = defaultdict(set)
    for row in rows:
        for name in (row.code, *titles(row)):
            index[tidy(name)].add(row)
    return index


def _one(index: dict[str, set[Any]], word: str) -> Any:
    """The one row of a name: by its code before its title, nothing where two have it."""
    found = index.get(tidy(word), set())
    coded = [row for row in found if tidy(row.code) == tidy(word)]
    chosen = coded or list(found)
    return chosen[0] if len(chosen) == 1 else None


def _unknown(sentence: str, role: str, word: str, **more: str) -> UnknownWord:
    return UnknownWord(sentence % {"word": word[:80], **more}, role=str(role), word=word)
