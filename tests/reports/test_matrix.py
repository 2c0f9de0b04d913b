"""Who owes what: whom it tells what, on whose table a report lies, and both clocks."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Institution
from common import clock
from indicators.choices import Role
from indicators.models import Membership
from reports.choices import ReportStatus, Standing
from reports.matrix import Asked, Matrix, known_to
from reports.models import Period, Report
from reports.review_tables import Timing
from tests import factory
from tests.conftest import World
from tests.reports.list_pages import ZONE, as_csv, as_workbook, column, told
from tests.reports.page_structure import faults
from tests.reports.typed_forms import text_of

TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=ZONE)
DUE = date(2026, 10, 30)


def matrix(world: World, who: str = "lead", **asked: Any) -> Matrix:
    with clock.at(NOON):
        found = known_to(world.fresh(getattr(world, who)), world.plan).matrix(Asked(**asked))
        for cell in found.cells:
            cell.standing  # noqa: B018 (computed while the clock stands)
        return found


def shown(found: Matrix) -> dict[tuple[str, str], Standing]:
    return {(c.institution.code, c.period.code): c.standing for c in found.cells}


def put(report: Report, status: str, **days: int | None) -> None:
    """A report in a state: due so many days from today, sent and decided so many days ago."""
    sent, decided = days.get("sent"), days.get("decided")
    first = days.get("first", sent)
    Report.objects.filter(pk=report.pk).update(
        status=status,
        due_on=TODAY + timedelta(days=days.get("due") or 0),
        submitted_at=None if sent is None else NOON - timedelta(days=sent),
        first_submitted_at=None if first is None else NOON - timedelta(days=first),
        decided_at=None if decided is None else NOON - timedelta(days=decided),
    )


STATES: list[tuple[str, dict[str, int | None], tuple[Any, ...]]] = [
    # state and days; standing, date of the state, timing, days late, days with the coalition
    ("draft", {"due": 3}, ("due", 3, None, None, None)),
    ("draft", {"due": 0}, ("due", 0, None, None, None)),
    ("draft", {"due": -1}, ("overdue", -1, "overdue", 1, None)),
    ("submitted", {"sent": 4}, ("submitted", -4, "late", 17, 4)),
    ("submitted", {"sent": 21}, ("submitted", -21, "in_time", None, 21)),
    ("under_review", {"sent": 0, "first": 30}, ("under_review", 0, "in_time", None, 0)),
    ("returned", {"due": 5, "sent": 30, "decided": 9}, ("returned", 5, "in_time", None, None)),
    ("returned", {"due": -2, "sent": 30, "decided": 9}, ("overdue", -2, "overdue", 2, None)),
    ("validated", {"sent": 20, "decided": 8}, ("validated", -8, "late", 1, 12)),
    ("published", {"sent": 40, "decided": 8}, ("published", -8, "in_time", None, 32)),
]


def test_each_state_has_its_date_and_both_clocks(world: World) -> None:
    for status, days, (standing, day, timing, late, waits) in STATES:
        put(world.report, status, **days)
        with clock.at(NOON):
            cell = next(
                c
                for c in known_to(world.fresh(world.lead), world.plan).matrix(Asked()).cells
                if c.institution == world.defence
            )
            found = (cell.standing, cell.day, cell.timing, cell.days_late, cell.days_with_coalition)
        wanted = (standing, TODAY + timedelta(days=day), timing, late, waits)
        assert (status, days, found) == (status, days, wanted)


def test_what_an_institution_does_not_owe_is_told_apart_from_what_it_does(world: World) -> None:
    earlier = factory.open_quarter(world.plan, 2026, 2)
    Report.objects.filter(period=earlier, institution=world.interior).delete()
    found = shown(matrix(world))
    assert found["MB", "2026-Q2"] is Standing.NOT_OWED
    assert found["MB", "2026-Q3"] is Standing.OVERDUE
    assert [str(period.code) for period in matrix(world).periods] == ["2026-Q3", "2026-Q2"]


WHOLE = {"reviewer", "lead", "administrator", "observer"}


def test_a_ministry_finds_its_own_row_and_those_who_watch_find_all(world: World) -> None:
    for who in ("contributor", "approver", "other_contributor", *sorted(WHOLE)):
        codes = [row.institution.code for row in matrix(world, who).rows]
        own = {"other_contributor": ["MB"]}.get(who, ["MM"])
        assert (who, codes) == (who, ["MB", "MM"] if who in WHOLE else own)
        page = world.client(getattr(world, who)).get("/matrix/")
        assert (page.status_code, faults(page)) == (200, [])
        other = "Ministry of Defence" if own == ["MB"] else "Ministry of Interior"
        assert (other in text_of(page)) is (who in WHOLE), who
        assert "Ministry of" in str(as_csv(world.client(getattr(world, who)), "/matrix/", {}))


def test_a_member_of_two_sides_finds_what_either_of_them_finds(world: World) -> None:
    Membership.objects.create(
        user=world.contributor, plan=world.plan, role=Role.CONTRIBUTOR, institution=world.interior
    )
    assert [row.institution.code for row in matrix(world, "contributor").rows] == ["MB", "MM"]


def test_how_much_is_answered_is_for_who_sees_it_being_typed(world: World) -> None:
    """Seven answers and no more, so that the number would be seen if it were told."""
    factory.fill_in(world.now(), world.contributor)
    found = {}
    for who in ("contributor", "administrator", "reviewer", "lead", "observer", "other_approver"):
        cells = matrix(world, who).cells
        found[who] = {c.institution.code: c.far.text for c in cells if c.far}
        page = text_of(world.client(getattr(world, who)).get("/matrix/"))
        file = as_csv(world.client(getattr(world, who)), "/matrix/", {})
        assert ("7 of 7 answered" in page) is ("MM" in found[who]), who
        assert ("7" in column(file, "Answers given")) is ("MM" in found[who]), who
    everything = {"MB": "0 / 5", "MM": "7 / 7"}
    assert found == {
        "contributor": {"MM": "7 / 7"},
        "administrator": everything,
        "reviewer": {},
        "lead": {},
        "observer": {},
        "other_approver": {"MB": "0 / 5"},
    }


def test_a_cell_leads_only_where_its_reader_may_go(world: World) -> None:
    world.validated()
    pk, other = world.report.pk, world.other_report.pk
    wanted = {
        "reviewer": {"MM": f"/review/{pk}/", "MB": ""},
        "observer": {"MM": f"/reports/{pk}/", "MB": ""},
        "contributor": {"MM": f"/reports/{pk}/"},
        "administrator": {"MM": f"/reports/{pk}/", "MB": f"/reports/{other}/"},
    }
    for who, links in wanted.items():
        assert {c.institution.code: c.url for c in matrix(world, who).cells} == links, who
        client = world.client(getattr(world, who))
        assert [client.get(url).status_code for url in links.values() if url] == [
            200 for url in links.values() if url
        ]


def full(world: World) -> None:
    """Two institutions in three quarters of two years, one of them late, one with the coalition."""
    for year, quarter in ((2026, 2), (2025, 4)):
        factory.open_quarter(world.plan, year, quarter)
    put(world.report, "submitted", sent=40)
    put(world.other_report, "draft", due=-20)
    for report in Report.objects.exclude(period=world.period).select_related("period"):
        late = report.period.year == 2026 and report.institution_id == world.interior.pk
        day = report.period.due_on + timedelta(days=1 if late else 0)
        sent = datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)
        Report.objects.filter(pk=report.pk).update(
            status="published", submitted_at=sent, first_submitted_at=sent, decided_at=sent
        )


FILTERS: list[tuple[dict[str, str], list[str]]] = [
    (
        {},
        ["MB 2026 Q3", "MB 2026 Q2", "MB 2025 Q4", "MM 2026 Q3", "MM 2026 Q2", "MM 2025 Q4"],
    ),
    ({"year": "2025"}, ["MB 2025 Q4", "MM 2025 Q4"]),
    ({"first": "2026-Q2"}, ["MB 2026 Q3", "MB 2026 Q2", "MM 2026 Q3", "MM 2026 Q2"]),
    ({"first": "2026-Q2", "last": "2026-Q2"}, ["MB 2026 Q2", "MM 2026 Q2"]),
    ({"last": "2025-Q4", "institution": "MM"}, ["MM 2025 Q4"]),
    ({"state": "overdue"}, ["MB 2026 Q3"]),
    ({"state": "published", "year": "2026"}, ["MB 2026 Q2", "MM 2026 Q2"]),
    ({"state": "returned"}, []),
    ({"institution": "XX", "year": "1900", "first": "x", "plan": "AL", "state": "draft"}, []),
]


def test_what_is_filtered_on_the_page_is_what_leaves_in_the_file(world: World) -> None:
    full(world)
    client = world.client(world.lead)
    everything = FILTERS[0][1]
    for query, wanted in FILTERS:
        wanted = (
            wanted if "institution" not in query or query["institution"] == "MM" else everything
        )
        page = client.get("/matrix/", query)
        cells = [f"{c.institution.code} {c.period}" for c in page.context["matrix"].cells]
        assert (query, cells) == (query, wanted)
        plain = as_csv(client, "/matrix/", query)
        names = zip(column(plain, "Institution code"), column(plain, "Quarter"), strict=True)
        assert [" ".join(pair) for pair in names] == wanted
        sheet = [row for row in as_workbook(client, "/matrix/", query) if row]
        assert [[told(cell) for cell in row] for row in sheet] == [
            row[: len(sheet[n])] for n, row in enumerate(plain)
        ]
    assert page.context["filter_count"] == 0
    narrowed = client.get("/matrix/", {"state": "overdue"})
    assert "left out by the filter" in text_of(narrowed)
    assert "No report fits this filter" in text_of(client.get("/matrix/", {"state": "returned"}))


def test_the_sums_count_what_is_shown(world: World) -> None:
    full(world)
    found = matrix(world)
    with clock.at(NOON):
        assert [(c.institution.code, c.days_late) for c in found.overdue] == [("MB", 20)]
        assert [c.institution.code for c in found.with_ministries] == ["MB"]
        assert [c.days_with_coalition for c in found.with_coalition] == [40]
        assert {r.institution.code: (r.in_time, r.due) for r in found.rows} == {
            "MB": (1, 3),
            "MM": (3, 3),
        }
        assert (found.in_time, found.due) == (4, 6)
        narrow = matrix(world, institution="MM", standing="published")
        assert (narrow.in_time, narrow.due, narrow.overdue) == (2, 2, [])
        page = text_of(world.client(world.lead).get("/matrix/"))
    assert "longest: 20 days, MB, 2026 Q3" in page
    assert "longest: 40 days, MM, 2026 Q3" in page
    assert "of 6 reports that were due" in page


def test_longest_comes_first_in_both_sums(world: World) -> None:
    for number, report in enumerate((world.report, world.other_report)):
        put(report, "draft", due=-number - 1)
    with clock.at(NOON):
        assert [c.days_late for c in matrix(world).overdue] == [2, 1]
        for number, report in enumerate((world.report, world.other_report)):
            put(report, "submitted", sent=number)
        assert [c.days_with_coalition for c in matrix(world).with_coalition] == [1, 0]


def test_a_person_of_several_plans_chooses_among_her_own(world: World) -> None:
    other = factory.make_plan("BB", country="XK")
    factory.make_plan("CC", country="MK")
    Membership.objects.create(user=world.lead, plan=other, role=Role.OBSERVER)
    client = world.client(world.lead)
    pages = {code: client.get("/matrix/", {"plan": code}) for code in ("AL", "BB", "CC", "")}
    assert [page.status_code for page in pages.values()] == [200, 200, 404, 200]
    choices = [code for code, _title in pages["AL"].context["form"].fields["plan"].choices]
    assert choices == ["AL", "BB"]
    assert (pages["AL"].context["plan"], pages[""].context["plan"]) == (world.plan, world.plan)
    assert "Nothing is owed yet" in text_of(pages["BB"])
    assert "plan" not in world.client(world.reviewer).get("/matrix/").context["form"].fields
    assert world.client(world.stranger).get("/matrix/").status_code == 403


@pytest.mark.parametrize(("who", "queries"), [("lead", 6), ("contributor", 12)])
def test_it_asks_the_same_of_the_database_whatever_its_size(
    world: World, who: str, queries: int
) -> None:
    client, counts = world.client(getattr(world, who)), []
    client.get("/matrix/")
    for number in (1, 3, 300):
        grow(world, number)
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/matrix/")
        counts.append(len(asked))
        assert len(page.context["matrix"].cells) >= number
    assert counts == [queries] * 3


def grow(world: World, number: int) -> None:
    """So many reports: of the ministry in older quarters, of other institutions in this one."""
    start, states = Period.objects.count(), list(ReportStatus)
    periods = Period.objects.bulk_create(
        Period(
            plan=world.plan,
            year=1900 + (start + n) // 4,
            quarter=(start + n) % 4 + 1,
            starts_on=date(2025, 1, 1),
            ends_on=date(2025, 3, 31),
            due_on=date(2025, 4, 30),
        )
        for n in range(number)
    )
    places = Institution.objects.bulk_create(
        Institution(code=f"N{start + n}", country="AL", kind="ministry", name_en="Office")
        for n in range(min(number, 20))
    )
    made = [Report(period=p, institution=world.defence, due_on=p.due_on) for p in periods]
    made += [
        Report(period=world.period, institution=place, due_on=DUE, status=states[n % 6])
        for n, place in enumerate(places)
    ]
    Report.objects.bulk_create(made)


def test_late_and_in_time_are_told_in_words(world: World) -> None:
    assert [str(t.label) for t in Timing] == ["Late", "Overdue", "In time"]
    put(world.report, "validated", sent=20, decided=8)
    with clock.at(NOON):
        page = text_of(world.client(world.lead).get("/matrix/"))
    for words in ("1 day late", "12 days with the coalition", "decided 12 Nov 2026"):
        assert words in page
