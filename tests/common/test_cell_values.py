"""What may stand in a cell, on every way out: page, workbook and CSV."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy

from common.cells import Column, as_value, clean_text, get
from indicators.choices import Kind, Status

D = Decimal


class Bare(Enum):
    ONE = 1


class Person:
    name = "Arta"

    def greeting(self) -> str:
        return f"Mirë se erdhe, {self.name}"

    @property
    def unit(self) -> dict[str, Any]:
        return {"title": "Ministry", "head": None, "count": 0}


@pytest.mark.parametrize(
    ("getter", "value"),
    [
        ("name", "Arta"),
        ("greeting", "Mirë se erdhe, Arta"),
        ("unit.title", "Ministry"),
        ("unit.head", None),
        ("unit.head.name.anything", None),
        ("unit.count", 0),
        ("unit.title.upper", "MINISTRY"),
        (lambda row: row.name * 2, "ArtaArta"),
    ],
)
def test_a_getter_is_a_path_or_a_function(getter: str | Callable[[Any], Any], value: Any) -> None:
    assert get(Person(), getter) == value
    assert Column("Heading", getter).value(Person()) == value


@pytest.mark.parametrize("getter", ["nothing", "unit.nothing", "name.nothing"])
def test_a_path_that_leads_nowhere_is_an_error_and_not_a_blank(getter: str) -> None:
    with pytest.raises((AttributeError, KeyError)):
        get(Person(), getter)


def test_a_class_on_the_path_is_not_made() -> None:
    assert get({"kind": Person}, "kind.name") == "Arta"
    assert get({"kind": Person}, "kind") is Person


@pytest.mark.parametrize(
    ("value", "english", "albanian"),
    [
        (None, None, None),
        ("", "", ""),
        ("text", "text", "text"),
        (0, 0, 0),
        (-3, -3, -3),
        (D("12.70"), D("12.7"), D("12.7")),
        (1.5, 1.5, 1.5),
        (True, "Yes", "Po"),
        (False, "No", "Jo"),
        (date(2026, 9, 30), date(2026, 9, 30), date(2026, 9, 30)),
        (datetime(2026, 9, 30, 14, 5), datetime(2026, 9, 30, 14, 5), datetime(2026, 9, 30, 14, 5)),
        (Status.AT_RISK, "At risk", "Në rrezik"),
        (Kind.COUNT, "Count", "Numërim"),
        (Bare.ONE, "1", "1"),
        (gettext_lazy("Yes"), "Yes", "Po"),
        (SimpleNamespace(a=1), "namespace(a=1)", "namespace(a=1)"),
        (["a", "b"], "['a', 'b']", "['a', 'b']"),
        (SimpleLazyObject(lambda: "lazy"), "lazy", "lazy"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_value_becomes_one_a_cell_can_hold(value: Any, english: Any, albanian: Any) -> None:
    with translation.override("en"):
        assert as_value(value) == english
    with translation.override("sq"):
        assert as_value(value) == albanian


@pytest.mark.parametrize(
    ("moment", "local"),
    [
        (datetime(2026, 1, 31, 23, 30, tzinfo=UTC), datetime(2026, 2, 1, 0, 30)),
        (datetime(2026, 7, 31, 22, 0, tzinfo=UTC), datetime(2026, 8, 1, 0, 0)),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, 59)),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), datetime(2026, 3, 29, 3, 0)),
    ],
)
def test_a_moment_is_told_in_the_time_of_the_country(moment: datetime, local: datetime) -> None:
    assert as_value(moment) == local


def test_each_control_character_is_shown_as_one_mark() -> None:
    control = {*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D}
    shown = {code: clean_text(f"a{chr(code)}b") for code in range(0x80)}
    assert {code for code, text in shown.items() if text == "a�b"} == control
    assert {code for code, text in shown.items() if text == f"a{chr(code)}b"} == (
        set(range(0x80)) - control
    )


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("", ""),
        ("ëçÇË", "ëçÇË"),
        ("a\tb\nc\rd", "a\tb\nc\rd"),
        ("😀", "😀"),
        ("\u200e\u00a0\ufeff", "\u200e\u00a0\ufeff"),
        ("\ud800", "�"),
        ("\udfff\ud800", "��"),
        ("\ufffe\uffff", "��"),
        ("\x00\x00", "��"),
    ],
    ids=ascii,
)
def test_other_letters_and_line_breaks_stay(text: str, clean: str) -> None:
    assert clean_text(text) == clean
