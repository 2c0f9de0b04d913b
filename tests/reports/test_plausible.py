"""The plausible range of an indicator, in its workbook: asked about, and never refused."""

from decimal import Decimal
from typing import Any

import pytest

from indicators.models import Indicator
from reports.exchange.applying import apply
from reports.exchange.layout import Part
from reports.exchange.preview import preview
from reports.exchange.reading import take_in
from reports.models import Line, Upload
from tests import factory
from tests.conftest import World
from tests.reports.section_forms import owed
from tests.reports.test_incoming import Book, line_of, put_in, seen
from tests.reports.test_outgoing import opened, places, written
from tests.reports.typed_forms import text_of

LARGEST = "100000000000"
WHY = "if the figure is right, say why in the comment."


def ranged(world: World, low: str | None, high: str | None, indicator: Any = None) -> None:
    """Give an indicator a range: the first, unless another one is named."""
    pk = (indicator or world.indicator).pk
    bounds = {"floor": low and Decimal(low), "ceiling": high and Decimal(high)}
    Indicator.objects.filter(pk=pk).update(**bounds)


def rules(world: World, line: Line, column: str = "value", language: str = "en") -> list[Any]:
    """What a cell of the workbook accepts."""
    sheet = opened(written(world.now(), language)).worksheets[1]
    place = places(sheet)[f"line-{line.pk}", "", column].coordinate
    return [r for r in sheet.data_validations.dataValidation if place in r.sqref]


RANGES = [
    # kind, lowest, highest: style and limits of the rule, how its sentence begins
    ("count", "5", "60.5", ("warning", "5", "60.5"), f"5 to 60.5 is plausible here; {WHY}"),
    ("count", None, "61", ("warning", "0", "61"), f"0 to 61 is plausible here; {WHY}"),
    ("count", "-3", "61", ("warning", "0", "61"), f"0 to 61 is plausible here; {WHY}"),
    ("count", "5", None, ("warning", "5", LARGEST), f"5 or more is plausible here; {WHY}"),
    ("score", None, "5", ("warning", f"-{LARGEST}", "5"), f"5 or less is plausible here; {WHY}"),
    ("score", "0", None, ("warning", "0", LARGEST), f"0 or more is plausible here; {WHY}"),
    ("score", "-3", "-1", ("warning", "-3", "-1"), f"-3 to -1 is plausible here; {WHY}"),
    # No narrower than what is possible anyway: the hard rule stays.
    ("count", "0", None, (None, "0", LARGEST), "Write a number of 0 or more."),
    ("count", "-3", None, (None, "0", LARGEST), "Write a number of 0 or more."),
    ("count", None, None, (None, "0", LARGEST), "Write a number of 0 or more."),
    ("score", None, None, (None, f"-{LARGEST}", LARGEST), "Write a number. Where there is none"),
]


@pytest.mark.parametrize(("kind", "low", "high", "rule", "sentence"), RANGES)
def test_a_value_outside_its_range_is_asked_about_in_the_cell(
    world: World,
    kind: str,
    low: str | None,
    high: str | None,
    rule: tuple[str | None, str, str],
    sentence: str,
) -> None:
    made = owed(world, kind)
    ranged(world, low, high, made)
    [found] = rules(world, world.report.lines.get(indicator=made))
    assert (found.type, found.operator or "between") == ("decimal", "between")
    assert (found.errorStyle, found.formula1, found.formula2) == rule
    assert found.error.startswith(sentence)


def test_a_range_of_a_percentage_is_none_of_its_halves(world: World) -> None:
    ranged(world, "10", "50", world.share)
    line = world.report.lines.get(indicator=world.share)
    found = [rule for half in ("numerator", "denominator") for rule in rules(world, line, half)]
    assert {(r.errorStyle, r.formula1, r.formula2) for r in found} == {(None, "0", LARGEST)}
    assert rules(world, line, "value") == []


def test_yes_or_no_stays_a_list_whatever_its_range(world: World) -> None:
    made = owed(world, "yes_no")
    ranged(world, "0", "1", made)
    assert [r.type for r in rules(world, world.report.lines.get(indicator=made))] == ["list"]


@pytest.mark.parametrize(("language", "shown"), [("en", "0.5"), ("sq", "0,5")])
def test_the_range_is_told_in_the_numbers_of_the_file_s_language(
    world: World, language: str, shown: str
) -> None:
    ranged(world, "0.5", "99999999999.9999")
    [rule] = rules(world, line_of(world, "I1"), language=language)
    assert (rule.formula1, rule.formula2) == ("0.5", "99999999999.9999")
    assert f" {shown} " in f" {rule.error}"
    assert len(rule.error) <= 255


# ------------------------------------------------------------------ on its way back


def doubts(world: World, *puts: tuple[str, Any], code: str = "I1") -> tuple[list[str], list[str]]:
    """What is asked about when these cells of an indicator come back, and what is a mistake."""
    book = Book(world.now())
    for name, value in puts:
        book.put(Part.REPORT, f"line-{line_of(world, code).pk}|", name, value)
    found = seen(world.now(), world.contributor, book)
    return list(map(str, found.doubts)), [error.column for error in found.errors]


def asked(world: World, sentence: str, column: str = "value", code: str = "I1") -> str:
    """A doubt about the value of an indicator, as the preview tells it with its cell."""
    key = f"line-{line_of(world, code).pk}|"
    address = Book(world.now()).find(Part.REPORT, key, column).coordinate
    return f"{code}, Report {address} – Value: {sentence} If it is right, say why in the comment."


LOW = "{} is below the lowest plausible value, {}."
HIGH = "{} is above the highest plausible value, {}."


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (4.9999, LOW.format("4.9999", 5)),
        (5, ""),
        (20, ""),
        (20.0001, HIGH.format("20.0001", 20)),
        (0, LOW.format(0, 5)),
        (None, ""),
    ],
)
def test_a_new_value_outside_its_range_is_told_where_no_comment_explains_it(
    world: World, value: float | None, said: str
) -> None:
    ranged(world, "5", "20")
    told = [asked(world, said)] if said else []
    assert doubts(world, ("value", value)) == (told, [])
    assert doubts(world, ("value", value), ("note", "Two schools opened.")) == ([], [])


def test_a_comment_that_stands_in_the_report_explains_it_until_it_is_taken_out(
    world: World,
) -> None:
    factory.fill_in(world.now(), world.contributor)
    ranged(world, "5", "20")
    world.report.lines.filter(indicator=world.indicator).update(note="Two schools opened.")
    assert doubts(world, ("value", 21)) == ([], [])
    told = [asked(world, HIGH.format(21, 20))]
    assert doubts(world, ("value", 21), ("note", None)) == (told, [])
    assert doubts(world, ("value", 21), ("note", "  ")) == (told, [])


def test_what_stood_there_before_is_not_asked_about_again(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    ranged(world, "10", "20")
    assert doubts(world, ("rating_reason", "Written anew.")) == ([], [])
    assert doubts(world, ("value", 6)) == ([asked(world, LOW.format(6, 10))], [])


def test_a_percentage_is_asked_about_once_at_the_half_that_changed(world: World) -> None:
    ranged(world, "10", "50", world.share)
    told = [asked(world, HIGH.format("51\u00a0%", "50\u00a0%"), "numerator", "I2")]
    assert doubts(world, ("numerator", 51), ("denominator", 100), code="I2") == (told, [])
    assert doubts(world, ("numerator", 50), ("denominator", 100), code="I2") == ([], [])
    factory.fill_in(world.now(), world.contributor)
    told = [asked(world, LOW.format("0.5\u00a0%", "10\u00a0%"), "denominator", "I2")]
    assert doubts(world, ("denominator", 1000), code="I2") == (told, [])


def test_a_mistake_is_told_as_one_and_not_asked_about(world: World) -> None:
    ranged(world, "5", "20")
    for value in (-1, "many"):
        assert doubts(world, ("value", value)) == ([], ["value"])
    none = (("value", 99), ("state", "Not available"), ("reason", "Unknown"))
    assert doubts(world, *none) == ([], ["state"])


def test_no_range_and_no_doubt(world: World) -> None:
    assert doubts(world, ("value", 10**9)) == ([], [])


def test_the_page_asks_for_the_comment_and_lets_it_in_without_one(world: World) -> None:
    ranged(world, "5", "20")
    book, line = Book(world.now()), line_of(world, "I1")
    book.put(Part.REPORT, f"line-{line.pk}|", "value", 21)
    upload = take_in(world.now(), book.bytes(), "a.xlsx", by=world.contributor)
    address = f"/reports/{world.report.pk}/upload/{upload.pk}/"
    shown = world.client(world.contributor).get(address)
    assert asked(world, HIGH.format(21, 20)) in text_of(shown)
    assert preview(upload).can_confirm
    assert apply(upload, by=world.contributor) == 1
    assert line.observations.get().value == 21


def test_a_plausible_figure_brings_no_sentence(world: World) -> None:
    ranged(world, "5", "20")
    book = Book(world.now())
    book.put(Part.REPORT, f"line-{line_of(world, 'I1').pk}|", "value", 20)
    upload = take_in(world.now(), book.bytes(), "a.xlsx", by=world.contributor)
    shown = world.client(world.contributor).get(f"/reports/{world.report.pk}/upload/{upload.pk}/")
    assert "plausible" not in text_of(shown)


def test_out_and_back_nothing_differs_where_a_figure_is_not_plausible(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    ranged(world, "10", "20")
    found = seen(world.now(), world.contributor, Book(world.now()))
    assert (found.changes, found.errors, found.notices, found.doubts) == ([], [], [], [])
    book = Book(world.now())
    book.put(Part.NARRATIVE, "|gap", "words", "No money.")
    assert put_in(world, book) == 1
    assert Upload.objects.get().applied_at is not None
