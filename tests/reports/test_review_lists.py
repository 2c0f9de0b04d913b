"""The coalition's queue: every filter and every order, alone and together, as the address says."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from indicators.choices import Role
from reports.choices import WITH_COALITION, ReportStatus
from reports.models import Report
from tests import factory
from tests.conftest import World
from tests.reports.list_pages import as_csv, column, crowd
from tests.reports.page_structure import faults, structure
from tests.reports.section_forms import in_words
from tests.reports.typed_forms import text_of

QUEUE = "/review/"
Waiting = list[Report]


def listed(client: Any, query: dict[str, Any] | None = None) -> list[int]:
    """The reports of the queue in its order, told apart by institution and quarter."""
    rows = as_csv(client, QUEUE, query or {})
    known = {(str(r.institution), str(r.period)): r.pk for r in Report.objects.with_names()}
    return [known[row] for row in zip(column(rows, "Institution"), column(rows, "Quarter"))]


def waiting(world: World) -> Waiting:
    """What is with the coalition in its plan, as the database has it."""
    rows = Report.objects.with_names().filter(status__in=WITH_COALITION, period__plan=world.plan)
    return sorted(rows, key=lambda report: report.pk)


def kept(reports: Waiting, test: Callable[[Report], bool]) -> set[int]:
    return {report.pk for report in reports if test(report)}


def test_each_filter_keeps_exactly_what_fits_it(world: World) -> None:
    crowd(world, 24)
    other = factory.open_quarter(world.plan, 2026, 2)
    Report.objects.filter(period=other).update(status="submitted")
    reports, client = waiting(world), world.client(world.reviewer)
    place = reports[3].institution_id
    cases: list[tuple[dict[str, Any], Callable[[Report], bool]]] = [
        ({}, lambda r: True),
        ({"status": "submitted"}, lambda r: r.status == "submitted"),
        ({"status": "under_review"}, lambda r: r.status == "under_review"),
        ({"quarter": other.pk}, lambda r: r.period_id == other.pk),
        ({"quarter": world.period.pk}, lambda r: r.period_id == world.period.pk),
        ({"institution": place}, lambda r: r.institution_id == place),
        ({"mine": "on"}, lambda r: r.reviewer_id == world.reviewer.pk),
        ({"mine": ""}, lambda r: True),
        ({"unknown": "x"}, lambda r: True),
        (
            {"status": "under_review", "mine": "on"},
            lambda r: r.status == "under_review" and r.reviewer_id == world.reviewer.pk,
        ),
        (
            {"quarter": other.pk, "institution": world.interior.pk},
            lambda r: (r.period_id, r.institution_id) == (other.pk, world.interior.pk),
        ),
        ({"quarter": other.pk, "mine": "on"}, lambda r: False),
    ]
    for query, test in cases:
        assert set(listed(client, query)) == kept(reports, test), query
    assert len(kept(reports, cases[1][1])) not in (0, len(reports))
    assert len(kept(reports, cases[6][1])) not in (0, len(reports))


def test_a_filter_of_nonsense_opens_nothing_and_breaks_nothing(world: World) -> None:
    world.submitted()
    client, names = world.client(world.reviewer), ("status", "quarter", "institution")
    for nonsense in ("draft", "0", "-1", "9" * 30, "' OR 1=1 --", "<script>", "١"):
        name = names[len(nonsense) % 3]
        assert set(listed(client, {name: nonsense})) <= {world.report.pk}
    page = client.get(QUEUE, dict.fromkeys(names, "<script>"))
    main = page.content.decode().split("<main")[1].split("</main>")[0]
    assert (page.status_code, "<script>" in main) == (200, False)


def newest_last(report: Report) -> tuple[bool, Any]:
    return (report.submitted_at is None, report.submitted_at)


ORDERS: dict[str, Callable[[Report], Any]] = {
    "institution__code": lambda r: r.institution.code,
    "status": lambda r: r.status,
    "submitted_at": newest_last,
    "period__year": lambda r: (r.period.year, r.period.quarter),
    "reviewer__name": lambda r: r.reviewer.name if r.reviewer else "~",
}


def test_each_heading_orders_the_queue_both_ways(world: World) -> None:
    """What has no value stands last either way; equal rows keep one order."""
    crowd(world, 24)
    other = factory.open_quarter(world.plan, 2026, 2)
    Report.objects.filter(period=other).update(status="submitted")
    reports, client = {r.pk: r for r in waiting(world)}, world.client(world.reviewer)
    assert len(reports) == 10
    for name, key in ORDERS.items():
        up, down = (listed(client, {"sort": sort}) for sort in (name, f"-{name}"))
        assert [key(reports[pk]) for pk in up] == sorted(map(key, reports.values())), name
        assert sorted(up) == sorted(down) == sorted(reports)
        filled = [pk for pk in down if not _is_blank(reports[pk], name)]
        assert [key(reports[pk]) for pk in filled] == sorted(
            (key(reports[pk]) for pk in filled), reverse=True
        )
        assert down[: len(filled)] == filled
        assert listed(client, {"sort": name}) == up


def _is_blank(report: Report, name: str) -> bool:
    return {"reviewer__name": report.reviewer, "submitted_at": report.submitted_at}.get(
        name, True
    ) is None


def test_the_longest_wait_stands_first_and_unknown_orders_change_nothing(world: World) -> None:
    crowd(world, 24)
    client = world.client(world.reviewer)
    first = listed(client)
    times: dict[int, Any] = dict(Report.objects.values_list("pk", "submitted_at"))
    assert [times[pk] for pk in first] == sorted(times[pk] for pk in first)
    for sort in ("institution__name", "pk", "-", "--status", "submitted_at; drop", ""):
        assert listed(client, {"sort": sort}) == first


def test_a_heading_keeps_the_filter_and_turns_the_order_round(world: World) -> None:
    world.submitted()
    client = world.client(world.reviewer)
    for sort, leads_to in (("institution__code", "-institution__code"), ("-institution__code", "")):
        query = {"status": "submitted", "sort": sort, "page": "1", "export": ""}
        heading = client.get(QUEUE, query).context["table"].headings[0]
        assert heading.is_sorted is True
        assert heading.sort_url == f"?status=submitted&sort={leads_to or 'institution__code'}"


@pytest.mark.parametrize("language", ["en", "sq"])
def test_the_filter_is_named_told_and_offers_what_there_is(world: World, language: str) -> None:
    world.submitted()
    crowd(world, 6, ReportStatus.VALIDATED)
    User.objects.filter(pk=world.reviewer.pk).update(language=language)
    response = world.client(world.fresh(world.reviewer)).get(QUEUE, {"mine": "on"})
    found = structure(response)
    names = {found.name_of(control) for control in found.controls}
    asked = ("Status", "Quarter", "Institution", "Only what I took")
    assert {in_words(language, word) for word in asked} <= names
    assert (faults(response), response.context["filter_count"]) == ([], 1)
    form = response.context["filter"].form
    assert list(form.fields["institution"].queryset) == [world.defence]
    assert list(form.fields["quarter"].queryset) == [world.period]
    assert [value for value, _label in form.fields["status"].choices] == [
        *("", "submitted", "under_review")
    ]


def test_what_one_reviews_elsewhere_stands_in_the_same_queue(world: World) -> None:
    """Two plans, one reviewer; a third plan is not hers."""
    world.submitted()
    for code in ("XK", "MK"):
        plan = factory.make_plan(code)
        place = factory.make_institution(f"P{code}", f"Ministry of {code}")
        factory.make_indicator(plan, "I1", place, objective=factory.make_objective(plan))
        period = factory.open_quarter(plan)
        Report.objects.filter(period=period).update(status="submitted")
        if code == "XK":
            world.reviewer.memberships.create(plan=plan, role=Role.REVIEWER)
    client = world.client(world.fresh(world.reviewer))
    page = client.get(QUEUE)
    told = {row.object.institution.code for row in page.context["table"].rows}
    assert (told, "Ministry of MK" in text_of(page)) == ({"MM", "PXK"}, False)
    file = b"".join(client.get(QUEUE, {"export": "csv"})).decode()
    assert [code in file for code in ("Ministry of XK", "Ministry of MK")] == [True, False]


STEPS = [
    ("submitted", "reviewer", "Take for review"),
    ("submitted", "lead", "Take for review"),
    ("under_review", "reviewer", "Continue"),
    ("under_review", "lead", "Continue"),
    ("under_review", "other_reviewer", "Read"),
]


def test_the_next_step_of_a_row_is_what_its_reader_can_do(world: World) -> None:
    world.submitted()
    for state, who, step in STEPS:
        if state == "under_review" and world.now().status == "submitted":
            factory.decide("take", world.report, world.reviewer)
        page = world.client(getattr(world, who)).get(QUEUE)
        shown = text_of(page)
        others = {"Take for review", "Continue", "Read"} - {step}
        assert f"{step}<span" in shown.replace(" <span", "<span"), (state, who)
        assert [word for word in others if f">{word}<span" in shown] == []
        assert reverse("review", args=[world.report.pk]) in page.content.decode()
