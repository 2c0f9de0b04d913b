"""Of every list: what was filtered and ordered on the page is what is in the file, all of it."""

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from accounts.models import User
from common.csvfile import CSV_TYPE
from common.workbook import XLSX_TYPE
from reports.choices import ReportStatus
from reports.models import Period, Report
from tests import factory
from tests.conftest import World
from tests.reports.list_pages import (
    as_csv,
    as_workbook,
    column,
    crowd,
    on_pages,
    quarters,
    rounds,
    told,
)
from tests.reports.section_forms import in_words

Query = dict[str, Any]


def places(world: World) -> dict[str, tuple[str, str, str]]:
    """Each list: its address, who reads it, and the column by which its rows are told apart."""
    return {
        "mine": ("/reports/", "contributor", "Quarter"),
        "queue": ("/review/", "reviewer", "Institution"),
        "quarters": ("/quarters/", "lead", "Quarter"),
        "quarter": (f"/quarters/{world.period.pk}/", "lead", "Institution"),
    }


def queries(world: World) -> dict[str, tuple[Query, Query]]:
    """A filter and an order of each list, to be asked for alone and together."""
    return {
        "mine": ({"status": "draft"}, {"sort": "period__ends_on"}),
        "queue": ({"status": "submitted", "quarter": world.period.pk}, {"sort": "-submitted_at"}),
        "quarters": ({}, {"sort": "year"}),
        "quarter": ({"status": "returned"}, {"sort": "-institution__code"}),
    }


def full(world: World) -> None:
    rounds(world, crowd(world, 18))
    quarters(world)


@pytest.mark.parametrize("name", ["mine", "queue", "quarters", "quarter"])
def test_page_csv_and_workbook_hold_the_same_rows_in_the_same_order(
    world: World, name: str
) -> None:
    full(world)
    address, who, heading = places(world)[name]
    client, orders = world.client(getattr(world, who)), set()
    chosen, order = queries(world)[name]
    for query in ({}, chosen, {**chosen, **order}):
        rows = on_pages(client, address, query)
        plain, sheet = as_csv(client, address, query), as_workbook(client, address, query)
        names = column(plain, heading)
        assert [row[0] for row in rows] == names, query
        assert [[told(cell) for cell in row] for row in sheet if row] == [
            row[: len(sheet[n])] for n, row in enumerate(plain)
        ], query
        orders.add(tuple(names))
    assert len(orders) == (2 if name in ("mine", "quarters") else 3)


def test_a_list_of_several_pages_leaves_whole(world: World) -> None:
    """Sixty reports in the queue: fifty on the page, sixty in the file, whatever the page."""
    crowd(world, 60, ReportStatus.SUBMITTED)
    client = world.client(world.reviewer)
    assert len(client.get("/review/").context["table"].rows) == 50
    for query in ({}, {"page": 2}, {"page": "x"}):
        assert len(as_csv(client, "/review/", query)) == 61


def test_only_two_kinds_of_file_are_known(world: World) -> None:
    world.submitted()
    lists = [(address, who, "pdf") for address, who, _heading in places(world).values()]
    odd = [("/quarters/", "lead", wanted) for wanted in ("XLSX", "")]
    for address, who, wanted in [*lists, *odd]:
        response = world.client(getattr(world, who)).get(address, {"export": wanted})
        assert (response.status_code, wanted) == (200, wanted)
        assert response["Content-Type"].startswith("text/html")
        assert not response.has_header("Content-Disposition")


FILES = [
    ("mine", "sq", "%s", "my reports"),
    ("queue", "en", "%s", "review queue"),
    ("quarters", "en", "%s", "quarters"),
    ("quarter", "sq", "AL-2026-Q3-%s", "who owes what"),
]


def test_a_file_is_named_headed_and_kept_private_in_the_readers_language(world: World) -> None:
    world.submitted()
    for name, language, shape, words in FILES:
        address, who, heading = places(world)[name]
        person = getattr(world, who)
        User.objects.filter(pk=person.pk).update(language=language)
        client = world.client(world.fresh(person))
        for kind, content_type in (("csv", CSV_TYPE), ("xlsx", XLSX_TYPE)):
            response = client.get(address, {"export": kind})
            assert response["Content-Type"] == content_type
            told_name = response["Content-Disposition"].partition("filename*=UTF-8''")[2]
            assert unquote(told_name) == f"{shape % in_words(language, words)}.{kind}"
            assert response["X-Content-Type-Options"] == "nosniff"
            assert response["Cache-Control"] == "no-store, private"
        assert as_csv(client, address, {})[0][0] == in_words(language, heading)


def test_days_and_numbers_of_a_list_are_days_and_numbers(world: World) -> None:
    world.submitted()
    crowd(world, 8)
    client = world.client(world.lead)
    rows = as_workbook(client, f"/quarters/{world.period.pk}/", {})
    assert {type(value) for value in column(rows, "Due")} == {date}
    for heading in ("Submitted", "Days with the coalition", "Days overdue", "Round"):
        kinds = {type(value) for value in column(rows, heading) if value is not None}
        assert kinds <= {date, Decimal}, heading
        assert kinds, heading
    counts = as_workbook(client, "/quarters/", {})
    assert column(counts, "Draft") == [Decimal(3)]


# ------------------------------------------------------------------ what leaves, and for whom


def canaries(world: World) -> None:
    """Names that only the right reader may find in a file."""
    for place, text in ((world.defence, "Canary of MM"), (world.interior, "Canary of MB")):
        type(place).objects.filter(pk=place.pk).update(name_en=text, name_sq=text)
    User.objects.filter(pk=world.reviewer.pk).update(name="Canary of a reviewer")


LEAVES: dict[str, tuple[set[str], set[str], set[str]]] = {
    # in the file of: own list, queue, quarter
    "contributor": ({"MM"}, set(), {"MM"}),
    "other_approver": ({"MB"}, set(), {"MB"}),
    "reviewer": (set(), {"MM", "a reviewer"}, {"MM", "MB", "a reviewer"}),
    "lead": (set(), {"MM", "a reviewer"}, {"MM", "MB", "a reviewer"}),
    "administrator": (set(), set(), {"MM", "MB", "a reviewer"}),
    "observer": (set(), set(), set()),
}


def test_a_file_holds_what_its_reader_may_know_and_nothing_else(world: World) -> None:
    world.under_review()
    canaries(world)
    words = ("MM", "MB", "a reviewer")
    for who, expected in LEAVES.items():
        client, found = world.client(getattr(world, who)), []
        for address in ("/reports/", "/review/", f"/quarters/{world.period.pk}/"):
            text = b"".join(client.get(address, {"export": "csv"})).decode()
            found.append({word for word in words if f"Canary of {word}" in text})
        assert (who, tuple(found)) == (who, expected)


def test_no_filter_opens_what_is_closed(world: World) -> None:
    canaries(world)
    client = world.client(world.contributor)
    for address in ("/reports/", f"/quarters/{world.period.pk}/"):
        for wanted in (f"institution={world.interior.pk}", "institution=all", "status="):
            text = b"".join(client.get(f"{address}?{wanted}&export=csv")).decode()
            assert "Canary of MB" not in text


def test_nobody_gets_a_file_without_a_log_in(world: World) -> None:
    canaries(world)
    for address, _who, _heading in places(world).values():
        for kind in ("csv", "xlsx"):
            response = Client().get(address, {"export": kind})
            assert response.status_code == 302
            assert response["Location"].startswith("/login/?next=")


def test_an_empty_list_leaves_as_its_headings_alone(world: World) -> None:
    Report.objects.all().delete()
    for name, (address, who, heading) in places(world).items():
        rows = as_csv(world.client(getattr(world, who)), address, {})
        assert rows[0][0] == heading
        assert len(rows) == (2 if name == "quarters" else 1)
    Period.objects.all().delete()
    assert len(as_csv(world.client(world.lead), "/quarters/", {})) == 1


def test_a_filter_that_is_set_is_in_the_links_of_both_files(world: World) -> None:
    factory.open_quarter(world.plan, 2026, 2)
    page = world.client(world.contributor).get(
        "/reports/", {"quarter": "2026-Q2", "sort": "due_on"}
    )
    html = page.content.decode().replace("&amp;", "&")
    for kind in ("xlsx", "csv"):
        assert f"?quarter=2026-Q2&sort=due_on&export={kind}" in html
