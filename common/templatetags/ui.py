"""Template tags and filters of every page: badge, icon, empty state, numbers and dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware, localtime

from common.charts import clamp, coordinate
from common.icons import icon_at, icon_svg
from common.numbers import NBSP, show_decimal

if TYPE_CHECKING:
    from django.core.paginator import Page

    from common.charts import Badge, Segment

register = template.Library()

NOTHING = "–"
TONES = frozenset({"neutral", "info", "progress", "attention", "good", "bad"})


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An inline drawing; the word beside it says what it means."""
    return icon_svg(name, extra)


@register.simple_tag
def status_badge(status: Badge | None, note: str = "") -> SafeString | str:
    """Icon, word and tone of an enum member; nothing for what is none. `note` follows the word."""
    if status is None or getattr(status, "tone", None) not in TONES:
        return ""
    return format_html(
        '<span class="badge-status tone-{}">{}<span>{}{}</span></span>',
        status.tone,
        icon_svg(status.icon),
        status.label,
        f" · {note}" if note else "",
    )


@register.simple_tag
def part_icon(part: Segment, y: str = "6") -> SafeString | str:
    """The icon of a status in its part of a bar, where it has room: no colour speaks alone."""
    if not part.is_roomy:
        return ""
    return icon_at(part.status.icon, part.middle, str(y), f"bar-icon--{part.ink}", part.plate)


@register.inclusion_tag("ui/empty.html")
def empty(title: str, text: str = "", url: str = "", label: str = "") -> dict[str, str]:
    """Nothing here yet: why, and what to do next."""
    return {"title": title, "text": text, "url": url, "label": label}


@register.filter
def number(value: Decimal | int | None) -> str:
    """The number as the reader writes it, without trailing zeros; a dash only for no number."""
    return NOTHING if value is None or value == "" else show_decimal(value)


@register.filter
def rounded(value: Decimal | None, places: int = 1) -> str:
    """The number rounded to show: half away from zero, as people round by hand."""
    if value is None or value == "":
        return NOTHING
    return show_decimal(round_to(Decimal(value), places))


@register.filter
def money(value: Decimal | int | None, currency: str = "") -> str:
    """An amount with its currency behind it, to the unit."""
    if value is None or value == "":
        return NOTHING
    amount = show_decimal(round_to(Decimal(value), 0))
    return f"{amount}{NBSP}{currency}" if currency else amount


@register.filter
def percent(share: Decimal | None, places: int = 1) -> str:
    """A share (0.625) as a percentage (62.5 %); it may be below 0 or above 100."""
    if share is None or share == "":
        return NOTHING
    return f"{show_decimal(round_to(Decimal(share) * 100, places))}{NBSP}%"


@register.filter
def bar_length(share: Decimal | None) -> str:
    """A share as 0 to 100 for an SVG attribute: clamped, never localised."""
    return coordinate(clamp(Decimal(share)) * 100) if share is not None else "0"


@register.filter
def day(value: date | datetime | None) -> str:
    """3 October 2026, in the reader's language."""
    return shown_date(value, "j F Y")


@register.filter
def short_day(value: date | datetime | None) -> str:
    """3 Oct 2026, in the reader's language; for tables."""
    return shown_date(value, "j M Y")


@register.filter
def moment(value: datetime | None) -> str:
    """3 October 2026, 14:05, in the time zone of the site."""
    return shown_date(value, "j F Y, H:i")


@register.filter
def labelled(
    cells: Iterable[object], headings: Iterable[object]
) -> Iterator[tuple[object, object]]:
    """Each cell of a row with the heading of its column."""
    return zip_longest(cells, headings)


@register.filter
def page_numbers(page: Page[object]) -> Iterator[int | str]:
    """The pages to name: the first, the last and the neighbours, with gaps between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


def round_to(value: Decimal, places: int) -> Decimal:
    """Rounded half up to a number of decimals; only ever for showing."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def shown_date(value: date | datetime | None, layout: str) -> str:
    """A date by one layout; moments are turned to local time first."""
    if not value:
        return NOTHING
    if isinstance(value, datetime) and is_aware(value):
        value = localtime(value)
    return date_format(value, layout)
