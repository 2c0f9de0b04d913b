"""What a ministry owes, as a list, and one report with what happened to it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from reports.choices import ReportStatus
from reports.models import Report
from tests import factory
from tests.conftest import World
from tests.reports.typed_forms import text_of

MINE = "/reports/"


def rows(response) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in response.context["table"].rows]


def column(response, heading: str) -> list[str]:
    at = [str(h.label) for h in response.context["table"].headings].index(heading)
    return [str(row[at]) for row in rows(response)]


def test_own_reports_only_with_due_day_and_how_far(world: World) -> None:
    response = world.client(world.contributor).get(MINE)
    assert len(rows(response)) == 1
    assert column(response, "Institution") == ["Ministry of Defence"]
    assert column(response, "Answered") == ["0 / 7"]
    assert column(response, "Next step") == ["Begin"]
    assert "Ministry of Interior" not in response.content.decode()


def test_the_next_step_follows_the_report_and_the_person(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    contributor, approver = world.client(world.contributor), world.client(world.approver)
    assert column(contributor.get(MINE), "Next step") == ["Ask your head of unit to submit"]
    assert column(approver.get(MINE), "Next step") == ["Check and submit"]
    factory.decide("submit", world.report, world.approver)
    assert column(approver.get(MINE), "Next step") == ["Wait for the coalition"]
    factory.decide("take", world.report, world.reviewer)
    assert column(approver.get(MINE), "Next step") == ["The coalition reads it"]
    factory.decide("return", world.report, world.reviewer, reason="Check.")
    assert column(contributor.get(MINE), "Answered") == ["7 / 7"]


def test_a_half_filled_report_is_gone_on_with(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    world.report.actions.update(spent=None)
    response = world.client(world.contributor).get(MINE)
    assert (column(response, "Answered"), column(response, "Next step")) == (["6 / 7"], ["Go on"])


def test_the_filter_stays_in_the_address_and_in_the_file(world: World) -> None:
    factory.open_quarter(world.plan, 2026, 2)
    client = world.client(world.contributor)
    assert column(client.get(MINE), "Quarter") == ["2026 Q3", "2026 Q2"]
    query = {"quarter": "2026-Q2"}
    assert column(client.get(MINE, query), "Quarter") == ["2026 Q2"]
    file = client.get(MINE, {**query, "export": "xlsx"})
    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(file))).get_sheet_by_index(0)
    assert [row[0] for row in sheet.to_python()] == ["Quarter", "2026 Q2"]


def test_a_filter_that_makes_no_sense_shows_nothing_it_should_not(world: World) -> None:
    response = world.client(world.contributor).get(MINE, {"status": "x", "quarter": "1-Q1' --"})
    assert response.status_code == 200
    assert "Ministry of Interior" not in text_of(response)


@pytest.mark.parametrize(
    ("who", "start"),
    [
        ("contributor", "/reports/"),
        ("approver", "/reports/"),
        ("reviewer", "/review/"),
        ("lead", "/review/"),
        ("administrator", "/quarters/"),
        ("observer", "/quarters/"),
        ("stranger", "/"),
    ],
)
def test_everybody_starts_where_their_work_is(world: World, who: str, start: str) -> None:
    response = world.client(getattr(world, who)).get("/reports/work/")
    assert (response.status_code, response["Location"]) == (302, start)


def test_nobody_is_asked_to_log_in(world: World) -> None:
    for address in (MINE, "/reports/work/", f"/reports/{world.report.pk}/"):
        response = world.client(None).get(address)
        assert (response.status_code, response["Location"]) == (
            302,
            f"{reverse('login')}?next={address}",
        )


def test_who_owes_nothing_is_told_so(world: World) -> None:
    assert "You owe no reports" in text_of(world.client(world.stranger).get(MINE))
    Report.objects.all().delete()
    assert "No report yet" in text_of(world.client(world.contributor).get(MINE))


def test_the_report_of_another_ministry_does_not_exist(world: World) -> None:
    """The canary stands in everything the other report says; none of it may come through."""
    canary = "Canary4711"
    for model in (world.other_report.lines, world.other_report.actions):
        model.update(note=canary)
    world.interior.name_en = canary
    world.interior.save()
    client, pk = world.client(world.contributor), world.other_report.pk
    line = world.other_report.lines.get()
    addresses = [
        f"/reports/{pk}/",
        f"/reports/{pk}/content/",
        f"/reports/{pk}/workbook.xlsx",
        f"/reports/{pk}/fill/",
        f"/reports/{pk}/fill/indicators-1/",
        f"/reports/{pk}/fill/narrative/",
        f"/reports/{pk}/fill/evidence/",
        f"/reports/{pk}/decide/submit/",
        f"/reports/{pk}/decide/withdraw/",
    ]
    posts = [
        f"/reports/{pk}/save/line-{line.pk}/",
        f"/reports/{pk}/save/narrative/",
        f"/reports/{pk}/evidence/",
        *addresses[4:],
    ]
    own = world.client(world.other_contributor).get(addresses[4])
    assert canary in own.content.decode()
    for ask, address in [*((client.get, a) for a in addresses), *((client.post, a) for a in posts)]:
        response = ask(address)
        assert response.status_code == 404, address
        assert canary not in response.content.decode()
        assert canary not in str(response.headers)


def test_the_page_says_where_the_report_stands_and_what_to_do(world: World) -> None:
    page = f"/reports/{world.report.pk}/"
    client = world.client(world.approver)
    assert [b["label"] for b in client.get(page).context["buttons"]] == ["Submit the report"]
    world.submitted()
    response = client.get(page)
    assert [b["label"] for b in response.context["buttons"]] == ["Withdraw the report"]
    assert [str(event.what) for event in response.context["events"]] == ["Submitted"]
    assert "/fill/" not in text_of(response)


def test_an_overdue_report_says_so(world: World) -> None:
    Report.objects.update(due_on=world.period.today() - timedelta(days=1))
    client = world.client(world.contributor)
    assert "is overdue" in text_of(client.get(f"/reports/{world.report.pk}/"))


def test_what_is_missing_links_to_its_fields(world: World) -> None:
    client = world.client(world.contributor)
    response = client.get(f"/reports/{world.report.pk}/", {"missing": "1"})
    line = world.report.lines.get(indicator=world.indicator)
    links = dict(response.context["gaps"])
    address = f"/reports/{world.report.pk}/fill/indicators-1/#line-{line.pk}-total-value"
    assert links["I1 Indicator I1: Value: no value and no reason for its absence."] == address
    for _sentence, link in response.context["gaps"]:
        path, _hash, anchor = link.partition("#")
        assert f'id="{anchor}"' in client.get(path).content.decode()


def test_a_returned_report_shows_what_was_asked_for(world: World) -> None:
    world.returned()
    response = world.client(world.contributor).get(f"/reports/{world.report.pk}/")
    assert "Check the total." in text_of(response)
    assert world.now().state is ReportStatus.RETURNED


def test_another_reads_what_was_submitted_and_not_what_is_typed(world: World) -> None:
    world.returned()
    world.report.lines.update(note="Typed later")
    client = world.client(world.reviewer)
    page = f"/reports/{world.report.pk}/"
    assert client.get(page)["Location"] == f"/review/{world.report.pk}/"
    assert client.get(f"{page}content/").status_code == 404
