"""No survivor is found in what is published: small counts hidden, restricted figures absent."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.canonical import canonical
from indicators.choices import Sensitivity
from indicators.combine import Ratio
from indicators.models import Indicator, Plan
from publishing.disclosure import Protection, amount, protect, protect_share, words
from publishing.models import Edition
from publishing.queries import read
from publishing.snapshot import Stamp, snapshot_of
from reports.models import Revision
from tests.publishing.lived import AT, SECRET, SITE, Lived
from tests.publishing.telling import SHARE, SMALL, a_plan, a_split, an_indicator, now

pytestmark = pytest.mark.django_db

RULE = Protection(below=10, rounding=5)
STAMP = Stamp("AL-2026-Q2-2", 2, AT, "0" * 64)
MASKED = "Exactly … cases in 2026, … of them in the house by the river."
FIGURES = ("value", "numerator", "denominator", "target", "expected")

few = settings(max_examples=25)
counts = st.integers(0, 60)
rules = st.builds(Protection, st.integers(0, 40), st.integers(1, 40))


def about(data: dict[str, Any], code: str) -> list[dict[str, Any]]:
    """Everything a snapshot says of one indicator."""
    lines = [row for report in data["reports"] for row in report["lines"]]
    rows = [*lines, *data["assessments"], *data["indicators"]]
    return [row for row in rows if code in (row.get("indicator"), row.get("code"))]


def figures(data: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every figure anywhere below; a coverage counts institutions, and a rating is no figure."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in ("coverage", "ratings"):
                yield from figures(value, key)
    elif isinstance(data, list):
        for value in data:
            yield from figures(value, name)
    elif name in FIGURES and data is not None:
        yield name, str(data)


def is_safe(shown: str, rule: Protection = RULE) -> bool:
    """Whether a published count is hidden, or at or above the threshold and a multiple."""
    if shown == rule.hidden:
        return True
    return Decimal(shown) >= rule.below and Decimal(shown) % rule.rounding == 0


def rewritten(period_code: str, code: str, answers: list[dict[str, Any]]) -> None:
    """Put other answers where the revisions of a quarter keep an indicator's."""
    for revision in Revision.objects.order_by("pk"):
        content = json.loads(revision.content)
        for line in content["lines"]:
            if (content["period"], line["indicator"]) == (period_code, code):
                line["observations"] = answers
        Revision.objects.filter(pk=revision.pk).update(content=canonical(content))


def answer(cell: str, **figures: Any) -> dict[str, Any]:
    blank = dict.fromkeys(("value", "numerator", "denominator"))
    return {"cell": cell, "state": "value", "text": "", "reason": "", **blank, **figures}


@given(counts, rules)
def test_a_count_is_hidden_or_on_the_grid_whatever_the_plans_thresholds(
    count: int, rule: Protection
) -> None:
    assert is_safe(str(protect(Decimal(count), rule)), rule)


@given(counts, counts)
def test_a_larger_count_never_looks_smaller(one: int, two: int) -> None:
    low, high = (protect(Decimal(n), RULE) for n in sorted((one, two)))
    if isinstance(low, Decimal):
        assert isinstance(high, Decimal)
        assert low <= high


@given(st.integers(10, 10_000))
def test_a_shown_count_could_have_been_one_of_five(count: int) -> None:
    """And so nobody reads the true one off it."""
    shown = protect(Decimal(count), RULE)
    alike = [n for n in range(max(10, count - 5), count + 6) if protect(Decimal(n), RULE) == shown]
    assert count in alike
    assert len(alike) >= (3 if shown == 10 else 5)


@given(counts, counts)
def test_a_percentage_tells_no_more_than_its_rounded_halves(top: int, rest: int) -> None:
    share = Ratio(Decimal(top), Decimal(top + rest))
    shown = protect_share(share, RULE)
    assert is_safe(str(shown.numerator))
    assert is_safe(str(shown.denominator))
    if "<10" in (shown.numerator, shown.denominator):
        assert shown.value is None
    else:
        alike = Ratio(Decimal(str(shown.numerator)), Decimal(str(shown.denominator)))
        assert shown.value == alike.value == protect_share(alike, RULE).value


@given(st.lists(counts, min_size=2, max_size=5))
def test_each_margin_is_rounded_on_its_own_and_not_summed_from_shown_cells(
    parts: list[int],
) -> None:
    split = a_split(*(f"c{n}" for n in range(len(parts))))
    cells = " ".join(f"sex=c{n}:{part}" for n, part in enumerate(parts))
    result = now(an_indicator(splits=[split], **SMALL), MM=f"{sum(parts)} {cells}")
    assert result["value"] == protect(Decimal(sum(parts)), RULE)
    shown = [cell["value"] for cell in result["cells"].values()]
    assert shown == [protect(Decimal(part), RULE) for part in parts]


@given(st.integers(0, 9), st.integers(10, 60))
def test_a_hidden_part_does_not_follow_from_the_total_and_the_other_part(
    small: int, large: int
) -> None:
    """Several counts could stand behind the hidden one, whatever is subtracted."""

    def shown(hidden: int) -> tuple[Any, Any]:
        return protect(Decimal(hidden + large), RULE), protect(Decimal(large), RULE)

    alike = [
        (n, other)
        for n in range(10)
        for other in range(max(10, large - 5), large + 6)
        if (protect(Decimal(n + other), RULE), protect(Decimal(other), RULE)) == shown(small)
    ]
    assert len({n for n, _other in alike}) >= 3


@few
@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=4))
def test_nothing_of_a_protected_assessment_is_a_true_small_count(
    quarters: list[tuple[int, int]],
) -> None:
    said = " | ".join(f"{f + m} sex=f:{f} sex=m:{m}" for f, m in quarters)
    row = an_indicator(splits=[a_split("f", "m")], targets="7@1 64", **SMALL)
    result = json.loads(canonical(now(row, MM=said, MB="3 sex=f:2 sex=m:1")))
    found = list(figures(result))
    assert len(found) >= 5
    assert [pair for pair in found if not is_safe(pair[1])] == []


@few
@given(counts, counts)
def test_a_protected_share_of_the_country_is_that_of_its_rounded_halves(
    top: int, rest: int
) -> None:
    result = now(an_indicator(**SHARE, **SMALL), A=f"{top}/{top + rest}", B="3/4")
    whole = protect_share(Ratio(Decimal(top + 3), Decimal(top + rest + 4)), RULE)
    assert (result["numerator"], result["denominator"]) == (whole.numerator, whole.denominator)
    assert (result["value"] is None) == (whole.value is None)


@settings(max_examples=12)
@given(st.integers(0, 40), st.integers(0, 40))
def test_no_snapshot_shows_a_protected_count_as_it_is(told: Lived, women: int, men: int) -> None:
    cells = [answer("", value=women + men), answer("sex=f", value=women)]
    rewritten("2026-Q1", "S1", [*cells, answer("sex=m", value=men)])
    rewritten("2026-Q2", "S1", [answer("", numerator=women, denominator=women + men)])
    told_of = about(json.loads(snapshot_of(told.second, STAMP)), "S1")
    assert len(told_of) == 6
    found = [shown for row in told_of for name, shown in figures(row)]
    percentages = {shown for shown in found if "." in shown}
    # Beside the rounded counts stand only the zero the count begins at, and rounded shares.
    assert [s for s in found if s not in percentages and s != "0" and not is_safe(s)] == []


@pytest.mark.parametrize("plan", [a_plan(small_count_below=20, small_count_rounding=10)])
def test_the_thresholds_are_settings_of_the_plan(plan: Any) -> None:
    row = an_indicator(plan=plan, targets="24", **SMALL)
    shown = [now(row, MM=str(n))["value"] for n in (19, 20, 24, 25)]
    assert shown == ["<20", 20, 20, 30]
    assert now(row, MM="19")["target"] == 20


def test_an_edition_uses_the_thresholds_of_its_day(told: Lived) -> None:
    def total() -> str:
        line = about(json.loads(snapshot_of(told.second, STAMP)), "S1")[0]
        return str(line["observations"][0]["value"])

    assert total() == "20"
    Plan.objects.update(small_count_below=30, small_count_rounding=15)
    assert total() == "<30"


def test_of_a_restricted_indicator_no_figure_and_no_answer_is_in_any_edition(told: Lived) -> None:
    assert str(SECRET) in "".join(Revision.objects.values_list("content", flat=True))
    for edition in Edition.objects.order_by("pk"):
        secrets = [str(SECRET + n) for n in range(4)]
        assert [s for s in secrets if s in edition.snapshot] == []
        rows = about(json.loads(edition.snapshot), "X1")
        assert [(name, shown) for row in rows for name, shown in figures(row)] == []
        lines = [row for row in rows if "ratings" in row]
        assert [(row["observations"], row["note"]) for row in lines] == [([], "")] * len(lines)


def test_of_a_restricted_indicator_status_coverage_and_ratings_are_told(told: Lived) -> None:
    rows = about(json.loads(Edition.objects.earliest("pk").snapshot), "X1")
    line, judged, _declared = rows
    assert (judged["status"], judged["coverage"]) == ("off_track", {"expected": 1, "reported": 1})
    assert line["ratings"] == {
        "ministry": {"value": "off_track", "reason": MASKED},
        "coalition": {"value": "at_risk", "reason": MASKED},
    }


def test_control_the_same_indicator_shows_everything_once_it_is_public(told: Lived) -> None:
    Indicator.objects.filter(code="X1").update(sensitivity=Sensitivity.PUBLIC)
    text = snapshot_of(told.second, STAMP)
    assert [str(SECRET + n) in text for n in range(4)] == [True] * 4
    assert SITE in text


@pytest.mark.parametrize("code", ["S1", "S2"])
def test_how_a_protected_status_came_about_stays_in(told: Lived, code: str) -> None:
    for edition in Edition.objects.order_by("pk"):
        for row in about(json.loads(edition.snapshot), code):
            assert {"progress", "pace", "inputs"} & set(row) == set()
            assert row.get("tolerance") is None


def test_a_number_told_in_words_beside_a_protected_figure_is_masked(told: Lived) -> None:
    data = json.loads(Edition.objects.latest("pk").snapshot)
    for code in ("S1", "S2", "X1"):
        text = canonical(about(data, code))
        assert SITE not in text
        assert MASKED in text
    assert "All 12 bases joined." in canonical(about(data, "L1"))


def test_what_is_said_in_the_place_of_a_figure_is_masked_too(told: Lived) -> None:
    silent = answer("sex=m", state="not_available", reason=SITE)
    rewritten("2026-Q1", "S1", [answer("", text=SITE), silent])
    line = about(json.loads(snapshot_of(told.second, STAMP)), "S1")[0]
    assert [(o["text"], o["reason"]) for o in line["observations"]] == [(MASKED, ""), ("", MASKED)]


# A text, and what is left of it beside a figure that is not public.
TEXTS = [
    ("", ""),
    ("No number here.", "No number here."),
    ("7", "…"),
    ("We saw 3 of them.", "We saw … of them."),
    ("3, 4 and 5", "…, … and …"),
    ("12.7 % and 12,7 %", "… % and … %"),
    ("1\u00a0204,5 in all", "… in all"),
    ("In 2026 and 1998", "In 2026 and 1998"),
    ("In 2126", "In …"),
    ("20261", "…"),
    ("2026-Q3", "2026-Q…"),
    ("12/2026", "…/2026"),
    ("house4b", "house…b"),
    ("٣ and ３ cases", "… and … cases"),
]


@pytest.mark.parametrize(("text", "left"), TEXTS)
@pytest.mark.parametrize("sensitivity", [Sensitivity.SMALL_COUNTS, Sensitivity.RESTRICTED])
def test_of_a_text_only_years_stay(text: str, left: str, sensitivity: Sensitivity) -> None:
    assert words(text, sensitivity) == left
    assert words(text, Sensitivity.PUBLIC) == text


@given(st.text(alphabet="ab 0123456789.,-٣", max_size=40))
def test_no_digit_is_left_but_those_of_a_year(text: str) -> None:
    left = words(text, Sensitivity.SMALL_COUNTS)
    rest = re.sub(r"(19|20)[0-9]{2}", "", left)
    assert [c for c in rest if c.isdigit()] == []
    assert words(left, Sensitivity.SMALL_COUNTS) == left


@pytest.mark.parametrize("value", [Decimal(5), Decimal(0), Ratio(Decimal(3), Decimal(4)), None])
def test_a_restricted_amount_is_nothing_and_a_missing_one_too(value: Any) -> None:
    empty = (None, None, None)
    shown = amount(value, Sensitivity.RESTRICTED, RULE)
    assert (shown.value, shown.numerator, shown.denominator) == empty
    nothing = amount(None, Sensitivity.PUBLIC, RULE)
    assert (nothing.value, nothing.numerator, nothing.denominator) == empty


def test_what_is_read_back_is_what_was_protected(told: Lived) -> None:
    parts, _issue = read(Edition.objects.latest("pk").sha256)
    s1, s2, x1 = (parts.indicators[code] for code in ("S1", "S2", "X1"))
    assert s1.now is not None
    assert [s1.now.amount.value, s1.now.target, s1.now.expected] == [60, 85, 50]
    assert [a.value for a in s1.assessments["2026-Q1"].cells.values()] == [25, "<10"]
    assert [t.value for t in s1.targets] == [75, 85]
    assert (s2.baseline.value, s2.tolerance) == (None, None)
    assert (x1.targets, x1.baseline.value, x1.lines[0].observations) == ([], None, {})
