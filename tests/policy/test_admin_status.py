"""No form of the admin decides: a status is nowhere a field, and the log is only read."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from audit.models import Entry
from audit.services import faults
from reports.admin.log import EntryAdmin
from reports.admin.reports import ReportAdmin
from reports.models import Period, Report
from tests.policy.admin_scene import MODELS, Office, kept_office
from tests.reports.typed_forms import fields_on

pytestmark = pytest.mark.django_db

SENT = {
    "status": "validated",
    "state": "validated",
    "revision": "7",
    "version": "99",
    "reviewer": "1",
    "decided_at": "2026-01-01",
    "submitted_at": "2026-01-01",
    "is_closed": "",
}
# What can be written by a stock form of the admin: on a page of its own, or inside another's.
WRITTEN = {
    "accounts.institution": {"accounts.institutionalias"},
    "accounts.user": {"indicators.membership"},
    "indicators.action": {"indicators.funding"},
    "indicators.category": set(),
    "indicators.dimension": {"indicators.category"},
    "indicators.framework": set(),
    "indicators.frameworkitem": set(),
    "indicators.funding": set(),
    "indicators.indicator": {"indicators.indicatordimension", "indicators.target"},
    "indicators.objective": set(),
    "indicators.plan": {"indicators.membership", "indicators.planlevel"},
    "indicators.planlevel": set(),
    "indicators.target": set(),
    "indicators.consistencyrule": set(),
}
LIST = "admin:reports_report_changelist"


@pytest.fixture(scope="module")
def office(django_db_setup: None, django_db_blocker: Any) -> Iterator[Office]:
    with kept_office(django_db_blocker) as made:
        yield made


def asked_by(office: Office, name: str) -> Any:
    request = RequestFactory().get("/")
    request.user = office.people[name]  # type: ignore[assignment]
    return request


def standing() -> list[tuple[Any, ...]]:
    """Everything of every report that a decision changes."""
    names = ("pk", "status", "revision", "version", "reviewer", "submitted_at", "decided_at")
    return list(Report.objects.order_by("pk").values_list(*names))


def written(office: Office) -> dict[str, set[str]]:
    """What the most powerful person may write by forms, and what stands inside each."""
    request, found = asked_by(office, "superuser"), {}
    for label, kind in MODELS.items():
        if kind.has_add_permission(request) or kind.has_change_permission(request):
            inside = kind.get_inline_instances(request)
            found[label] = {inline.model._meta.label_lower for inline in inside}
    return found


def test_only_the_plan_its_people_and_its_institutions_are_written_by_forms(office: Office) -> None:
    assert written(office) == WRITTEN


def test_this_list_sees_a_report_that_is_opened_to_forms(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReportAdmin, "has_change_permission", lambda *args, **kwargs: True)
    assert {*written(office)} - {*WRITTEN} == {"reports.report"}


def test_not_even_a_stock_form_would_offer_the_status(office: Office) -> None:
    form = admin.ModelAdmin(Report, admin.site).get_form(asked_by(office, "superuser"))
    assert {*form.base_fields} == {"period", "institution", "due_on"}


def test_no_list_of_the_admin_is_a_form(office: Office) -> None:
    assert [label for label, kind in MODELS.items() if kind.list_editable] == []
    for name in ("superuser", "administrator", "contributor", "reviewer"):
        request = asked_by(office, name)
        deciding = {
            label: {*kind.get_actions(request)}
            for label, kind in MODELS.items()
            if kind.has_view_permission(request)
        }
        bulk = {"take_all", "validate_all"} if name == "reviewer" else set()
        assert deciding.get("reports.report", set()) == bulk, name
        others = set().union(*(a for label, a in deciding.items() if label != "reports.report"))
        assert others <= {"export_admin_action"}, name


@pytest.mark.parametrize("name", ["administrator", "contributor", "approver"])
def test_no_page_shows_a_status_as_a_field(office: Office, name: str) -> None:
    client, asked = office.client(name), 0
    for label, kind in MODELS.items():
        row = office.here.rows[label]
        if not kind.has_view_permission(asked_by(office, name)):
            continue
        answer = client.get(reverse(f"admin:{label.replace('.', '_')}_change", args=[row.pk]))
        names = {*fields_on(answer)}
        assert names & {"status", "state", "revision", "reviewer", "decided_at"} == set(), label
        # How far an action is, is said by the ministry in its own report.
        assert {n for n in names if n.endswith("-status") and not n.startswith("action-")} == set()
        asked += 1
    assert asked >= 2


PEOPLE = ("superuser", "administrator", "approver", "reviewer", "observer")


@pytest.mark.parametrize("name", PEOPLE)
def test_a_status_that_is_sent_changes_nothing(office: Office, name: str) -> None:
    client, before = office.client(name), standing()
    for report in Report.objects.order_by("pk"):
        page = reverse("admin:reports_report_change", args=[report.pk])
        shown = client.get(page)
        own = fields_on(shown) if shown.status_code == 200 else {}
        assert client.post(page, {**own, **SENT}).status_code in (302, 403, 404, 409)
        for action in ("publish", "status", "validated", "delete"):
            decide = reverse("admin:reports_report_decide", args=[report.pk, action])
            assert client.post(decide, SENT).status_code == 404
    for sent in (
        {"form-0-status": "validated", "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"},
        {"action": "validate_all", "_selected_action": [row[0] for row in before]},
        {"action": "delete_selected", "_selected_action": [row[0] for row in before]},
        {"action": "nothing_known", "_selected_action": [row[0] for row in before]},
    ):
        client.post(reverse(LIST), {**SENT, **sent, "_save": "1", "confirmed": "1", "post": "yes"})
    assert standing() == before


def test_a_status_that_is_sent_with_the_plan_changes_nothing(office: Office) -> None:
    client, before = office.client("superuser"), standing()
    quarters = list(Period.objects.order_by("pk").values())
    for label in WRITTEN:
        page = reverse(f"admin:{label.replace('.', '_')}_change", args=[office.here.rows[label].pk])
        client.post(page, {**fields_on(client.get(page)), **SENT})
    assert (standing(), list(Period.objects.order_by("pk").values())) == (before, quarters)


@pytest.mark.parametrize("page", ["", "1/change/"])
@pytest.mark.parametrize("model", ["period", "line", "review", "revision", "evidence", "rating"])
def test_what_belongs_to_a_report_has_no_pages_of_its_own(
    office: Office, model: str, page: str
) -> None:
    assert office.client("superuser").get(f"/admin/reports/{model}/{page}").status_code == 404


# the log


def log(page: str, *args: int) -> str:
    return reverse(f"admin:audit_entry_{page}", args=args)


def told() -> list[tuple[Any, ...]]:
    return list(Entry.objects.order_by("sequence").values_list())


@pytest.mark.parametrize("name", ["superuser", "administrator", "contributor", "lead"])
def test_nobody_writes_in_the_log(office: Office, name: str) -> None:
    client, before = office.client(name), told()
    entry = office.here.rows["audit.entry"]
    sent = {"actor": "somebody", "action": "nothing", "data": "{}", "post": "yes"}
    chosen = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
    for path in (log("add"), log("change", entry.pk), log("delete", entry.pk)):
        assert client.post(path, sent).status_code in (403, 404), path
    client.post(log("changelist"), chosen)
    assert (told(), [*faults()]) == (before, [])


def test_the_page_of_an_entry_shows_it_and_has_no_field(office: Office) -> None:
    entry = office.here.rows["audit.entry"]
    answer = office.client("administrator").get(log("change", entry.pk))
    assert {*fields_on(answer)} <= {"csrfmiddlewaretoken", "next"}
    text = answer.content.decode()
    assert (entry.actor in text, entry.hash in text) == (True, True)
    assert 'name="_save"' not in text


def test_the_test_of_the_log_sees_a_missing_guard(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EntryAdmin, "has_change_permission", lambda *args, **kwargs: True)
    entry = office.here.rows["audit.entry"]
    answer = office.client("superuser").get(log("change", entry.pk))
    assert "actor" in fields_on(answer)
