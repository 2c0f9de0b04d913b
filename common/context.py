"""The shape of what every page shows around its content; the wiring fills it for the person."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise


class NavEntry(NamedTuple):
    """One entry of the main navigation."""

    label: str | _StrPromise
    url: str
    is_current: bool = False


def nav_entry(
    request: HttpRequest, label: str | _StrPromise, url: str, *, exact: bool = False
) -> NavEntry:
    """An entry that knows whether the page shown is its own or stands below it."""
    path = request.path
    return NavEntry(label, url, path == url if exact else path.startswith(url))
