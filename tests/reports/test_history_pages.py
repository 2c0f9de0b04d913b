"""The secretariat brings earlier figures in: sends, says what words mean, confirms, undoes."""

import json
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook  # type: ignore[import-untyped]

from accounts.models import User
from audit.models import Entry
from common.file_rules import FileError
from common.reader import read_sheets
from indicators.choices import Role, Sensitivity
from reports.choices import ImportState
from reports.history.mapping import read_mapping
from reports.history.preview import preview
from reports.history.storing import save_mapping, store, undo
from reports.models import HistoricValue, ImportBatch, ImportMapping
from tests import factory
from tests.conftest import World
from tests.reports.bringing import csv, draft, in_force, split_indicator
from tests.reports.page_structure import faults, structure
from tests.reports.test_upload_pages import HOSTILE

LIST = reverse("history")
HEAD = "period,indicator,value"


def url(name: str, batch: ImportBatch) -> str:
    return reverse(f"history_{name}", args=[batch.pk])


def send(
    world: World, data: bytes, name: str = "a.csv", user: User | None = None, **more: Any
) -> Any:
    told = {"file": SimpleUploadedFile(name, data), "plan": "AL", **more}
    return world.client(user or world.administrator).post(LIST, told)


def get(world: World, path: str, **query: str) -> Any:
    return world.client(world.administrator).get(path, query)


def post(world: World, path: str, **told: Any) -> Any:
    return world.client(world.administrator).post(path, told)


def page(response: Any) -> str:
    assert faults(response) == []
    return " ".join(unescape(response.content.decode()).split())


def batch_now() -> ImportBatch:
    return ImportBatch.objects.select_related("plan").latest("pk")


def confirm(world: World, batch: ImportBatch, **more: Any) -> Any:
    return post(world, url("store", batch), mark=preview(batch).mark, **more)


# ------------------------------------------------------------------ who


def test_others_than_the_secretariat_have_no_such_page(world: World) -> None:
    batch = draft(world, HEAD, "2020,I1,987654321")
    for user in (world.contributor, world.lead, world.reviewer, world.observer):
        client = world.client(user)
        assert client.get(LIST).status_code == 403
        assert send(world, csv(HEAD, "2020,I1,5"), user=user).status_code == 403
        assert client.get(url("batch", batch)).status_code == 404
        assert client.post(url("store", batch)).status_code == 404
    assert (ImportBatch.objects.count(), HistoricValue.objects.count()) == (1, 0)


def test_the_secretariat_of_another_plan_has_no_such_page(world: World) -> None:
    other = factory.make_plan("CD", country="CD")
    keeper = factory.make_member(Role.ADMINISTRATOR, other, email="keeper@example.org")
    batch = draft(world, HEAD, "2020,I1,987654321")
    client = world.client(keeper)
    assert client.get(url("batch", batch)).status_code == 404
    assert "figures.csv" not in page(client.get(LIST))
    response = send(world, csv(HEAD, "2020,I1,5"), user=keeper, plan="AL")
    assert (response.status_code, ImportBatch.objects.count()) == (422, 1)


def test_the_way_there_stands_on_the_page_of_who_may_go(world: World) -> None:
    assert f'href="{LIST}"' in page(get(world, reverse("quarters")))
    others = world.client(world.lead).get(reverse("quarters"))
    assert f'href="{LIST}"' not in page(others)


def test_the_way_there_stands_in_the_administration_too(world: World) -> None:
    User.objects.filter(pk=world.administrator.pk).update(is_staff=True)
    assert f'href="{LIST}"' in get(world, reverse("admin:index")).content.decode()
    root = User.objects.create_superuser("root@example.org", "x", name="Root")
    html = world.client(root).get(reverse("admin:index")).content.decode()
    assert f'href="{LIST}"' not in html


# ------------------------------------------------------------------ sending


def test_a_table_becomes_a_draft_and_nothing_is_stored(world: World) -> None:
    response = send(world, csv(HEAD, "2020,I1,5"))
    assert (response.status_code, response["Location"]) == (302, url("batch", batch_now()))
    assert (batch_now().standing, HistoricValue.objects.count()) == (ImportState.DRAFT, 0)
    assert batch_now().by == world.administrator.email
    html = page(get(world, url("batch", batch_now())))
    assert "<strong>1</strong> new figures" in html
    assert "<strong>0</strong> mistakes" in html


def test_no_file_is_refused_at_the_field(world: World) -> None:
    response = post(world, LIST, plan="AL")
    assert (response.status_code, ImportBatch.objects.count()) == (422, 0)
    assert "Choose a file first." in page(response)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_its_sentence_and_leaves_nothing(world: World, name: str) -> None:
    build: Callable[[], bytes] = HOSTILE[name]
    data = build()
    response = send(world, data, name)
    assert (response.status_code, faults(response), ImportBatch.objects.count()) == (422, [], 0)
    [sentence] = response.context["form"].errors["file"]
    try:
        read_sheets(data, name)
    except FileError as refusal:
        assert sentence == str(refusal)
    assert unescape(sentence) in page(response)


def test_what_the_file_says_is_shown_as_text(world: World) -> None:
    send(world, csv(HEAD, "2020,<script>alert(1)</script>,5"), name="<b>.csv")
    html = get(world, url("batch", batch_now())).content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


# ------------------------------------------------------------------ what it means


def mapping_form(world: World, batch: ImportBatch) -> dict[str, str]:
    """The form as it stands, by the labels of its fields."""
    form = get(world, url("batch", batch)).context["form"]
    return {str(field.label): field.html_name for field in form}


def test_columns_and_words_are_given_their_meaning(world: World) -> None:
    split_indicator(world)
    rows = ("when,what,who,n", "2020,Army,girls,5", "2020,Army,all,9")
    batch = draft(world, *rows)
    named = mapping_form(world, batch)
    roles = {named["when"]: "period", named["what"]: "indicator", named["who"]: "cell"}
    roles |= {named["n"]: "value", named["Numbers are written"]: "en"}
    response = post(world, url("batch", batch), **roles)
    assert response["Location"] == url("batch", batch)
    named = mapping_form(world, batch)
    assert {"Army"} <= set(named)
    post(world, url("batch", batch), **roles, **{named["Army"]: "S1"})
    named = mapping_form(world, batch)
    assert {"girls", "Army"} <= set(named)
    said = {named["Army"]: "S1", named["girls"]: "sex=f"}
    post(world, url("batch", batch), **roles, **said)
    found = preview(batch_now())
    assert [(f.cell, f.numbers[0]) for f in found.reading.figures] == [("sex=f", 5), ("", 9)]
    assert confirm(world, batch_now()).status_code == 302
    assert [row[:5] for row in in_force()] == [
        ("S1", "2020-01-01", "sex=f", False, 5),
        ("S1", "2020-01-01", "", False, 9),
    ]


def test_a_meaning_can_be_taken_back(world: World) -> None:
    batch = draft(world, HEAD, "2020,Army,5", words={"indicator": {"Army": "I1"}})
    assert preview(batch).problems == []
    named = mapping_form(world, batch)
    roles = {named["period"]: "period", named["indicator"]: "indicator", named["value"]: "value"}
    post(world, url("batch", batch), **roles, **{named["Army"]: ""})
    assert read_mapping(batch_now().mapping).words == {}
    assert len(preview(batch_now()).problems) == 1


def test_a_meaning_of_several_parts_stays_when_the_page_is_sent_again(world: World) -> None:
    split_indicator(world)
    words = {"group": {"soldiers": "sex=f;service=army"}}
    batch = draft(world, "period,indicator,group,value", "2020,S1,soldiers,5", words=words)
    form = get(world, url("batch", batch)).context["form"]
    as_shown = {field.html_name: field.value() or "" for field in form}
    post(world, url("batch", batch), **as_shown)
    assert read_mapping(batch_now().mapping) == read_mapping(batch.mapping)


def test_a_forged_meaning_is_refused(world: World) -> None:
    batch = draft(world, HEAD, "2020,Army,5")
    named = mapping_form(world, batch)
    response = post(world, url("batch", batch), **{named["Army"]: "NOPE"})
    assert (response.status_code, faults(response)) == (422, [])
    assert batch_now().mapping == batch.mapping


def test_a_saved_mapping_is_chosen_with_the_next_file(world: World) -> None:
    batch = draft(world, HEAD, "2020,Army,5", words={"indicator": {"Army": "I1"}})
    confirm(world, batch, name="Ours")
    saved = ImportMapping.objects.get()
    assert saved.name == "Ours"
    send(world, csv(HEAD, "2021,Army,6"), mapping=str(saved.pk))
    assert preview(batch_now()).problems == []
    response = get(world, url("mapping", batch_now()))
    assert response["Content-Disposition"].startswith("attachment")
    assert read_mapping(response.content.decode()) == read_mapping(saved.content)


def test_a_kept_mapping_is_deleted_by_its_secretariat_only(world: World) -> None:
    saved = save_mapping(draft(world, HEAD, "2020,I1,5"), "Ours", by="x")
    path = reverse("history_forget", args=[saved.pk])
    assert world.client(world.lead).post(path).status_code == 404
    assert get(world, path).status_code == 405
    assert "Delete Ours" in page(get(world, LIST))
    response = world.client(world.administrator).post(path, follow=True)
    assert "“Ours” was deleted." in page(response)
    assert "Delete Ours" not in page(response)
    assert ImportMapping.objects.count() == 0
    assert Entry.objects.filter(action="mapping.forgotten").count() == 1
    assert post(world, path).status_code == 404


# ------------------------------------------------------------------ storing and undoing


def test_every_mistake_stands_on_the_page_and_nothing_can_be_stored(world: World) -> None:
    batch = draft(world, HEAD, "20,X,z", "2020,I1,5")
    html = page(get(world, url("batch", batch)))
    assert "What must be corrected" in html
    assert "“20” is no period." in html
    assert "“z” has letters in it." in html
    assert "Store all of it" not in html
    response = confirm(world, batch)
    assert response.status_code == 422
    assert "The table has mistakes, so nothing was stored." in page(response)
    assert HistoricValue.objects.count() == 0


def test_many_mistakes_are_counted_and_the_first_ones_shown(world: World) -> None:
    batch = draft(world, HEAD, *[f"2020,X,{n}" for n in range(250)])
    html = page(get(world, url("batch", batch)))
    assert "<strong>250</strong> mistakes" in html
    assert "The first 200 of 250 are shown." in html


def test_faults_must_be_read_before_the_table_goes_in(world: World) -> None:
    split_indicator(world)
    rows = ("2020,S1,f,4", "2020,S1,m,5", "2020,S1,,10")
    batch = draft(world, "period,indicator,sex,value", *rows)
    text = "The total is 10, but its parts (rows 2, 3) add up to 9."
    assert text in page(get(world, url("batch", batch)))
    refused = confirm(world, batch)
    assert refused.status_code == 422
    assert "Say that you have read the faults" in page(refused)
    assert confirm(world, batch, faults_read="1").status_code == 302
    assert text in page(get(world, url("batch", batch)))
    assert HistoricValue.objects.count() == 3


def test_what_is_replaced_is_shown_with_both_figures(world: World) -> None:
    store(draft(world, HEAD, "2020,I1,5"), by="x")
    html = page(get(world, url("batch", draft(world, HEAD, "2020,I1,1234.5"))))
    assert "<del>5</del>" in html
    assert "<ins>1 234.5</ins>" in html


def test_a_page_that_is_out_of_date_stores_nothing(world: World) -> None:
    batch = draft(world, HEAD, "2020,I1,5")
    mark = preview(batch).mark
    store(draft(world, HEAD, "2020,I1,4"), by="x")
    response = post(world, url("store", batch), mark=mark)
    assert response.status_code == 422
    assert "Something changed while the page was open." in page(response)
    assert [row[4] for row in in_force()] == [4]


def test_a_second_click_is_told_that_it_was_stored(world: World) -> None:
    batch = draft(world, HEAD, "2020,I1,5")
    mark = preview(batch).mark
    first, second = (post(world, url("store", batch), mark=mark) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 409)
    assert "This table was stored or discarded already." in page(second)
    assert HistoricValue.objects.count() == 1


def test_an_import_is_undone_from_its_page(world: World) -> None:
    batch = draft(world, HEAD, "2020,I1,5")
    store(batch, by="x")
    assert "Undo the whole import" in page(get(world, url("batch", batch)))
    assert post(world, url("undo", batch)).status_code == 302
    assert in_force() == []
    html = page(get(world, url("batch", batch)))
    assert "Undone" in html
    assert "Undo the whole import" not in html
    assert post(world, url("undo", batch)).status_code == 409


def test_a_draft_can_not_be_undone_and_stays_a_draft(world: World) -> None:
    batch = draft(world, HEAD, "2020,I1,5")
    response = post(world, url("undo", batch))
    assert response.status_code == 409
    assert "This import is not stored, or it was undone already." in page(response)
    assert "Store all of it" in page(response)
    assert batch_now().standing is ImportState.DRAFT


def test_a_column_that_the_saved_mapping_does_not_know_is_said_not_to_be_read(
    world: World,
) -> None:
    saved = save_mapping(draft(world, HEAD, "2020,I1,5"), "Ours", by="x")
    send(world, csv(f"{HEAD},extra", "2021,I1,6,x"), mapping=str(saved.pk))
    html = page(get(world, url("batch", batch_now())))
    assert "These columns are not read: extra." in html


def test_an_import_on_which_a_newer_one_builds_says_so(world: World) -> None:
    first = draft(world, HEAD, "2020,I1,5")
    store(first, by="x")
    store(draft(world, HEAD, "2020,I1,6", name="newer.csv"), by="x")
    html = page(get(world, url("batch", first)))
    assert "Newer imports build on this one: newer.csv." in html
    assert "Undo the whole import" not in html
    response = post(world, url("undo", first))
    assert response.status_code == 409
    assert "Undo them first: newer.csv." in page(response)


def test_a_draft_is_discarded(world: World) -> None:
    batch = draft(world, HEAD, "2020,I1,5")
    assert post(world, url("discard", batch))["Location"] == LIST
    assert ImportBatch.objects.count() == 0
    assert post(world, url("discard", batch)).status_code == 404


def test_a_stored_table_is_not_discarded(world: World) -> None:
    batch = draft(world, HEAD, "2020,I1,5")
    store(batch, by="x")
    response = post(world, url("discard", batch))
    assert response.status_code == 409
    assert "stored or discarded already" in page(response)


@pytest.mark.parametrize("name", ["store", "discard", "undo"])
def test_reading_an_address_does_nothing(world: World, name: str) -> None:
    batch = draft(world, HEAD, "2020,I1,5")
    assert get(world, url(name, batch)).status_code == 405
    assert ImportBatch.objects.filter(state=ImportState.DRAFT).count() == 1


def test_the_figures_of_an_import_leave_as_excel(world: World) -> None:
    split_indicator(world)
    head = "period,indicator,sex,unit,value,source,note"
    rows = ("2020,S1,f,number,4,=1+1,", "2020,S1,f,percent,12.5,=1+1,")
    batch = draft(world, head, *rows)
    store(batch, by="x")
    response = get(world, url("batch", batch), export="xlsx")
    sheet = load_workbook(BytesIO(response.content)).active
    told = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert told[0][:6] == ["Row", "Indicator", "Title", "Period", "Part", "Institution"]
    assert [row[6:10] for row in told[1:]] == [[4, None, None, None], [None, None, None, 12.5]]
    assert told[1][11] == "=1+1"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_protected_figures_that_leave_are_named_in_the_log(world: World) -> None:
    split_indicator(world, sensitivity=Sensitivity.SMALL_COUNTS)
    batch = draft(world, HEAD, "2020,S1,3", "2020,I1,5")
    store(batch, by="x")
    public = draft(world, HEAD, "2021,I1,5")
    store(public, by="x")
    get(world, url("batch", batch))
    get(world, url("batch", public), export="csv")
    assert Entry.objects.filter(action="history.exported").count() == 0
    get(world, url("batch", batch), export="csv")
    [entry] = Entry.objects.filter(action="history.exported")
    assert (entry.actor, json.loads(entry.data)) == (
        world.administrator.email,
        {"indicators": ["S1"]},
    )


def test_the_list_takes_the_same_number_of_queries_for_one_import_and_for_many(
    world: World,
) -> None:
    counts = []
    for number in (1, 3, 30):
        while ImportBatch.objects.count() < number:
            draft(world, HEAD, "2020,I1,5")
        client = world.client(world.administrator)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


def test_a_stored_import_takes_the_same_number_of_queries_for_one_figure_and_for_many(
    world: World,
) -> None:
    split_indicator(world)
    counts = []
    for number in (1, 3, 300):
        rows = [f"{1910 + n // 4}-Q{n % 4 + 1},S1,f,{n}" for n in range(number)]
        batch = draft(world, "period,indicator,sex,value", *rows)
        store(batch, by="x")
        client = world.client(world.administrator)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("batch", batch)).status_code == 200
        counts.append(len(queries))
        undo(batch, by="x")
    assert len(set(counts)) == 1, counts


def test_every_page_is_there_in_albanian(world: World) -> None:
    batch = draft(world, HEAD, "2020,I1,5", "2020,I1,x")
    client = world.client(world.administrator)
    client.cookies["django_language"] = "sq"
    for path in (LIST, url("batch", batch)):
        response = client.get(path)
        assert faults(response) == []
        assert structure(response) is not None
        assert 'lang="sq"' in response.content.decode()


def test_the_log_of_the_plan_has_the_import_for_its_secretariat(world: World) -> None:
    User.objects.filter(pk=world.administrator.pk).update(is_staff=True)
    store(draft(world, HEAD, "2020,I1,5"), by=world.administrator.email)
    html = get(world, reverse("admin:audit_entry_changelist")).content.decode()
    for action in ("history.uploaded", "history.stored", "history.imported"):
        assert Entry.objects.filter(action=action).count() == 1
        assert action in html
