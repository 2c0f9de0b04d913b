"""What must hold for a row beyond its single cells."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext as _

from indicators.choices import CellLayout, Kind, OverTime, OverUnits, ValueMeaning
from indicators.combine import rules_over_time, rules_over_units
from indicators.loading.book import Book
from indicators.loading.constraints import columns_of, violated
from indicators.loading.problems import Problems
from indicators.loading.rows import Row
from indicators.models.consistency import rule_faults

SIDES = ("left", "right")


def check(rows: Iterable[Row], book: Book, problems: Problems) -> None:
    """Note every fault of rows whose cells could be read."""
    rows = list(rows)
    for row in rows:
        _check_texts(row, problems)
        _check_constraints(row, problems)
    if rows and rows[0].sheet.name in CHECKS:
        CHECKS[rows[0].sheet.name](rows, book, problems)


def _check_texts(row: Row, problems: Problems) -> None:
    for field in row.sheet.texts:
        names = [f"{field}_{code}" for code in settings.MODELTRANSLATION_LANGUAGES]
        given = row.failed & set(names) or any(getattr(row.instance, name) for name in names)
        if not given:
            first = next((name for name in names if name in row.values), names[0])
            row.refuse(problems, first, _("Write it in one language at least."))


def _check_constraints(row: Row, problems: Problems) -> None:
    for constraint in violated(row.instance):
        columns = _columns(constraint)
        if not row.failed & set(columns):
            text = _("This rule is broken: %s") % constraint.get_violation_error_message()
            row.refuse(problems, ", ".join(columns), text)


def _columns(constraint: CheckConstraint) -> list[str]:
    return columns_of(constraint.condition) if isinstance(constraint.condition, Q) else []


def _check_indicators(rows: Iterable[Row], book: Book, problems: Problems) -> None:
    categories = _categories(book)
    for row in rows:
        if not row.failed & {"kind", "value_meaning"}:
            _check_rules(row, problems)
            _check_baseline(row, problems)
        for code in row.values.get("dimensions", ()):
            if code not in categories and book.find("dimensions", code, row):
                row.refuse(problems, "dimensions", _("“%s” has no categories.") % code)


def _check_rules(row: Row, problems: Problems) -> None:
    kind, meaning = Kind(row.instance.kind), ValueMeaning(row.instance.value_meaning)
    allowed: dict[str, frozenset[OverTime] | frozenset[OverUnits]] = {
        "over_time": rules_over_time(kind, meaning),
        "over_units": rules_over_units(kind),
    }
    for column, rules in allowed.items():
        value = getattr(row.instance, column)
        if column not in row.failed and value not in rules:
            row.refuse(
                problems,
                column,
                _("“%(value)s” does not fit %(kind)s and %(meaning)s. Fitting: %(allowed)s.")
                % {
                    "value": value,
                    "kind": kind.value,
                    "meaning": meaning.value,
                    "allowed": ", ".join(sorted(rules)),
                },
            )


def _check_baseline(row: Row, problems: Problems) -> None:
    indicator = row.instance
    above, below = indicator.baseline_numerator, indicator.baseline_denominator
    if above is None and below is None:
        return
    if not Kind(indicator.kind).has_fraction:
        text = _("Only a percentage or a ratio has a numerator and a denominator.")
        row.refuse(problems, "baseline_numerator", text)
    elif above is None or below is None:
        row.refuse(problems, "baseline_denominator", _("Write both halves, or neither."))
    elif indicator.kind == Kind.PERCENTAGE and above > below:
        text = _("The numerator is larger than the denominator.")
        row.refuse(problems, "baseline_numerator", text)


def _check_targets(rows: Iterable[Row], book: Book, problems: Problems) -> None:
    categories = _categories(book)
    for row in rows:
        indicator = book.find("indicators", row.values.get("indicator", ""), row)
        if indicator is None or "cell" in row.failed:
            continue
        if indicator.kind == Kind.NARRATIVE:
            row.refuse(problems, "indicator", _("A narrative has no target."))
        splits = book.splits_of(indicator)
        if not all(book.find("dimensions", code, row) for code in splits):
            continue
        codes = {code: categories.get(code, frozenset()) for code in splits}
        if not is_cell(row.values["cell"], codes, indicator.cell_layout):
            row.refuse(problems, "cell", _no_cell(row.values["cell"][:60], codes))


def _no_cell(cell: str, dimensions: Iterable[str]) -> str:
    names = ", ".join(dimensions)
    if not names:
        return _("This indicator is not split. Leave the cell blank: the target is for the total.")
    text = _("“%(cell)s” is no cell of this indicator, which is split by: %(dimensions)s.")
    return text % {"cell": cell, "dimensions": names}


def is_cell(key: str, categories: Mapping[str, frozenset[str]], layout: str) -> bool:
    """Whether a key names a cell: the total, a part, or with crossed dimensions one part of each.

    `categories` has the dimensions in the order in which the indicator names them.
    """
    if not key:
        return True
    parts = [part.partition("=")[::2] for part in key.split(";")]
    named = [dimension for dimension, _category in parts]
    known = all(category in categories.get(name, ()) for name, category in parts)
    if layout == CellLayout.CROSSED:
        return known and named == list(categories)
    return known and len(parts) == 1


def _check_consistency(rows: Iterable[Row], book: Book, problems: Problems) -> None:
    for row in rows:
        sides = [book.find("indicators", row.values.get(name, ""), row) for name in SIDES]
        if all(sides) and not row.failed & {*SIDES}:
            for column, text in rule_faults(*sides):
                row.refuse(problems, column, text)


def _categories(book: Book) -> dict[str, frozenset[str]]:
    """The codes of each dimension's categories."""
    found: dict[str, set[str]] = defaultdict(set)
    for category in book.all("categories"):
        if category.dimension_id or category._state.fields_cache.get("dimension"):
            found[category.dimension.code].add(category.code)
    return {dimension: frozenset(codes) for dimension, codes in found.items()}


Check = Callable[[Iterable[Row], Book, Problems], None]
CHECKS: dict[str, Check] = {
    "indicators": _check_indicators,
    "targets": _check_targets,
    "consistency": _check_consistency,
}
