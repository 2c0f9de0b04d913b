"""Figures and statuses in words, in both languages."""

from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from common.numbers import NBSP
from indicators.choices import Kind, Mark, Status
from indicators.wording import explained
from publishing.reading import Indicator
from publishing.wording import coverage_text, shown, to_show, why, with_unit
from tests.publishing import plain

D = Decimal
Q2 = "2026-Q2"


def row(status: str = "", value: str | None = None, **more: Any) -> Indicator:
    """An indicator with its status; figures of the assessment apart from its own declaration."""
    figures = {name: more.pop(name) for name in ("target", "expected", "coverage") if name in more}
    found = [plain.judged("I1", Q2, status, value, **figures)] if status else []
    return plain.one(plain.indicator(**more), *found)


# Language, kind, figure and how it reads.
FIGURES: list[tuple[str, str, Any, str]] = [
    ("en", "count", None, "–"),
    ("sq", "count", None, "–"),
    ("en", "count", D(0), "0"),
    ("en", "count", "<10", "<10"),
    ("sq", "percentage", "<10", "<10"),
    ("en", "count", D("12.7"), "12.7"),
    ("sq", "count", D("12.7"), "12,7"),
    ("en", "count", D("1234567.891"), f"1{NBSP}234{NBSP}567.89"),
    ("sq", "count", D("1234567.891"), f"1{NBSP}234{NBSP}567,89"),
    ("en", "percentage", D("82.7273"), "82.7"),
    ("sq", "percentage", D("82.7273"), "82,7"),
    ("en", "percentage", D("82.75"), "82.8"),
    ("en", "percentage", D("50.0000"), "50"),
    ("en", "ratio", D("0.04"), "0"),
    ("en", "score", D("3.456"), "3.46"),
    ("en", "amount", D("-3"), "-3"),
    ("en", "yes_no", D(1), "Yes"),
    ("sq", "yes_no", D(1), "Po"),
    ("en", "yes_no", D(0), "No"),
    ("sq", "yes_no", D(0), "Jo"),
    ("en", "yes_no", D(3), "3"),
]


@pytest.mark.parametrize(("language", "kind", "figure", "text"), FIGURES)
def test_a_figure_reads_as_the_readers_language_writes_it(
    language: str, kind: str, figure: Any, text: str
) -> None:
    with override(language):
        assert shown(figure, row(kind=kind)) == text


def test_a_yes_of_several_institutions_is_a_number_of_them() -> None:
    assert shown(D(1), row(kind="yes_no", who="MB MM")) == "1"


@given(st.decimals(-(10**6), 10**6, places=4), st.sampled_from(Kind))
def test_what_is_shown_is_never_further_off_than_half_of_its_last_digit(
    value: Decimal, kind: Kind
) -> None:
    limit = D("0.05") if kind.has_fraction else D("0.005")
    assert abs(to_show(value, kind) - value) <= limit


@pytest.mark.parametrize(
    ("language", "more", "figure", "text"),
    [
        ("en", {}, D(12), f"12{NBSP}persons"),
        ("sq", {}, D(12), f"12{NBSP}persona"),
        ("en", {}, D(0), f"0{NBSP}persons"),
        ("en", {}, "<10", f"<10{NBSP}persons"),
        ("en", {}, None, "–"),
        ("en", {"unit": {}}, D(12), "12"),
        ("en", {"unit": {"en": "%"}, "kind": "percentage"}, D("82.7273"), f"82.7{NBSP}%"),
        ("sq", {"unit": {"en": "%"}, "kind": "percentage"}, D("82.7273"), f"82,7{NBSP}%"),
        ("en", {"kind": "yes_no"}, D(1), "Yes"),
    ],
)
def test_a_unit_stands_behind_its_figure(
    language: str, more: dict[str, Any], figure: Any, text: str
) -> None:
    with override(language):
        assert with_unit(figure, row(**more)) == text


FULL = {"target": "1200.5", "expected": "3.456"}
CLOSED = {"sensitivity": "restricted"}
HALF = {"coverage": {"reported": 1, "expected": 2}}
N = NBSP

# What an indicator is, and why it stands as it does, in English and Albanian.
REASONS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "Nothing was due yet.", "Ende nuk ishte afati për asgjë."),
    ({"status": "not_due"}, "Nothing was due yet.", "Ende nuk ishte afati për asgjë."),
    (
        {"status": "on_track", "value": "5", **FULL},
        f"The figure is 5{N}persons. Expected by then: 3.46{N}persons. "
        f"The target is 1{N}200.5{N}persons.",
        f"Shifra është 5{N}persona. Pritur deri atëherë: 3,46{N}persona. "
        f"Synimi është 1{N}200,5{N}persona.",
    ),
    (
        {"status": "achieved", "value": "1300", **FULL},
        f"The figure is 1{N}300{N}persons. The target is 1{N}200.5{N}persons.",
        f"Shifra është 1{N}300{N}persona. Synimi është 1{N}200,5{N}persona.",
    ),
    (
        {"status": "met", "value": "0", "target": "0", "expected": "0"},
        f"The figure is 0{N}persons. The target is 0{N}persons.",
        f"Shifra është 0{N}persona. Synimi është 0{N}persona.",
    ),
    (
        {"status": "reported", "value": "5"},
        f"The figure is 5{N}persons.",
        f"Shifra është 5{N}persona.",
    ),
    (
        {"status": "at_risk", "value": "<10", "target": "25", "sensitivity": "small_counts"},
        f"The figure is <10{N}persons. The target is 25{N}persons.",
        f"Shifra është <10{N}persona. Synimi është 25{N}persona.",
    ),
    (
        {"status": "off_track", "value": None, **CLOSED},
        "Its figures are restricted; only the status is published.",
        "Shifrat e tij janë të kufizuara; botohet vetëm statusi.",
    ),
    (
        {"status": "no_data", "value": "5", **HALF},
        "1 of 2 institutions reported.",
        "Raportuan 1 nga 2 institucione.",
    ),
    (
        {"status": "not_available", "value": None},
        "No figure is published.",
        "Nuk botohet asnjë shifër.",
    ),
]


@pytest.mark.parametrize(("what", "english", "albanian"), REASONS)
def test_a_status_says_why(what: dict[str, Any], english: str, albanian: str) -> None:
    indicator = row(**what)
    with override("en"):
        assert why(indicator) == english
    with override("sq"):
        assert why(indicator) == albanian


def test_a_restricted_figure_is_not_told_even_where_it_slipped_in() -> None:
    figures = {"value": "7351", "target": "7352"}
    assert "735" not in why(row("off_track", **figures, sensitivity="restricted")).replace(N, "")
    assert "7352" in why(row("off_track", **figures)).replace(N, "")


@pytest.mark.parametrize(
    ("reported", "expected", "english", "albanian"),
    [
        (0, 1, "0 of 1 institution reported.", "Raportoi 0 nga 1 institucion."),
        (1, 1, "1 of 1 institution reported.", "Raportoi 1 nga 1 institucion."),
        (0, 2, "0 of 2 institutions reported.", "Raportuan 0 nga 2 institucione."),
        (3, 4, "3 of 4 institutions reported.", "Raportuan 3 nga 4 institucione."),
    ],
)
def test_the_coverage_is_told_in_words(
    reported: int, expected: int, english: str, albanian: str
) -> None:
    now = row("no_data", coverage={"reported": reported, "expected": expected}).now
    assert now is not None
    with override("en"):
        assert coverage_text(now) == english
    with override("sq"):
        assert coverage_text(now) == albanian


@pytest.mark.parametrize("language", ["en", "sq"])
def test_every_status_and_caution_is_explained_once(language: str) -> None:
    with override(language):
        found = explained()
    assert sorted(status for status, _text in found["statuses"]) == sorted(Status)
    assert [mark for mark, _text in found["marks"]] == list(Mark)
    texts = [text for rows in found.values() for _what, text in rows]
    assert all(text.endswith(".") for text in texts)
    assert len(set(texts)) == len(texts)


def test_no_explanation_is_left_in_english() -> None:
    with override("en"):
        english = {text for rows in explained().values() for _what, text in rows}
        labels = {str(what.label) for rows in explained().values() for what, _text in rows}
    with override("sq"):
        albanian = {text for rows in explained().values() for _what, text in rows}
        other = {str(what.label) for rows in explained().values() for what, _text in rows}
    assert english & albanian == set()
    assert labels & other == set()


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ value|figure:row }}", "12.7"),
        ("{{ none|figure:row }}", "–"),
        ("{{ value|with_unit:row }}", f"12.7{NBSP}persons"),
        ("{{ hidden|with_unit:row }}", f"&lt;10{NBSP}persons"),
        ("{{ row|why }}", f"The figure is 12.7{NBSP}persons."),
        ("{{ row|cell_label:key }}", "Women &amp; girls"),
        ("{{ row|cell_label:other }}", "sex=m"),
    ],
)
def test_templates_say_the_same_and_escape_it(template: str, text: str) -> None:
    cells = [{"key": "sex=f", "label": {"en": "Women & girls"}}]
    context = Context(
        {"row": row("reported", "12.7", cells=cells), "value": D("12.7"), "hidden": "<10"}
        | {"none": None, "key": "sex=f", "other": "sex=m"}
    )
    with override("en"):
        assert Template("{% load public %}" + template).render(context) == text
