"""The time, as everything that writes it down reads it."""

import threading
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

import pytest
from django.utils import timezone

from common import clock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=1)


def test_the_clock_runs_unless_it_is_set() -> None:
    before, now, after = timezone.now(), clock.now(), timezone.now()
    assert before <= now <= after
    assert now.tzinfo is not None


def test_a_block_lives_at_its_moment_and_the_next_line_does_not() -> None:
    with clock.at(NOON):
        assert clock.now() == NOON
        assert clock.now() == NOON
    assert clock.now() != NOON


def test_blocks_may_stand_inside_each_other() -> None:
    with clock.at(NOON):
        with clock.at(LATER):
            assert clock.now() == LATER
        assert clock.now() == NOON


def test_a_block_that_fails_gives_the_clock_back() -> None:
    with pytest.raises(LookupError), clock.at(NOON):
        raise LookupError
    assert clock.now() != NOON


def test_another_thread_keeps_its_own_time() -> None:
    seen: list[datetime] = []
    with clock.at(NOON):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert len(seen) == 1
    assert seen[0] != NOON


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        # The last minute of a quarter in Tirana is the next day nowhere west of it.
        (datetime(2026, 9, 30, 21, 59, tzinfo=UTC), "Europe/Tirane", date(2026, 9, 30)),
        (datetime(2026, 9, 30, 22, 0, tzinfo=UTC), "Europe/Tirane", date(2026, 10, 1)),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), "Europe/Tirane", date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), "Europe/Tirane", date(2027, 1, 1)),
        (datetime(2026, 9, 30, 23, 0, tzinfo=UTC), "Africa/Kinshasa", date(2026, 10, 1)),
        (datetime(2026, 9, 30, 22, 59, tzinfo=UTC), "Africa/Kinshasa", date(2026, 9, 30)),
        (datetime(2026, 10, 1, 3, 59, tzinfo=UTC), "America/New_York", date(2026, 9, 30)),
        (datetime(2026, 9, 30, 12, 0, tzinfo=UTC), "Pacific/Kiritimati", date(2026, 10, 1)),
        (datetime(2024, 2, 29, 12, 0, tzinfo=UTC), "UTC", date(2024, 2, 29)),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "Europe/Tirane", date(2026, 3, 29)),
    ],
)
def test_today_is_that_of_the_plan_and_not_of_the_server(
    moment: datetime, zone: str, day: date
) -> None:
    with clock.at(moment):
        assert clock.today(zone) == day


@pytest.mark.parametrize("zone", ["Nowhere/Town", "Europe/Tirana", "../etc/passwd", ""])
def test_a_zone_that_is_none_is_an_error_and_not_a_guess(zone: str) -> None:
    with pytest.raises((ZoneInfoNotFoundError, ValueError, OSError)):
        clock.today(zone)
