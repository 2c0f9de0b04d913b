"""The admin: who gets which page of which model, and what nobody finds there."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse

from indicators.admin.keeping import Keeping
from tests.indicators.admin_files import FORMATS
from tests.policy.admin_scene import BESIDE, HERE, MODELS, THERE, Office, kept_office
from tests.policy.pages import header_faults, page_faults
from tests.policy.walking import text_of

pytestmark = pytest.mark.django_db

LISTS = ("changelist", "add", "import", "export")
ROWS = ("change", "history", "delete")

# Written by hand. A block begins with its models; then, for each person, the answers to the four
# pages of the list (list, add, import, export), to the three of a row of the plan "here" (change,
# history, delete), and to the same three of a row of another plan. "-" is a page that is not there.
TABLE = """
accounts.institution indicators.planlevel indicators.objective indicators.action
indicators.funding indicators.dimension indicators.category indicators.indicator
indicators.consistencyrule
  superuser       200 200 200 200   200 200 200   200 200 200
  administrator   200 200 200 200   200 200 200   404 404 404
  neighbour       200 200 200 200   404 404 404   200 200 200
  others          403 403 403 403   403 404 403   403 404 403
indicators.target
  superuser       200 200 200 200   200 200 200   200 200 200
  administrator   200 200 200 200   200 200 403   404 404 403
  neighbour       200 200 200 200   404 404 403   200 200 403
  others          403 403 403 403   403 404 403   403 404 403
indicators.plan
  superuser       200 200 200 200   200 200 200   200 200 200
  administrator   200 403 200 200   200 200 403   404 404 403
  neighbour       200 403 200 200   404 404 403   200 200 403
  others          403 403 403 403   403 404 403   403 404 403
accounts.user
  superuser       200 200 200 200   200 200 403   200 200 403
  administrator   200 200 200 200   200 200 403   404 404 403
  neighbour       200 200 200 200   404 404 403   200 200 403
  others          403 403 403 403   403 404 403   403 404 403
indicators.framework indicators.frameworkitem
  superuser       200 200 200 200   200 200 200   200 200 200
  administrator   200 403 403 200   200 200 403   200 200 403
  neighbour       200 403 403 200   200 200 403   200 200 403
  others          403 403 403 403   403 403 403   403 403 403
audit.entry
  superuser       200 403 - -       200 200 403   200 200 403
  administrator   200 403 - -       200 200 403   404 404 403
  neighbour       200 403 - -       404 404 403   200 200 403
  others          403 403 - -       403 404 403   403 404 403
publishing.edition
  superuser       200 403 - -       200 200 403   200 200 403
  administrator   200 403 - -       200 200 403   200 200 403
  neighbour       200 403 - -       200 200 403   200 200 403
  members         200 403 - -       200 200 403   200 200 403
  roleless        403 403 - -       403 403 403   403 403 403
reports.report
  superuser       403 403 - -       404 404 403   404 404 403
  administrator   200 403 - -       200 200 403   404 404 403
  contributor     200 403 - -       200 200 403   404 404 403
  approver        200 403 - -       200 200 403   404 404 403
  neighbour       200 403 - -       404 404 403   200 200 403
  beside          200 403 - -       404 404 403   404 404 403
  reviewer        200 403 - -       404 404 403   404 404 403
  lead            200 403 - -       404 404 403   404 404 403
  observer        200 403 - -       404 404 403   404 404 403
  roleless        403 403 - -       404 404 403   404 404 403
"""
MEMBERS = ("contributor", "approver", "reviewer", "lead", "observer", "beside")
ROLELESS = ("former", "stranger")
GROUPS = {"members": MEMBERS, "roleless": ROLELESS, "others": (*MEMBERS, *ROLELESS)}
OUTSIDE = ("without_access", "anonymous")
"""Somebody who may not use the admin, and nobody: whatever they ask for, they are to log in."""


class Asked(NamedTuple):
    """One page of one model, and whose row."""

    label: str
    page: str
    side: str = ""

    def url(self, office: Office) -> str:
        args = [getattr(office, self.side).rows[self.label].pk] if self.side else []
        return reverse(f"admin:{self.label.replace('.', '_')}_{self.page}", args=args)


PLACES = [("", page) for page in LISTS] + [(s, page) for s in ("here", "there") for page in ROWS]


def expected() -> dict[str, dict[Asked, int]]:
    """By person what every page answers; a page that is not there is left out."""
    found: dict[str, dict[Asked, int]] = {}
    labels: list[str] = []
    is_open = False
    for line in TABLE.strip().splitlines():
        words = line.split()
        if not line.startswith(" "):
            labels, is_open = ([*labels, *words] if is_open else words), True
            continue
        is_open = False
        for name in GROUPS.get(words[0], (words[0],)):
            for label in labels:
                for (side, page), status in zip(PLACES, words[1:], strict=True):
                    if status != "-":
                        found.setdefault(name, {})[Asked(label, page, side)] = int(status)
    return found


EXPECTED = expected()


@pytest.fixture(scope="module")
def office(django_db_setup: None, django_db_blocker: Any) -> Iterator[Office]:
    with kept_office(django_db_blocker) as made:
        yield made


def walk(
    office: Office, name: str, *pages: str, only: str = ""
) -> Iterator[tuple[Asked, int, Any]]:
    """A person's answers to every page of the table, or to these; of all models, or of one."""
    client = office.client(name)
    for asked, status in EXPECTED[name].items():
        if (not pages or asked.page in pages) and only in ("", asked.label):
            yield asked, status, client.get(asked.url(office))


def differences(office: Office, name: str, *pages: str, only: str = "") -> list[str]:
    return [
        f"{name}: {' '.join(asked)}: {answer.status_code}, not {status}"
        for asked, status, answer in walk(office, name, *pages, only=only)
        if answer.status_code != status
    ]


# the table


def test_every_model_of_the_admin_stands_in_the_table() -> None:
    for name, rows in EXPECTED.items():
        assert {asked.label for asked in rows} == {*MODELS}, name
    with_files = {asked.label for asked in EXPECTED["superuser"] if asked.page == "export"}
    assert with_files == {label for label, kind in MODELS.items() if hasattr(kind, "import_action")}
    for label in {*MODELS} - with_files:
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{label.replace('.', '_')}_import")


def test_who_keeps_no_plan_is_refused_as_the_table_says(office: Office) -> None:
    assert differences(office, "contributor") == []


def test_every_other_person_is_answered_as_the_table_says(office: Office) -> None:
    for name in (*MEMBERS[1:], *ROLELESS):
        for label in ("reports.report", "publishing.edition", "indicators.plan"):
            assert differences(office, name, "changelist", "change", only=label) == []


def test_the_administrator_of_another_plan_finds_no_row_of_this_one(office: Office) -> None:
    assert differences(office, "neighbour", "history") == []


def test_without_access_every_page_leads_to_the_log_in(office: Office) -> None:
    for name in OUTSIDE:
        client = office.client(name)
        for asked in EXPECTED["superuser"]:
            if asked.side == "there" or asked.page in ("add", "history"):
                continue
            answer = client.get(asked.url(office))
            place = f"/admin/login/?next={asked.url(office)}"
            assert (answer.status_code, answer.headers["Location"]) == (302, place)


def test_an_administrator_gets_her_pages_and_reads_nothing_of_another_plan(office: Office) -> None:
    wrong, seen, faults = [], set(), []
    for asked, status, answer in walk(office, "administrator"):
        if answer.status_code != status:
            wrong.append(f"{' '.join(asked)}: {answer.status_code}, not {status}")
        if THERE in text_of(answer).lower():
            seen.add(asked.label)
        if status == 200 and asked.page in ("add", "change", "export"):
            faults += [f"{' '.join(asked)}: {fault}" for fault in _faults(answer)]
    assert (wrong, faults) == ([], [])
    # Editions are public.
    assert seen == {"publishing.edition"}


def _faults(answer: Any) -> list[str]:
    return header_faults(answer) + page_faults(answer)


def test_a_superuser_gets_the_pages_of_both_plans_and_no_report(office: Office) -> None:
    wrong, marks, faults = [], set(), []
    for asked, status, answer in walk(office, "superuser", "changelist", "import", "delete"):
        if answer.status_code != status:
            wrong.append(f"{' '.join(asked)}: {answer.status_code}, not {status}")
        faults += [f"{' '.join(asked)}: {fault}" for fault in _faults(answer)]
        if asked.page == "changelist":
            text = text_of(answer).lower()
            marks |= {(asked.label, mark) for mark in (HERE, THERE) if mark in text}
    assert (wrong, faults) == ([], [])
    own = {*MODELS} - {"indicators.framework", "indicators.frameworkitem", "reports.report"}
    assert marks == {(label, mark) for label in own for mark in (HERE, THERE)}


def test_the_walk_sees_a_missing_guard_of_rows(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Keeping, "scope", lambda self, rows, request: rows)
    found = differences(office, "administrator", "history")
    assert "administrator: indicators.objective history there: 200, not 404" in found
    assert len(found) == 9


def test_the_walk_sees_a_missing_guard_of_people(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Keeping, "may_keep", lambda self, request: True)
    found = differences(office, "contributor", "changelist")
    assert len(found) == len(MODELS) - 3


# what is sent where it may not


def test_a_post_to_a_refused_page_is_refused_too_and_changes_nothing(office: Office) -> None:
    sent = {"post": "yes", "status": "validated", "name": "Taken", "title_en": "Taken"}
    models: list[Any] = [*admin.site._registry]
    before = [model.objects.count() for model in models]
    for name, side in (("contributor", "here"), ("administrator", "there")):
        client = office.client(name)
        for asked, status in EXPECTED[name].items():
            if asked.side not in ("", side) or status == 200:
                continue
            if asked.page not in ("add", "import", "change", "delete"):
                continue
            answer = client.post(asked.url(office), sent)
            assert answer.status_code in {status, 403, 404} - {200}, (name, asked)
    assert before == [model.objects.count() for model in models]


def test_what_was_previewed_is_not_stored_by_who_keeps_no_plan(office: Office) -> None:
    for name in ("contributor", "reviewer"):
        client = office.client(name)
        for asked in EXPECTED["superuser"]:
            if asked.page == "import":
                path = asked.url(office).replace("import", "process_import")
                assert client.post(path, {"import_file_name": "x"}).status_code == 403


# what nobody finds


def marked(client: Client, path: str, *marks: str, **query: str) -> set[str]:
    """Which marks stand in an answer; what was asked for stands in its own field."""
    answer = client.get(path, query)
    assert answer.status_code in (200, 302, 400), path
    text = text_of(answer).lower()
    return {mark for mark in marks if mark in text}


def test_searching_finds_no_row_of_another_plan(office: Office) -> None:
    client, root = office.client("administrator"), office.client("superuser")
    found, control = {}, set()
    for label in {*MODELS} - {"publishing.edition"}:
        path = Asked(label, "changelist").url(office)
        found[label] = client.get(path, {"q": THERE}).context["cl"].result_count
        answer = root.get(path, {"q": THERE})
        if answer.status_code == 200 and answer.context["cl"].result_count:
            control.add(label)
    assert {label for label, rows in found.items() if rows} == set()
    assert {*found} - control == {
        "indicators.framework",
        "indicators.frameworkitem",
        "reports.report",
    }


FILTERS = [
    ("indicators.objective", {"of_plan": "XK"}),
    ("indicators.objective", {"plan__code": "XK"}),
    ("indicators.objective", {"plan__title_en__startswith": THERE}),
    ("indicators.target", {"of_plan": "XK"}),
    ("indicators.target", {"indicator__plan__code": "XK"}),
    ("indicators.category", {"of_plan": "XK"}),
    ("indicators.indicator", {"responsible__country": "XK"}),
    ("accounts.user", {"memberships__plan__code": "XK"}),
    ("accounts.user", {"email__contains": THERE}),
    ("accounts.institution", {"country": "XK"}),
    ("audit.entry", {"about_type": "reports.line", "actor": f"contributor@{THERE}.example"}),
    ("audit.entry", {"data__contains": THERE}),
    ("reports.report", {"of": "there"}),
    ("reports.report", {"quarter": "there"}),
    ("reports.report", {"period__plan__code": "XK"}),
]


def test_filters_offer_and_find_own_rows_only(office: Office) -> None:
    client = office.client("administrator")
    report = office.there.rows["reports.report"]
    foreign = {"of": str(report.institution_id), "quarter": str(report.period_id)}
    for label, query in FILTERS:
        sent = {n: foreign[n] if value == "there" else value for n, value in query.items()}
        path = Asked(label, "changelist").url(office)
        answer = client.get(path, sent)
        assert answer.status_code in (200, 302, 400), query
        rows = answer.context["cl"].result_count if answer.status_code == 200 else 0
        assert (label, sent, rows) == (label, sent, 0)


def choices() -> Iterator[dict[str, str]]:
    """Everything the autocomplete of the admin can be asked for."""
    for model in admin.site._registry:
        for source in [model, *(rel.related_model for rel in model._meta.related_objects)]:
            for field in (*source._meta.fields, *source._meta.many_to_many):
                if field.remote_field and field.remote_field.model in admin.site._registry:
                    yield {
                        "app_label": source._meta.app_label,
                        "model_name": str(source._meta.model_name),
                        "field_name": field.name,
                    }


def test_choices_that_are_typed_offer_own_rows_only(office: Office) -> None:
    questions = {tuple(row.items()): row for row in choices()}
    assert len(questions) > 20
    path = reverse("admin:autocomplete")
    heard: dict[str, set[str]] = {"administrator": set(), "contributor": set(), "superuser": set()}
    for name, marks in heard.items():
        client = office.client(name)
        for row in questions.values():
            answer = client.get(path, {**row, "term": ""})
            assert answer.status_code in (200, 403), row
            if row["field_name"] in ("edition", "editions"):
                continue
            text = text_of(answer).lower()
            marks |= {mark for mark in (HERE, THERE, BESIDE) if mark in text}
    assert heard == {
        "administrator": {HERE, BESIDE},
        "contributor": {HERE},
        "superuser": {HERE, THERE, BESIDE},
    }


@pytest.mark.parametrize("form", FORMATS)
def test_files_hold_own_rows_only(office: Office, form: str) -> None:
    found: dict[str, dict[str, set[str]]] = {"administrator": {}, "superuser": {}}
    for name, by_label in found.items():
        client = office.client(name)
        for asked in EXPECTED["superuser"]:
            if asked.page != "export" or "framework" in asked.label:
                continue
            # Asking for a foreign row by its number, or for all by a filter, changes nothing.
            path = f"{asked.url(office)}?q={THERE}"
            for address in [asked.url(office), path][: 2 if name == "administrator" else 1]:
                answer = client.post(address, {"format": form, "resource": "0"})
                assert answer.status_code == 200
                text = text_of(answer).lower()
                marks = {mark for mark in (HERE, THERE) if mark in text.replace(address, "")}
                by_label.setdefault(asked.label, set()).update(marks)
    assert {label for label, marks in found["administrator"].items() if marks != {HERE}} == set()
    assert {label for label, m in found["superuser"].items() if m != {HERE, THERE}} == set()


@pytest.mark.parametrize("name", ["contributor", "approver", "reviewer", "lead", "observer"])
def test_nobody_finds_the_draft_of_another_ministry_or_plan(office: Office, name: str) -> None:
    client = office.client(name)
    path = Asked("reports.report", "changelist").url(office)
    beside = office.period.reports.get(institution__code=f"{BESIDE}-H")
    page = reverse("admin:reports_report_change", args=[beside.pk])
    queries: list[dict[str, Any]] = [
        {},
        {"q": "house"},
        {"of": beside.institution_id},
        {"quarter": beside.period_id},
        {"status__exact": "draft"},
        {"o": "1"},
        {"all": ""},
    ]
    found = set()
    for query in queries:
        found |= marked(client, path, THERE, BESIDE, **query)
    assert found == set()
    for place in ("change", "history", "delete"):
        assert client.get(page.replace("change", place)).status_code in (403, 404)
    for action in ("submit", "take", "validate", "reopen"):
        decide = reverse("admin:reports_report_decide", args=[beside.pk, action])
        assert client.get(decide).status_code == 404
    own = office.client("beside").get(path)
    assert BESIDE in text_of(own)


def test_the_first_page_of_the_admin_lists_what_each_may_open(office: Office) -> None:
    listed = {}
    for name in ("superuser", "administrator", "contributor", "reviewer", "stranger"):
        answer = office.client(name).get("/admin/")
        apps = answer.context["app_list"] if answer.status_code == 200 else []
        listed[name] = {m["object_name"] for app in apps for m in app["models"]}
        assert THERE not in text_of(answer).lower()
    everything = {model.__name__ for model in admin.site._registry}
    assert listed == {
        "superuser": everything - {"Report"},
        "administrator": everything,
        "contributor": {"Report", "Edition"},
        "reviewer": {"Report", "Edition"},
        "stranger": set(),
    }
