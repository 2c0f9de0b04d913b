"""What is hashed and signed: each kind of content has one form, and different content another."""

import hashlib
import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.canonical import canonical, sha256
from indicators.choices import Status

D = Decimal
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False, places=4)
    | st.dates()
)
DATA = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (0, "0"),
        (-7, "-7"),
        ("", '""'),
        ("Çështje të grave", '"Çështje të grave"'),
        ("😀", '"😀"'),
        ('a "quote" \\', '"a \\"quote\\" \\\\"'),
        ("line\nbreak\ttab", '"line\\nbreak\\ttab"'),
        ("\x00\x1f", '"\\u0000\\u001f"'),
        ("\u2028", '"\u2028"'),
        ([], "[]"),
        ({}, "{}"),
        ((1, 2), "[1,2]"),
        (
            {"b": {"d": 1, "c": 2}, "a": [{"z": 0, "y": 1}]},
            '{"a":[{"y":1,"z":0}],"b":{"c":2,"d":1}}',
        ),
        (D("12.70"), '"12.7"'),
        (D("-0"), '"0"'),
        (D("0E+5"), '"0"'),
        (D("1E+20"), '"100000000000000000000"'),
        (D("0.00010"), '"0.0001"'),
        (D("14.8649"), '"14.8649"'),
        (date(1, 1, 1), '"0001-01-01"'),
        (date(9999, 12, 31), '"9999-12-31"'),
        (datetime(2026, 3, 1, 12, 0, 0, 1, tzinfo=UTC), '"2026-03-01T12:00:00.000001+00:00"'),
        (Status.AT_RISK, '"at_risk"'),
        ({Status.MET: 1}, '{"met":1}'),
    ],
)
def test_each_kind_of_content_has_one_form(value: Any, text: str) -> None:
    assert canonical(value) == text


@pytest.mark.parametrize(
    "value",
    [
        D("NaN"),
        D("sNaN"),
        D("Infinity"),
        D("-Infinity"),
        datetime(2026, 3, 1, 12),
        time(12, 0),
        timedelta(days=1),
        b"bytes",
        {1, 2},
        object(),
        {"deep": [{"er": D("NaN")}]},
        {D(1): "a decimal is no key"},
        {date(2026, 3, 1): "nor is a date"},
        (value for value in "ab"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_could_be_written_in_two_ways_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize("hours", [-11, -5, 0, 1, 2, 5.5, 14])
def test_a_moment_is_the_same_text_in_every_zone(hours: float) -> None:
    moment = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    there = moment.astimezone(timezone(timedelta(hours=hours)))
    assert canonical(there) == canonical(moment) == '"2026-03-29T01:30:00.000000+00:00"'


PAIRS = [
    (1, "1"),
    (0, False),
    (1, True),
    (None, "null"),
    ("", None),
    ([], {}),
    ([1, 2], [2, 1]),
    (["ab"], ["a", "b"]),
    ({"a": 1}, {"a": 2}),
    ({"a": 1}, {"b": 1}),
    ({"a": None}, {}),
    ("é", "e\u0301"),  # composed and decomposed letters are different texts
    ("a", "A"),
    ("a", "a "),
    (D("0.1"), D("0.10001")),
    (date(2026, 3, 1), date(2026, 1, 3)),
]


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=repr)
def test_different_content_has_different_bytes(one: Any, other: Any) -> None:
    assert canonical(one) != canonical(other)
    assert sha256(canonical(one)) != sha256(canonical(other))


def backwards(data: Any) -> Any:
    """The same content with every mapping built in the other order."""
    if isinstance(data, dict):
        return {key: backwards(data[key]) for key in reversed(data)}
    return [backwards(item) for item in data] if isinstance(data, list) else data


@given(DATA)
def test_equal_content_has_equal_bytes_however_it_was_built(data: Any) -> None:
    assert canonical(backwards(data)) == canonical(data)


@given(DATA)
def test_the_form_is_json_that_says_the_same_and_stays_as_it_is(data: Any) -> None:
    text = canonical(data)
    assert canonical(json.loads(text)) == text
    assert "\n" not in text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_the_hash_is_sha_256_of_utf_8(text: str) -> None:
    found = sha256(text)
    assert found == hashlib.sha256(text.encode("utf-8")).hexdigest()
    assert len(found) == 64


def test_half_a_letter_cannot_be_hashed() -> None:
    with pytest.raises(UnicodeEncodeError):
        sha256("\ud800")
