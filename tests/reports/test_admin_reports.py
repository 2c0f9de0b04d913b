"""The workflow in the admin: the same rules, services and sentences as on the site."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import User
from indicators.choices import Role
from indicators.models import Indicator
from reports.choices import ReportStatus
from reports.models import Observation, Rating, Remark, Report
from tests import factory
from tests.conftest import World

LIST = "admin:reports_report_changelist"
INPUT = re.compile(r"<input ([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


@pytest.fixture
def world(world: World) -> World:
    """Everybody was given access to the admin."""
    User.objects.update(is_staff=True)
    return world


def page(report: Report) -> str:
    return reverse("admin:reports_report_change", args=[report.pk])


def decision(report: Report, action: str) -> str:
    return reverse("admin:reports_report_decide", args=[report.pk, action])


def hidden_fields(html: str) -> dict[str, str]:
    """The hidden fields of a page, as a browser sends them back."""
    tags = (dict(ATTRIBUTE.findall(tag)) for tag in INPUT.findall(html))
    hidden = (tag for tag in tags if tag.get("type") == "hidden" and "name" in tag)
    return {tag["name"]: unescape(tag.get("value", "")) for tag in hidden}


def opened(client: Client, url: str) -> dict[str, str]:
    response = client.get(url)
    assert response.status_code == 200, response.content
    return hidden_fields(response.content.decode())


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def line_of(world: World, indicator: Indicator | None = None) -> Any:
    return world.report.lines.get(indicator=indicator or world.indicator)


def value_field(world: World) -> str:
    return f"line-{line_of(world).pk}-total-value"


# the list


def rows_in(html: str) -> Iterator[str]:
    return (name for name in ("Ministry of Defence", "Ministry of Interior") if name in html)


def test_the_list_shows_a_ministry_its_own_report_only(world: World) -> None:
    html = world.client(world.contributor).get(reverse(LIST)).content.decode()
    assert list(rows_in(html)) == ["Ministry of Defence"]
    assert "Draft" in html


def test_drafts_are_not_in_the_coalitions_list(world: World) -> None:
    world.submitted()
    html = world.client(world.reviewer).get(reverse(LIST)).content.decode()
    assert list(rows_in(html)) == ["Ministry of Defence"]


def test_searching_and_filtering_do_not_tell_of_others(world: World) -> None:
    client = world.client(world.contributor)
    assert "1 report" not in client.get(reverse(LIST), {"q": "Interior"}).content.decode()
    found = client.get(reverse(LIST), {"of": world.interior.pk}).content.decode()
    assert "Ministry of Interior" not in found


def test_somebody_without_a_role_sees_no_reports(world: World) -> None:
    assert world.client(world.stranger).get(reverse(LIST)).status_code == 403


@pytest.mark.parametrize("name", ["change", "history", "delete"])
def test_a_foreign_report_is_not_there(world: World, name: str) -> None:
    url = reverse(f"admin:reports_report_{name}", args=[world.other_report.pk])
    response = world.client(world.contributor).get(url)
    assert response.status_code == (403 if name == "delete" else 404)
    assert "Interior" not in response.content.decode()


def test_a_foreign_report_cannot_be_decided(world: World) -> None:
    client = world.client(world.approver)
    assert client.post(decision(world.other_report, "submit")).status_code == 404


def test_autocomplete_offers_nobody_elses_report(world: World) -> None:
    asked = {"app_label": "reports", "model_name": "line", "field_name": "report"}
    response = world.client(world.contributor).get(
        reverse("admin:autocomplete"), {**asked, "term": "Interior"}
    )
    assert "Interior" not in response.content.decode()


def test_nobody_adds_or_deletes_a_report(world: World) -> None:
    client = world.client(world.administrator)
    assert client.get(reverse("admin:reports_report_add")).status_code == 403
    url = reverse("admin:reports_report_delete", args=[world.report.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
    assert Report.objects.count() == 2


@pytest.mark.parametrize("number", [1, 3, 300])
def test_the_list_costs_the_same_whatever_its_length(
    world: World, number: int, django_assert_num_queries: Any
) -> None:
    institutions = [factory.make_institution(f"X{n}") for n in range(number)]
    Report.objects.bulk_create(
        Report(period=world.period, institution=i, due_on=world.period.due_on) for i in institutions
    )
    client = world.client(world.administrator)
    client.get(reverse(LIST))
    with django_assert_num_queries(7):
        client.get(reverse(LIST))


# filling in


def test_the_ministry_fills_in_a_line(world: World) -> None:
    client, field = world.client(world.contributor), value_field(world)
    data = opened(client, page(world.report)) | {field: "12,5".replace(",", ".")}
    response = client.post(page(world.report), data)
    assert response.status_code == 302
    assert [str(o.value.normalize()) for o in line_of(world).observations.all()] == ["12.5"]


def test_actions_and_words_are_saved_on_the_same_page(world: World) -> None:
    client, row = world.client(world.contributor), world.report.actions.get()
    data = opened(client, page(world.report))
    data |= {f"action-{row.pk}-status": "done", f"action-{row.pk}-spent": "10.50"}
    data |= {"narrative-done": "Trained.", "narrative-next_step": "More."}
    client.post(page(world.report), data)
    row.refresh_from_db()
    world.report.narrative.refresh_from_db()
    assert (row.status, str(row.spent)) == ("done", "10.50")
    assert world.report.narrative.done == "Trained."


def test_letters_in_a_number_are_refused_with_the_sentence_and_kept(world: World) -> None:
    client, field = world.client(world.contributor), value_field(world)
    data = opened(client, page(world.report)) | {field: "twelve"}
    response = client.post(page(world.report), data)
    assert response.status_code == 422
    html = response.content.decode()
    assert "has letters in it" in html
    assert 'value="twelve"' in html
    assert not Observation.objects.exists()


def test_a_numerator_above_its_denominator_is_refused(world: World) -> None:
    client, line = world.client(world.contributor), line_of(world, world.share)
    data = opened(client, page(world.report))
    data |= {f"line-{line.pk}-total-numerator": "9", f"line-{line.pk}-total-denominator": "3"}
    response = client.post(page(world.report), data)
    assert response.status_code == 422
    assert "larger than the denominator" in response.content.decode()
    assert not Observation.objects.exists()


def test_a_stale_line_keeps_both_texts(world: World) -> None:
    client, field = world.client(world.contributor), value_field(world)
    data = opened(client, page(world.report)) | {field: "5"}
    theirs = opened(client, page(world.report)) | {field: "7"}
    client.post(page(world.report), theirs)
    response = client.post(page(world.report), data)
    assert response.status_code == 409
    assert "Keep what I typed" in response.content.decode()
    assert [o.value for o in Observation.objects.all()] == [7]


def test_an_observer_and_the_other_ministry_cannot_fill_in(world: World) -> None:
    field = value_field(world)
    for person in (world.observer, world.other_contributor, world.reviewer):
        response = world.client(person).post(page(world.report), {field: "5"})
        assert response.status_code == 404
    assert not Observation.objects.exists()


def test_the_secretariat_reads_a_draft_and_writes_nothing(world: World) -> None:
    client = world.client(world.administrator)
    assert client.get(page(world.report)).status_code == 200
    response = client.post(page(world.report), {value_field(world): "5"})
    assert response.status_code == 403
    assert not Observation.objects.exists()


def test_a_submitted_report_is_not_filled_in_and_the_text_comes_back(world: World) -> None:
    client = world.client(world.contributor)
    data = opened(client, page(world.report)) | {value_field(world): "77777"}
    world.submitted()
    response = client.post(page(world.report), data)
    assert response.status_code == 409
    assert "77777" in response.content.decode()
    assert not Observation.objects.filter(value=77777).exists()


def test_status_is_not_a_field(world: World) -> None:
    client = world.client(world.approver)
    data = opened(client, page(world.report))
    client.post(page(world.report), {**data, "status": "validated"})
    client.post(reverse(LIST), {"form-0-status": "validated", "_save": "1"})
    assert world.now().state is ReportStatus.DRAFT
    assert 'name="status"' not in client.get(page(world.report)).content.decode()


@pytest.mark.parametrize("number", [1, 10, 100])
def test_the_page_costs_the_same_whatever_the_number_of_indicators(
    world: World, number: int, django_assert_num_queries: Any
) -> None:
    for n in range(number):
        factory.make_indicator(world.plan, f"N{n}", world.defence, objective=world.objective)
    period = factory.open_quarter(world.plan, 2026, 4)
    report = period.reports.get(institution=world.defence)
    client = world.client(world.contributor)
    client.get(page(report))
    with django_assert_num_queries(18):
        assert client.get(page(report)).status_code == 200


# deciding


def test_submitting_asks_first(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    response = world.client(world.approver).get(decision(world.report, "submit"))
    assert response.status_code == 200
    assert world.now().state is ReportStatus.DRAFT


def test_an_approver_submits(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    client = world.client(world.approver)
    data = opened(client, decision(world.report, "submit"))
    assert client.post(decision(world.report, "submit"), data).status_code == 302
    assert world.now().state is ReportStatus.SUBMITTED


def test_twice_is_harmless(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    client = world.client(world.approver)
    data = opened(client, decision(world.report, "submit"))
    answers = [client.post(decision(world.report, "submit"), data).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert world.report.revisions.count() == 1


def test_a_submission_with_gaps_lists_them_with_links(world: World) -> None:
    client = world.client(world.approver)
    url = decision(world.report, "submit")
    asked = client.get(url)
    assert f"#{value_field(world)}" in asked.content.decode()
    data = hidden_fields(asked.content.decode())
    data |= {"version": str(world.now().version), "key": "k"}
    assert client.post(url, data).status_code == 409
    assert world.now().state is ReportStatus.DRAFT


def test_a_contributor_cannot_submit(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    client = world.client(world.contributor)
    data = {"version": world.now().version, "key": "k"}
    assert client.get(decision(world.report, "submit")).status_code == 403
    assert client.post(decision(world.report, "submit"), data).status_code == 403
    assert world.now().state is ReportStatus.DRAFT


def test_a_decision_in_the_wrong_state_is_a_conflict(world: World) -> None:
    world.submitted()
    client = world.client(world.approver)
    data = {"version": world.now().version, "key": "k"}
    assert client.post(decision(world.report, "submit"), data).status_code == 409
    assert world.report.revisions.count() == 1


def test_publishing_is_not_decided_here(world: World) -> None:
    world.validated()
    client = world.client(world.lead)
    assert client.post(decision(world.report, "publish")).status_code == 404
    assert world.now().state is ReportStatus.VALIDATED


def test_the_secretariat_submits_on_behalf_with_a_reason_only(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    client, url = world.client(world.administrator), decision(world.report, "submit_on_behalf")
    data = opened(client, url)
    assert client.post(url, {**data, "reason": " "}).status_code == 422
    assert world.now().state is ReportStatus.DRAFT
    assert client.post(url, {**data, "reason": "Their office burnt down."}).status_code == 302
    assert world.report.revisions.get().on_behalf_reason == "Their office burnt down."


def test_a_withdrawn_report_goes_back(world: World) -> None:
    world.submitted()
    client = world.client(world.approver)
    data = opened(client, decision(world.report, "withdraw"))
    client.post(decision(world.report, "withdraw"), data)
    assert world.now().state is ReportStatus.DRAFT


# reviewing


def remark_fields(world: World, **values: str) -> dict[str, str]:
    key = f"line-{line_of(world).pk}"
    return {f"{key}-{name}": value for name, value in values.items()}


def test_the_reviewer_says_what_is_to_be_corrected(world: World) -> None:
    world.under_review()
    client = world.client(world.reviewer)
    data = opened(client, page(world.report))
    data |= remark_fields(world, verdict="flagged", text="Too high.")
    data |= remark_fields(world, rating="at_risk", rating_reason="Slow.")
    assert client.post(page(world.report), data).status_code == 302
    assert [(r.verdict, r.text) for r in Remark.objects.all()] == [("flagged", "Too high.")]
    assert Rating.objects.filter(side="coalition", value="at_risk").count() == 1


def test_a_flag_without_words_is_refused_and_kept(world: World) -> None:
    world.under_review()
    client = world.client(world.reviewer)
    data = opened(client, page(world.report)) | remark_fields(world, verdict="flagged")
    assert client.post(page(world.report), data).status_code == 422
    assert not Remark.objects.exists()


def test_the_reviewer_changes_no_figure(world: World) -> None:
    world.under_review()
    client = world.client(world.reviewer)
    data = opened(client, page(world.report)) | {value_field(world): "999"}
    client.post(page(world.report), data)
    assert not Observation.objects.filter(value=999).exists()


def test_another_reviewer_reads_and_cannot_write(world: World) -> None:
    world.under_review()
    client = world.client(world.other_reviewer)
    data = remark_fields(world, verdict="accepted", version="0")
    assert client.post(page(world.report), data).status_code in (403, 409)
    assert not Remark.objects.exists()


def test_a_second_save_of_an_old_page_shows_both(world: World) -> None:
    world.under_review()
    client = world.client(world.reviewer)
    first = opened(client, page(world.report)) | remark_fields(world, verdict="accepted")
    second = dict(first) | remark_fields(world, verdict="flagged", text="No.")
    client.post(page(world.report), first)
    response = client.post(page(world.report), second)
    assert response.status_code == 409
    assert "Replace theirs with mine" in response.content.decode()
    assert [r.verdict for r in Remark.objects.all()] == ["accepted"]


def test_returning_and_validating_ask_for_confirmation(world: World) -> None:
    world.under_review()
    client, url = world.client(world.reviewer), decision(world.report, "return")
    data = opened(client, url)
    due = client.get(url).context["form"]["due_on"].value()
    assert world.now().state is ReportStatus.UNDER_REVIEW
    assert client.post(url, {**data, "reason": "", "due_on": due}).status_code == 422
    assert client.post(url, {**data, "reason": "Look.", "due_on": due}).status_code == 302
    assert world.now().state is ReportStatus.RETURNED


def test_a_flagged_report_is_not_validated(world: World) -> None:
    world.under_review()
    client = world.client(world.reviewer)
    data = opened(client, page(world.report))
    data |= remark_fields(world, verdict="flagged", text="Too high.")
    client.post(page(world.report), data)
    response = client.get(decision(world.report, "validate"))
    assert "Too high." in response.content.decode()
    answer = {"version": world.now().version, "key": "k"}
    assert client.post(decision(world.report, "validate"), answer).status_code == 409
    assert world.now().state is ReportStatus.UNDER_REVIEW


def test_what_is_corrected_now_is_not_shown_to_the_coalition(world: World) -> None:
    world.returned()
    client = world.client(world.contributor)
    data = opened(client, page(world.report)) | {value_field(world): "424242"}
    client.post(page(world.report), data)
    seen = world.client(world.reviewer).get(page(world.report))
    assert seen.status_code == 200
    assert "424242" not in seen.content.decode()
    assert "424\u00a0242" not in seen.content.decode()
    own = world.client(world.contributor).get(page(world.report)).content.decode()
    assert "424\u00a0242" in unescape(own)


def test_an_open_round_is_not_told_to_the_ministry(world: World) -> None:
    world.under_review()
    client = world.client(world.reviewer)
    data = opened(client, page(world.report))
    data |= remark_fields(world, verdict="flagged", text="CANARY remark")
    client.post(page(world.report), data)
    for person in (world.contributor, world.administrator):
        assert "CANARY" not in world.client(person).get(page(world.report)).content.decode()


def test_an_observer_reads_nothing_of_a_restricted_indicator(world: World) -> None:
    Indicator.objects.filter(pk=world.indicator.pk).update(sensitivity="restricted")
    line = line_of(world)
    world.validated()
    type(line).objects.filter(pk=line.pk).update(note="CANARY note")
    html = world.client(world.observer).get(page(world.report)).content.decode()
    assert "not open to you" in html
    assert "CANARY" not in html


@pytest.mark.parametrize("number", [1, 10, 100])
def test_the_review_costs_the_same_whatever_the_number_of_indicators(
    world: World, number: int, django_assert_num_queries: Any
) -> None:
    for n in range(number):
        factory.make_indicator(world.plan, f"N{n}", world.defence, objective=world.objective)
    period = factory.open_quarter(world.plan, 2026, 4)
    report = period.reports.get(institution=world.defence)
    factory.fill_in(report, world.contributor)
    factory.decide("submit", report, world.approver)
    factory.decide("take", report, world.reviewer)
    client = world.client(world.reviewer)
    client.get(page(report))
    with django_assert_num_queries(19):
        assert client.get(page(report)).status_code == 200


# several at once


def both_submitted(world: World) -> None:
    world.submitted()
    factory.fill_in(world.now(world.other_report), world.other_contributor)
    factory.decide("submit", world.other_report, world.other_approver)


def bulk(client: Client, action: str, *reports: Report) -> Any:
    chosen = {"action": action, "_selected_action": [str(r.pk) for r in reports]}
    asked = client.post(reverse(LIST), {**chosen, "index": "0"})
    data = hidden_fields(asked.content.decode()) | chosen
    return asked, data


def test_taking_several_asks_first_and_then_takes_each(world: World) -> None:
    both_submitted(world)
    client = world.client(world.reviewer)
    asked, data = bulk(client, "take_all", world.report, world.other_report)
    assert asked.status_code == 200
    assert world.now().state is ReportStatus.SUBMITTED
    client.post(reverse(LIST), data)
    states = [world.now(r).state for r in (world.report, world.other_report)]
    assert states == [ReportStatus.UNDER_REVIEW] * 2


def test_one_refusal_hides_no_other(world: World) -> None:
    both_submitted(world)
    client = world.client(world.reviewer)
    _asked, data = bulk(client, "take_all", world.report, world.other_report)
    factory.decide("take", world.report, world.other_reviewer)
    response = client.post(reverse(LIST), data)
    assert world.now().reviewer == world.other_reviewer
    assert world.now(world.other_report).reviewer == world.reviewer
    assert len(told(response)) == 2


def test_validating_several_twice_is_harmless(world: World) -> None:
    world.under_review()
    client = world.client(world.reviewer)
    _asked, data = bulk(client, "validate_all", world.report)
    for _ in range(2):
        client.post(reverse(LIST), data)
    assert world.now().state is ReportStatus.VALIDATED
    assert world.report.reviews.count() == 1


def test_a_ministry_has_no_actions_on_several(world: World) -> None:
    world.submitted()
    client = world.client(world.approver)
    chosen = {"action": "take_all", "_selected_action": [str(world.report.pk)], "confirmed": "1"}
    client.post(reverse(LIST), {**chosen, f"version-{world.report.pk}": world.now().version})
    assert world.now().state is ReportStatus.SUBMITTED


def test_a_draft_chosen_by_its_number_is_not_taken(world: World) -> None:
    world.submitted()
    client = world.client(world.reviewer)
    chosen = {"action": "take_all", "_selected_action": [str(world.other_report.pk)]}
    client.post(reverse(LIST), {**chosen, "confirmed": "1"})
    assert world.now(world.other_report).state is ReportStatus.DRAFT


# somebody of two sides


def test_who_acts_for_the_ministry_does_not_review_it(world: World) -> None:
    world.submitted()
    plan, member = world.plan, world.contributor
    member.memberships.create(plan=plan, role=Role.REVIEWER)
    client = world.client(world.fresh(member))
    assert client.get(decision(world.report, "take")).status_code == 403
