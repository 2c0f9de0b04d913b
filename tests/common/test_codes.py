"""What a code may look like: it stands in addresses, in columns of files and in lists."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from common.codes import CODE, validate_code

FORBIDDEN = "/;:?#%\\"


@pytest.mark.parametrize(
    "code",
    [
        *("A", "1", "A1", "1.1", "1.2.3", "ALB-C03", "IND 4.1.1", "R4.1", "a_b", "_a"),
        *("Ç1", "ë", "报告", "A+B", "A&B", "A=B", "A,B", "A'B", 'A"B', "A(B)", "A@B", "A-"),
        *("A\u00a0B", "A" * 200, "4..5", "A "),
    ],
)
def test_a_code_of_a_plan_is_kept(code: str) -> None:
    validate_code(code)


@pytest.mark.parametrize(
    "code",
    [
        *("", " ", " A", "-A", ".A", "..", "=A", "+A", "@A", "'A", "(A", ",", "\t", "\u200eA"),
        *(f"A{mark}B" for mark in FORBIDDEN),
        *(mark for mark in FORBIDDEN),
        *("A\nB", "A\rB", "A\tB", "A\x00", "A\x1f", "A\n", "javascript:x", "A;B", "../A", "a/../b"),
    ],
    ids=repr,
)
def test_a_code_that_breaks_an_address_or_a_list_is_refused(code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_code(code)
    assert refused.value.messages == [
        "A code begins with a letter or digit and has none of these in it: / ; : ? # % \\"
    ]


def test_the_refusal_is_told_in_the_reader_s_language() -> None:
    with translation.override("sq"), pytest.raises(ValidationError) as refused:
        validate_code("/")
    assert refused.value.messages[0].endswith("/ ; : ? # % \\")
    assert not refused.value.messages[0].startswith("A code")


@given(st.from_regex(CODE, fullmatch=True))
def test_a_code_stands_in_an_address_and_in_a_list(code: str) -> None:
    assert f"A;{code};B".split(";") == ["A", code, "B"]
    assert code[0] not in "=+-@\t\r"
    address = reverse("objective", args=["AL", code])
    assert address.startswith("/")
    assert address.count("/") == reverse("objective", args=["AL", "1"]).count("/")
