"""The three lights of an indicator in a quarter: computed, ministry, coalition. Never merged.

Two lights can be held against each other only on one scale: the four ratings a person can give.
This module speaks of their stored values, so that every app above may use it.
"""

from collections.abc import Mapping

from indicators.choices import Status

RATINGS: Mapping[str, str] = {
    Status.ACHIEVED: "achieved",
    Status.MET: "achieved",
    Status.ON_TRACK: "on_track",
    Status.AT_RISK: "at_risk",
    Status.OFF_TRACK: "off_track",
    Status.NOT_MET: "off_track",
    Status.REGRESSING: "off_track",
}


def comparable(status: str | None) -> str | None:
    """The rating that says the same as a computed status; None where no rating does.

    It only serves to find differences: what is shown is always the status itself.
    """
    return RATINGS.get(status or "")


def differ(one: str | None, other: str | None) -> bool:
    """Whether two lights, as ratings, disagree. A light that is missing agrees with everything."""
    return bool(one and other and one != other)
