"""A page's form as a browser would send it: what stands in its fields, and what a person types."""

from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from indicators.models import Indicator
from reports.models import ActionProgress, Line, Period, Report
from tests.conftest import World


class _Fields(HTMLParser):
    """Names and values of the fields of a page, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.area = self.select = ""
        self.first = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name, value = told.get("name", ""), told.get("value", "")
        kind = told.get("type")
        is_left = kind in ("submit", "file") or (
            kind in ("radio", "checkbox") and "checked" not in told
        )
        if tag == "input" and name and not is_left:
            self.found[name] = value
        elif tag == "textarea":
            self.area, self.found[name] = name, ""
        elif tag == "select":
            self.select, self.first = name, True
        elif tag == "option" and self.select and (self.first or "selected" in told):
            self.found[self.select], self.first = value, False

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.found[self.area] += data.removeprefix("\n") if not self.found[self.area] else data


def fields_on(response: Any) -> dict[str, str]:
    """Every field of the page with what stands in it."""
    parser = _Fields()
    parser.feed(response.content.decode())
    return parser.found


def text_of(response: Any) -> str:
    """The page with its blanks tidied, to look for sentences."""
    return " ".join(response.content.decode().split())


def line_of(world: World, indicator: Indicator | None = None) -> Line:
    return Line.objects.get(report=world.report, indicator=indicator or world.indicator)


def action_of(world: World) -> ActionProgress:
    return ActionProgress.objects.get(report=world.report)


def fill_url(report: Report, page: str) -> str:
    return f"/reports/{report.pk}/fill/{page}/"


def save_url(report: Report, part: str) -> str:
    return f"/reports/{report.pk}/save/{part}/"


def close(period: Period) -> None:
    """The quarter closed yesterday, whatever day it is."""
    yesterday = period.today() - timedelta(days=1)
    Period.objects.filter(pk=period.pk).update(
        starts_on=yesterday - timedelta(days=100),
        ends_on=yesterday - timedelta(days=9),
        due_on=yesterday,
        closes_on=yesterday,
    )
