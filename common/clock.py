"""The time, as everything that writes it down reads it: one place that can be set to a moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """This moment, with its time zone."""
    return _moment.get() or timezone.now()


def today(zone: str) -> date:
    """Today's date in a named time zone, such as that of a plan."""
    return timezone.localdate(now(), ZoneInfo(zone))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Live through a block at another moment: for building a demonstration's past."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
