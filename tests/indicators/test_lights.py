"""A computed status is put on the scale of the ratings only where a rating says the same."""

from indicators.choices import Status
from indicators.lights import RATINGS, comparable, differ
from reports.choices import RatingValue


def test_each_status_that_judges_has_one_rating_and_no_other_has() -> None:
    assert {status.value: comparable(status) for status in Status} == {
        "achieved": "achieved",
        "met": "achieved",
        "on_track": "on_track",
        "at_risk": "at_risk",
        "off_track": "off_track",
        "not_met": "off_track",
        "regressing": "off_track",
        "reported": None,
        "no_data": None,
        "not_available": None,
        "not_applicable": None,
        "not_due": None,
    }


def test_the_stored_words_are_understood_as_well_as_the_members() -> None:
    assert comparable("met") == comparable(Status.MET) == RatingValue.ACHIEVED
    assert comparable("") is None
    assert comparable(None) is None
    assert comparable("a status of a later version") is None


def test_every_rating_can_be_reached_and_nothing_else() -> None:
    assert set(RATINGS.values()) == {value.value for value in RatingValue}


def test_two_lights_differ_only_where_both_are_there() -> None:
    assert differ("on_track", "at_risk") is True
    assert differ("on_track", "on_track") is False
    assert differ(RatingValue.ON_TRACK, comparable(Status.ON_TRACK)) is False
    assert differ(None, "at_risk") is False
    assert differ("at_risk", None) is False
    assert differ("", "at_risk") is False
    assert differ(None, None) is False
