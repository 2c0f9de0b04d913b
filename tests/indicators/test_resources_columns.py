"""Every column of every file of the admin: a bad cell is named, and nothing is stored."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override
from tablib import Dataset

from accounts.models import Institution, User
from indicators.models import Action, Indicator, Objective, Plan, Target
from indicators.resources import cells
from tests.indicators.every_table import (
    MODELS,
    Brought,
    bring,
    contents,
    label,
    make_everything,
    make_root,
    resource_of,
    rows_for,
)

pytestmark = pytest.mark.django_db
every_model = pytest.mark.parametrize("model", MODELS, ids=label)


@pytest.fixture
def root() -> User:
    make_everything()
    return make_root()


def bad_cell(model: Any, field: Any) -> tuple[Any, str] | None:
    """What this column refuses, and how its sentence begins; None where any text will do."""
    widget = field.widget
    if isinstance(field, cells.ManyCell):
        return ("canary", "“canary” is not known here.") if field.kin else None
    if isinstance(widget, cells.KinWidget):
        return "canary", "“canary” is not known here."
    for kind, cell, text in REFUSED:
        if isinstance(widget, kind):
            return cell, text
    if field.readonly:  # says where the codes of the row are to be found
        return None
    longest = getattr(model._meta.get_field(field.column_name), "max_length", None)
    if longest:
        return "x" * (longest + 1), "Ensure this value has at most"
    return None


REFUSED: list[tuple[type, Any, str]] = [
    (cells.ChoiceWidget, "canary", "“canary” is not one of: "),
    (cells.WholeWidget, Decimal("1.5"), "“1.5” is not a whole number."),
    (cells.NumberWidget, "canary", "“canary” has letters in it."),
    (cells.DayWidget, "31.12.2027", "“31.12.2027” is not a date. Write it as 2026-09-30."),
    (cells.YesNoWidget, "maybe", "“maybe” is neither yes nor no."),
    (cells.ListWidget, "xx", "“xx” is not one of: "),
]


@every_model
def test_a_bad_cell_of_any_column_is_named_and_stores_nothing(root: User, model: Any) -> None:
    resource, (heads, rows) = resource_of(model, root), rows_for(model, root)
    before, tried = contents(), []
    for field in resource.get_import_fields():
        bad = bad_cell(model, field)
        if bad is None:
            continue
        row = list(rows[0])
        row[heads.index(field.column_name)] = bad[0]
        found = bring(model, root, heads, row)
        named = {column for _row, column, _text in found.faults}
        told = [text for _row, column, text in found.faults if column == field.column_name]
        assert field.column_name in named, (field.column_name, found)
        assert told[0].startswith(bad[1]), field.column_name
        assert {number for number, _column, _text in found.faults} == {2}
        assert (found.new, found.refusals) == (0, [])
        tried.append(field.column_name)

    assert contents() == before
    assert len(tried) >= 2


TEXTS = ("title", "name", "source", "reason", "explanation")


@every_model
def test_one_bad_row_keeps_all_the_good_ones_out(root: User, model: Any) -> None:
    make_everything("XK", "XK")
    heads, rows = rows_for(model, root)
    text = next(name for name in heads if name.startswith(TEXTS))
    before = contents()
    good = [*rows[0][: heads.index(text)], "Changed", *rows[0][heads.index(text) + 1 :]]
    bad = [*rows[-1][: heads.index(text)], "x" * 900, *rows[-1][heads.index(text) + 1 :]]
    if text in resource_of(model, root)._meta.import_id_fields:
        good = list(rows[0])
    found = bring(model, root, heads, good, bad)

    assert {(row, column) for row, column, _text in found.faults} == {(3, text)}
    assert contents() == before


def test_a_column_that_names_the_row_may_not_be_missing(root: User) -> None:
    before = contents()
    for model in MODELS:
        resource, (heads, rows) = resource_of(model, root), rows_for(model, root)
        for name in [*resource.context, *resource._meta.import_id_fields]:
            at = heads.index(name)
            short = heads[:at] + heads[at + 1 :], rows[0][:at] + rows[0][at + 1 :]
            assert bring(model, root, *short).refusals == [f"The column “{name}” is missing."]
    assert contents() == before


def test_an_unknown_column_is_named_with_those_there_are(root: User) -> None:
    for model in MODELS:
        heads, rows = rows_for(model, root)
        for name in ("id", "pk", "status", "password", "colour"):
            found = bring(model, root, [*heads, name], [*rows[0], "x"])
            names = ", ".join(sorted(heads))
            assert found.refusals == [f"The column “{name}” is not known. Columns are: {names}."]


def test_a_row_that_stands_twice_is_named_with_the_first(root: User) -> None:
    for model in MODELS:
        heads, rows = rows_for(model, root)
        found = bring(model, root, heads, rows[0], rows[0])
        assert [(row, text) for row, _column, text in found.faults] == [
            (3, "This row stands twice in the file: see row 2.")
        ]


@every_model
def test_what_is_exported_changes_nothing_when_it_comes_back(root: User, model: Any) -> None:
    heads, rows = rows_for(model, root)
    before = contents()
    assert bring(model, root, heads, *rows) == Brought([], [], 0, 0)
    assert bring(model, root, list(reversed(heads)), *(row[::-1] for row in rows)).changed == 0
    assert contents() == before


def test_the_columns_are_called_the_same_in_every_language(root: User) -> None:
    for model in MODELS:
        told = []
        for language in ("en", "sq"):
            with override(language):
                told.append(rows_for(model, root))
        assert told[0] == told[1]


# ---------------------------------------------------------------- sentences of single columns

PLAN_ROW = {"code": "AL"}
INDICATOR = {"plan": "AL", "code": "AL-I"}
ACTION = {"plan": "AL", "code": "AL-A"}
HOUSE = {"country": "AL", "code": "AL-H"}
AIM = {
    "plan": "AL",
    "indicator": "AL-I",
    "cell": "",
    "as_of": date(2027, 12, 31),
    "version": 1,
}
LONG = "x" * 251
CODE = "A code begins with a letter or digit and has none of these in it: / ; : ? # % \\"
NO_CELL = "is no cell of this indicator."
ONE_WORD = "Write it in one language at least."
SENTENCES: list[tuple[Any, dict[str, Any], dict[str, Any], list[tuple[str, str]]]] = [
    (Plan, PLAN_ROW, {"ends_on": date(2024, 1, 1)}, [("ends_on", "A plan ends after it starts.")]),
    (Plan, PLAN_ROW, {"title_en": "", "title_sq": ""}, [("title_en", ONE_WORD)]),
    (
        Plan,
        PLAN_ROW,
        {"time_zone": "Tirana"},
        [("time_zone", "“Tirana” is not a time zone. Write one such as Europe/Tirane.")],
    ),
    (Plan, PLAN_ROW, {"languages": "sq; de"}, [("languages", "“de” is not one of: en, sq, fr.")]),
    (
        Plan,
        PLAN_ROW,
        {"at_risk_at": Decimal("0.99")},
        [("at_risk_at", "At risk begins at or below on track.")],
    ),
    (
        Action,
        ACTION,
        {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)},
        [("starts_on", "An action ends after it starts.")],
    ),
    (Action, ACTION, {"lead": "XK:AL-H"}, [("lead", "“XK:AL-H” is not known here.")]),
    (Action, ACTION, {"frameworks": "1"}, [("frameworks", "“1” is not known here.")]),
    (Indicator, INDICATOR, {"objective": ""}, [("objective", "This cell may not be blank.")]),
    (Indicator, INDICATOR, {"tolerance": -1}, [("tolerance", "A tolerance is zero or more.")]),
    (
        Indicator,
        INDICATOR,
        {"baseline_state": "known"},
        [("baseline_state", "A known baseline needs its value.")],
    ),
    (
        Indicator,
        INDICATOR,
        {"on_track_at": Decimal("0.9")},
        [("at_risk_at", "Own thresholds need a reason.")],
    ),
    (
        Indicator,
        INDICATOR,
        {"over_units": "ratio_of_sums"},
        [
            (
                "over_units",
                "“ratio_of_sums” does not fit count."
                " Fitting: max, mean, median, min, national_only, sum.",
            )
        ],
    ),
    (Indicator, INDICATOR, {"dimensions": "sex"}, [("dimensions", "“sex” is not known here.")]),
    (
        Indicator,
        INDICATOR,
        {"floor": "1,234"},
        [("floor", "“1,234” can be read in two ways. Write 1234 or 1.234.")],
    ),
    (
        Target,
        AIM,
        {"cell": "sex=f", "value": 5},
        [("cell", "“sex=f” is no cell of this indicator.")],
    ),
    (
        Target,
        AIM,
        {"version": 2, "value": 5},
        [("version", "A revised target needs a reason.")],
    ),
    (
        Institution,
        HOUSE,
        {"country": "al", "name_en": "x", "kind": "ministry"},
        [("country", "Write the country as two capital letters.")],
    ),
    (
        Institution,
        HOUSE,
        {"aliases": f"a; {'x' * 251}"},
        [("aliases", f"“{'x' * 40}…” is too long.")],
    ),
    (
        Objective,
        {"plan": "AL", "code": "a/b"},
        {"title_en": "x"},
        [
            (
                "code",
                "A code begins with a letter or digit and has none of these in it: / ; : ? # % \\",
            )
        ],
    ),
]


def test_sentences_say_what_is_wrong_and_where(root: User) -> None:
    before = contents()
    for model, key, change, faults in SENTENCES:
        row = {**key, **change}
        found = bring(model, root, list(row), list(row.values()))
        assert [(column, text) for _row, column, text in found.faults] == faults
    assert contents() == before


def test_every_row_is_told_of_by_its_number_in_the_file(root: User) -> None:
    rows = [("AL", f"N{n}", "x" * (499 + n % 4)) for n in range(8)]
    found = bring(Objective, root, ("plan", "code", "title_en"), *rows)

    assert [row for row, _column, _text in found.faults] == [4, 5, 8, 9]


def test_sentences_are_told_in_albanian_to_who_reads_albanian(root: User) -> None:
    heads = ("plan", "code", "kind", "floor", "responsible", "baseline_date")
    row = ("AL", "AL-I", "canary", "x", "canary", "soon")
    resource = resource_of(Indicator, root)
    data = Dataset(row, headers=heads)
    with override("sq"):
        result = resource.import_data(data, dry_run=True)
        albanian = result.invalid_rows[0].error_dict
    english = {column: text for _row, column, text in bring(Indicator, root, heads, row).faults}

    assert set(albanian) == set(english) == {"kind", "floor", "responsible", "baseline_date"}
    assert [column for column, texts in albanian.items() if texts[0] == english[column]] == []
