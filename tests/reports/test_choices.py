"""The closed lists: how states group, how each looks, and that both languages have a word."""

import re

import pytest
from django.db.models import TextChoices
from django.utils.translation import override

from common.icons import PATHS
from indicators.choices import BadgeChoices
from reports.choices import (
    EDITABLE,
    FINAL,
    WITH_COALITION,
    ActionStatus,
    ExportKind,
    ExportState,
    Outcome,
    RatingValue,
    ReportStatus,
    Side,
    Verdict,
)
from reports.models import ActionProgress, Rating, Remark, Report, Review

TONES = {"neutral", "info", "progress", "attention", "good", "bad"}
LISTS: list[type[BadgeChoices]] = [
    ReportStatus,
    ExportState,
    RatingValue,
    Side,
    ActionStatus,
    Verdict,
    Outcome,
]

STORED = {
    ReportStatus: "draft submitted under_review returned validated published",
    ExportState: "waiting running done failed",
    RatingValue: "achieved on_track at_risk off_track",
    Side: "ministry coalition",
    ActionStatus: "not_started in_progress done delayed cancelled",
    Verdict: "accepted flagged",
    Outcome: "returned validated",
}
"""What stands in the database: a change here needs a migration of what is stored."""

GROUPS = [
    # state, the ministry writes, it is official, it is with the coalition
    ("draft", True, False, False),
    ("submitted", False, False, True),
    ("under_review", False, False, True),
    ("returned", True, False, False),
    ("validated", False, True, False),
    ("published", False, True, False),
]


@pytest.mark.parametrize(("name", "editable", "final", "with_coalition"), GROUPS)
def test_a_state_knows_its_groups(
    name: str, editable: bool, final: bool, with_coalition: bool
) -> None:
    state = ReportStatus(name)
    assert (state.is_editable, state.is_final) == (editable, final)
    assert [state in group for group in (EDITABLE, FINAL, WITH_COALITION)] == [
        editable,
        final,
        with_coalition,
    ]


def test_every_state_is_with_exactly_one_side() -> None:
    assert set(ReportStatus) == EDITABLE | WITH_COALITION | FINAL
    assert len(EDITABLE) + len(WITH_COALITION) + len(FINAL) == len(ReportStatus)


@pytest.mark.parametrize("choices", LISTS)
def test_the_stored_words_stay(choices: type[BadgeChoices]) -> None:
    assert choices.values == STORED[choices].split()


@pytest.mark.parametrize("choices", LISTS)
def test_each_member_is_told_by_icon_and_word_and_not_by_colour_alone(
    choices: type[BadgeChoices],
) -> None:
    for member in choices:
        assert (member.tone in TONES, member.icon in PATHS) == (True, True), member
    looks = [(member.icon, str(member.label)) for member in choices]
    assert len({icon for icon, _label in looks}) == len(choices)
    assert len({label for _icon, label in looks}) == len(choices)


@pytest.mark.parametrize("choices", LISTS)
def test_each_member_has_a_word_in_albanian(choices: type[BadgeChoices]) -> None:
    with override("en"):
        english = [str(member.label) for member in choices]
    with override("sq"):
        albanian = [str(member.label) for member in choices]
    assert {word for word, other in zip(english, albanian) if word == other} <= {"Draft"}
    assert len(set(albanian)) == len(choices)


@pytest.mark.parametrize(
    ("model", "field", "choices"),
    [
        (Report, "status", ReportStatus),
        (Rating, "value", RatingValue),
        (Rating, "side", Side),
        (ActionProgress, "status", ActionStatus),
        (Remark, "verdict", Verdict),
        (Review, "outcome", Outcome),
    ],
)
def test_a_column_takes_every_word_of_its_list(
    model: type, field: str, choices: type[TextChoices]
) -> None:
    column = model._meta.get_field(field)  # type: ignore[attr-defined]
    assert [value for value, _label in column.flatchoices] == choices.values
    assert max(map(len, choices.values)) <= column.max_length


def test_a_stored_word_is_plain_and_is_its_member() -> None:
    for choices in LISTS:
        for value in choices.values:
            assert re.fullmatch(r"[a-z_]+", value)
            assert f"{choices(value)}" == value
            assert choices(value) == value


def test_an_export_is_unfinished_until_it_is_there_or_failed() -> None:
    assert [state for state in ExportState if state.is_unfinished] == [
        ExportState.WAITING,
        ExportState.RUNNING,
    ]
    assert {state: (state.tone, state.icon) for state in ExportState} == {
        ExportState.WAITING: ("neutral", "clock"),
        ExportState.RUNNING: ("progress", "refresh"),
        ExportState.DONE: ("good", "check"),
        ExportState.FAILED: ("bad", "cross"),
    }


def test_each_kind_of_file_has_an_ending() -> None:
    assert {kind.value: kind.ending for kind in ExportKind} == {
        "book": "xlsx",
        "xlsx": "xlsx",
        "plain": "xlsx",
        "csv": "csv",
    }
