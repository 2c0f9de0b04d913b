"""The closed lists: what is stored, what is shown, and what follows from a choice."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import TextChoices
from django.utils.translation import override

from accounts.choices import InstitutionKind
from common.icons import PATHS
from indicators import choices
from indicators.choices import (
    COALITION_ROLES,
    MINISTRY_ROLES,
    BadgeChoices,
    Certainty,
    Direction,
    Frequency,
    Kind,
    Mark,
    ObservationState,
    OverTime,
    OverUnits,
    Role,
    Sensitivity,
    Status,
    ValueMeaning,
)
from indicators.combine import rules_over_time, rules_over_units
from reports import choices as of_reports

ALIKE = {"Draft", "Administrator"}  # so they are written in Albanian too
TONES = {"neutral", "info", "progress", "attention", "good", "bad"}


def lists() -> Iterator[type[TextChoices]]:
    """Every closed list of the project."""
    for module in (choices, of_reports):
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, TextChoices) and list(thing):
                yield thing
    yield InstitutionKind


LISTS = sorted({*lists()}, key=lambda made: made.__name__)
BADGES = [made for made in LISTS if issubclass(made, BadgeChoices)]


@pytest.mark.parametrize("made", LISTS, ids=lambda made: made.__name__)
def test_every_choice_has_a_label_of_its_own_in_both_languages(made: Any) -> None:
    told = {}
    for language in ("en", "sq"):
        with override(language):
            told[language] = [str(member.label) for member in made]

    for labels in told.values():
        assert all(labels)
        assert len(set(labels)) == len(labels)
    same = {pair[0] for pair in zip(told["en"], told["sq"]) if pair[0] == pair[1]}
    assert same <= ALIKE


@pytest.mark.parametrize("made", LISTS, ids=lambda made: made.__name__)
def test_stored_words_are_plain_and_stay_what_they_are(made: Any) -> None:
    for member in made:
        assert member.value == str(member) == member.name.lower() or made is InstitutionKind
        assert member.value.isidentifier()
        assert member.value.isascii()
        assert made(member.value) is member


@pytest.mark.parametrize("made", BADGES, ids=lambda made: made.__name__)
def test_every_badge_has_a_tone_and_an_icon_that_can_be_drawn(made: Any) -> None:
    for member in made:
        assert member.tone in TONES, member
        assert member.icon in PATHS, member


@pytest.mark.parametrize("made", BADGES, ids=lambda made: made.__name__)
def test_no_two_badges_of_a_list_look_the_same(made: Any) -> None:
    looks = [(member.tone, member.icon, str(member.label)) for member in made]

    assert len(set(looks)) == len(looks)


def test_what_is_not_in_a_list_is_refused() -> None:
    for made in LISTS:
        with pytest.raises(ValueError, match="is not a valid"):
            made("canary")


def test_a_stored_word_fits_into_its_column() -> None:
    for app in ("indicators", "accounts", "reports"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.concrete_fields:
                if field.choices:
                    longest = max(len(str(value)) for value, _label in field.flatchoices)
                    assert longest <= (field.max_length or 0), (model, field)


# ---------------------------------------------------------------- what follows from a choice


def test_a_status_says_good_or_bad_and_never_both() -> None:
    good = {Status.ACHIEVED, Status.MET, Status.ON_TRACK}
    bad = {Status.OFF_TRACK, Status.REGRESSING}

    assert {s for s in Status if s.tone == "good"} == good
    assert {s for s in Status if s.tone == "bad"} == bad
    assert {s for s in Status if s.tone == "attention"} == {
        Status.AT_RISK,
        Status.NOT_MET,
        Status.NO_DATA,
    }


def test_the_bar_begins_with_the_best_and_ends_with_what_is_not_due() -> None:
    assert list(Status)[:3] == [Status.ACHIEVED, Status.MET, Status.ON_TRACK]
    assert list(Status)[-1] is Status.NOT_DUE


def test_a_caution_is_no_status() -> None:
    assert {mark.value for mark in Mark} & {status.value for status in Status} == set()


def test_two_kinds_are_fractions() -> None:
    assert {kind for kind in Kind if kind.has_fraction} == {Kind.PERCENTAGE, Kind.RATIO}


def test_scores_milestones_answers_and_words_do_not_add_up() -> None:
    assert {kind for kind in Kind if not kind.adds_up} == {
        Kind.SCORE,
        Kind.MILESTONE,
        Kind.YES_NO,
        Kind.NARRATIVE,
    }


def test_a_fraction_is_never_averaged_nor_summed() -> None:
    for kind in Kind:
        if kind.has_fraction:
            assert OverUnits.MEAN not in rules_over_units(kind)
            assert OverUnits.SUM not in rules_over_units(kind)
            for meaning in ValueMeaning:
                assert OverTime.SUM not in rules_over_time(kind, meaning)
                assert OverTime.MEAN not in rules_over_time(kind, meaning)


def test_there_is_a_way_to_combine_every_kind() -> None:
    for kind in Kind:
        assert rules_over_units(kind) <= set(OverUnits)
        assert rules_over_units(kind)
        for meaning in ValueMeaning:
            assert rules_over_time(kind, meaning) <= set(OverTime)
            assert rules_over_time(kind, meaning)


def test_a_running_total_is_never_summed_again() -> None:
    for kind in Kind:
        assert OverTime.SUM not in rules_over_time(kind, ValueMeaning.RUNNING_TOTAL)


@pytest.mark.parametrize(
    ("direction", "sign"),
    [
        (Direction.INCREASE, 1),
        (Direction.DECREASE, -1),
        (Direction.MAINTAIN, 0),
        (Direction.NONE, 0),
    ],
)
def test_a_direction_has_a_sign(direction: Any, sign: Any) -> None:
    assert direction.sign == sign


@pytest.mark.parametrize(
    ("frequency", "quarters"),
    [(Frequency.QUARTERLY, 1), (Frequency.HALF_YEARLY, 2), (Frequency.ANNUAL, 4)],
)
def test_a_frequency_is_a_number_of_quarters(frequency: Any, quarters: Any) -> None:
    assert frequency.quarters == quarters


def test_everything_but_a_value_needs_a_reason() -> None:
    assert [s for s in ObservationState if not s.needs_reason] == [ObservationState.VALUE]


def test_only_restricted_figures_are_locked() -> None:
    assert [s for s in Sensitivity if s.icon == "lock"] == [Sensitivity.RESTRICTED]


def test_what_is_not_in_an_adopted_plan_does_not_look_as_if_it_were() -> None:
    assert [c for c in Certainty if c.tone == "good"] == [Certainty.ADOPTED]
    invented = {Certainty.UNVERIFIED, Certainty.DEMONSTRATION}
    assert {c for c in Certainty if c.tone == "attention"} == invented


def test_every_role_is_of_one_side_or_of_none() -> None:
    assert set(MINISTRY_ROLES) == {Role.CONTRIBUTOR, Role.APPROVER}
    assert set(COALITION_ROLES) == {Role.REVIEWER, Role.LEAD}
    assert set(MINISTRY_ROLES) & set(COALITION_ROLES) == set()
    assert set(Role) - {*MINISTRY_ROLES, *COALITION_ROLES} == {Role.ADMINISTRATOR, Role.OBSERVER}
