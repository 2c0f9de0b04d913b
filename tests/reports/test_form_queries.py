"""How much the ministry's pages ask of the database, and reports too large for one form."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports.models import Line, Observation, Period, Report
from reports.sections import MAX_CELLS
from tests import factory
from tests.conftest import World
from tests.reports.typed_forms import fields_on, fill_url, save_url

MINE, REPORT, FORM, SAVE = 13, 22, 19, 38
"""Queries of each page. A list may take 15, the form 20; telling all that lacks takes two more."""


def cost(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("number", [1, 3, 300])
def test_my_reports(world: World, number: int) -> None:
    Report.objects.all().delete()
    Period.objects.all().delete()
    for n in range(number):
        period = Period.objects.create(
            plan=world.plan,
            year=2024 + n // 4,
            quarter=n % 4 + 1,
            starts_on=world.period.starts_on,
            ends_on=world.period.ends_on,
            due_on=world.period.due_on,
        )
        report = Report.objects.create(
            period=period, institution=world.defence, due_on=period.due_on
        )
        Line.objects.create(report=report, indicator=world.indicator)
    assert cost(world.client(world.contributor), "/reports/") == MINE


def with_indicators(world: World, number: int) -> Report:
    """A report of so many split indicators with a submitted quarter before it."""
    sex = factory.make_dimension(world.plan, "sex", "f", "m")
    for n in range(number):
        made = factory.make_indicator(
            world.plan, f"N{n:03}", world.defence, objective=world.objective
        )
        factory.make_target(factory.split(made, sex), 10 + n)
        factory.make_action(world.plan, f"B{n:03}", world.defence, world.objective)
    world.plan.indicators.exclude(code__startswith="N").update(frequency="annual")
    reports = []
    for quarter in (1, 2):
        period = factory.open_quarter(world.plan, 2026, quarter)
        reports.append(Report.objects.with_names().get(period=period, institution=world.defence))
    earlier, report = reports
    rows = [Observation(line=line, cell=c, value=3) for line in earlier.lines.all() for c in ("",)]
    Observation.objects.bulk_create(rows)
    Report.objects.filter(pk=earlier.pk).update(revision=1, status="validated")
    return report


@pytest.mark.parametrize("number", [1, 10, 100])
def test_the_report_and_its_form(world: World, number: int) -> None:
    report = with_indicators(world, number)
    client = world.client(world.contributor)
    assert cost(client, f"/reports/{report.pk}/?missing=1") == REPORT
    assert cost(client, fill_url(report, "indicators-1")) == FORM
    assert cost(client, fill_url(report, "actions-1")) <= FORM
    assert cost(client, fill_url(report, "evidence")) <= FORM


@pytest.mark.parametrize("number", [1, 10, 100])
def test_a_save_of_one_section(world: World, number: int) -> None:
    report = with_indicators(world, number)
    client, line = world.client(world.contributor), report.lines.first()
    assert line is not None
    part = f"line-{line.pk}"
    typed = fields_on(client.get(fill_url(report, "indicators-1"))) | {f"{part}-total-value": "4"}
    with CaptureQueriesContext(connection) as queries:
        assert client.post(save_url(report, part), typed).status_code == 200
    assert len(queries) == SAVE


def test_three_hundred_cells_are_cut_into_pages_that_a_browser_can_send(world: World) -> None:
    report = with_indicators(world, 100)
    client, filled = world.client(world.contributor), 0
    pages = client.get(fill_url(report, "indicators-1")).context["filling"].pages
    slugs = [page.slug for page in pages if page.kind == "indicators"]
    assert slugs == ["indicators-1", "indicators-2", "indicators-3"]
    assert max(page.cells for page in pages if page.kind == "indicators") <= MAX_CELLS
    for slug in slugs:
        typed = fields_on(client.get(fill_url(report, slug)))
        assert len(typed) < 1000
        for name in typed:
            if name.endswith("-value"):
                typed[name] = "2" if "total" in name else "1"
                filled += 1
        assert client.post(fill_url(report, slug), typed).status_code == 302
    assert (filled, Observation.objects.filter(line__report=report).count()) == (300, 300)


@pytest.mark.parametrize("is_htmx", [False, True])
def test_one_indicator_of_three_hundred_cells_is_saved_without_a_script_too(
    world: World, is_htmx: bool
) -> None:
    places = factory.make_dimension(
        world.plan, "place", *[f"c{n:03}" for n in range(299)], total_rule="open"
    )
    factory.split(world.indicator, places)
    line = world.report.lines.get(indicator=world.indicator)
    client, page = world.client(world.contributor), fill_url(world.report, "indicators-1")
    typed = fields_on(client.get(page))
    assert sum(name.endswith("-value") for name in typed) == 300
    for name in typed:
        if name.endswith("-value"):
            typed[name] = "299" if "total" in name else "1"
    address = save_url(world.report, f"line-{line.pk}") if is_htmx else page
    assert client.post(address, typed).status_code == (200 if is_htmx else 302)
    assert Observation.objects.filter(line=line).count() == 300


def test_three_hundred_wrong_cells_are_all_told_at_once(world: World) -> None:
    places = factory.make_dimension(world.plan, "place", *[f"c{n:03}" for n in range(299)])
    factory.split(world.indicator, places)
    client, page = world.client(world.contributor), fill_url(world.report, "indicators-1")
    typed = fields_on(client.get(page))
    typed |= {name: "x" for name in typed if name.endswith("-value")}
    response = client.post(page, typed)
    assert response.status_code == 422
    assert len(response.context["filling"].problems) == 300
    assert fields_on(response)[next(n for n in typed if n.endswith("c298-value"))] == "x"
