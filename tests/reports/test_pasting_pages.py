"""The page and the preview of a pasted block: who gets them, what they show; they write nothing."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from indicators.choices import TotalRule
from reports.models import Line, Observation
from tests import factory
from tests.conftest import World
from tests.reports.page_structure import faults
from tests.reports.typed_forms import action_of, close, fields_on, fill_url, line_of, text_of

HTMX = {"HX-Request": "true"}
PREVIEW = 16
"""Queries of a preview, however large the table is."""
BLOCK = "12\n7\n5\n"


@pytest.fixture
def line(world: World) -> Line:
    """The first indicator, asked for by sex."""
    factory.split(world.indicator, factory.make_dimension(world.plan, "sex", "f", "m"))
    return line_of(world)


def paste_url(line: Line) -> str:
    return reverse("report_paste", args=[line.report_id, f"line-{line.pk}"])


def typed(line: Line, block: str = BLOCK, start: str = "total-value") -> dict[str, str]:
    return {"block": block, "start": f"line-{line.pk}-{start}"}


def ask(world: World, line: Line, who: User | None = None, **more: Any) -> Any:
    data = more.pop("data", None) or typed(line)
    return world.client(who or world.contributor).post(paste_url(line), data, **more)


def stored(world: World) -> dict[str, Any]:
    """Everything that a save would have changed."""
    found = Observation.objects.filter(line__report=world.report)
    return {
        "figures": {o.cell: o.value for o in found},
        "versions": list(world.report.lines.order_by("pk").values_list("version", flat=True)),
        "log": Entry.objects.count(),
    }


def test_the_page_asks_for_the_block_and_its_place(world: World, line: Line) -> None:
    page = world.client(world.contributor).get(paste_url(line))
    assert faults(page) == []
    assert fields_on(page)["start"] == f"line-{line.pk}-total-value"
    assert fields_on(page)["block"] == ""
    assert "What would change" not in text_of(page)


def test_it_begins_in_the_first_field_although_a_total_stands_above(world: World) -> None:
    sex = factory.make_dimension(world.plan, "sex", "f", total_rule=TotalRule.SUMMED)
    factory.split(world.indicator, sex)
    page = world.client(world.contributor).get(paste_url(line_of(world)))
    assert fields_on(page)["start"] == f"line-{line_of(world).pk}-sex-f-value"


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
def test_a_preview_shows_every_cell_and_stores_nothing(
    world: World, line: Line, headers: dict[str, str]
) -> None:
    Observation.objects.create(line=line, cell="", value=4)
    before = stored(world)
    for _twice in range(2):
        response = ask(world, line, headers=headers, data=typed(line, "12\nabc\n4\n9\n"))
        text = text_of(response)
        assert response.status_code == 200
        assert text.count("data-field=") == 2
        assert f'data-field="line-{line.pk}-total-value" data-value="12"' in text
        assert '<del class="preline">4</del>' in text
        assert "“abc” has letters in it. Write digits only, for example 12.7." in text
        assert "1 row of the block lies below the table and is left out." in text
        assert "2 cells change." in text
    assert stored(world) == before


def test_a_part_is_no_page_and_has_its_buttons(world: World, line: Line) -> None:
    text = text_of(ask(world, line, headers=HTMX))
    assert "<html" not in text
    assert text.count("data-paste-put") == 1
    assert 'data-told="3 cells were put in."' in text
    assert "<form" not in text
    assert "Nothing has been changed yet." in text


def test_a_part_with_nothing_to_put_in_is_only_closed(world: World, line: Line) -> None:
    text = text_of(ask(world, line, headers=HTMX, data=typed(line, "abc")))
    assert "data-paste-put" not in text
    assert "0 cells change." in text


def test_what_is_typed_on_the_page_of_the_form_is_what_is_compared(
    world: World, line: Line
) -> None:
    unsaved = {f"line-{line.pk}-total-value": "11", f"line-{line.pk}-sex-f-value": "7"}
    text = text_of(ask(world, line, headers=HTMX, data=typed(line) | unsaved))
    assert '<del class="preline">11</del>' in text
    assert "2 cells change. </strong> 1 stays as it is." in text.replace(
        ".</strong>", ". </strong>"
    )


REFUSED = {
    "": "There is nothing in the block. Copy some cells and paste them here.",
    " \n\t": "There is nothing in the block. Copy some cells and paste them here.",
    "1\n" * 2001: "The block has more than 2000 cells. Paste a smaller part of it.",
    "x" * 200_001: "The block is larger than 200 kB. Paste a smaller part of it.",
}


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
def test_a_block_that_is_none_is_refused_in_a_sentence(
    world: World, line: Line, headers: dict[str, str]
) -> None:
    for block, sentence in REFUSED.items():
        response = ask(world, line, headers=headers, data=typed(line, block))
        assert response.status_code == 422
        assert sentence in text_of(response)
        assert "data-field=" not in text_of(response)


@pytest.mark.parametrize("start", ["", "x", "line-0-total-value", "note", "total-sum", "a\x00b"])
def test_a_place_that_is_none_is_refused(world: World, line: Line, start: str) -> None:
    for headers in ({}, HTMX):
        data = {"block": BLOCK, "start": start}
        response = ask(world, line, headers=headers, data=data)
        assert response.status_code == 422
        assert "data-field" not in text_of(response)


def test_hostile_text_is_shown_as_text(world: World, line: Line) -> None:
    block = '<img src=x onerror=alert(1)>\t\x00\x1b"><script>\n\u202e12'
    for headers in ({}, HTMX):
        text = text_of(ask(world, line, headers=headers, data=typed(line, block)))
        assert "<img src=x" not in text
        assert '"><script>' not in text
        assert "&lt;img src=x onerror=alert(1)&gt;" in text


# ------------------------------------------------------------------ confirming without a script


def confirm(world: World, preview: Any, who: User | None = None) -> Any:
    """Send what the preview would: its hidden fields to the page of the form."""
    sent = {k: v for k, v in fields_on(preview).items() if k not in ("block", "start", "language")}
    address = fill_url(world.report, "indicators-1")
    assert f'action="{address}"' in text_of(preview)
    return world.client(who or world.contributor).post(address, {**sent, "save": "1"}, follow=True)


def test_what_is_confirmed_is_saved_as_typed_and_logged(world: World, line: Line) -> None:
    response = confirm(world, ask(world, line))
    assert response.redirect_chain == [(fill_url(world.report, "indicators-1"), 302)]
    assert "1 part was saved." in text_of(response)
    assert stored(world)["figures"] == {"": 12, "sex=f": 7, "sex=m": 5}
    assert line_of(world).version == 1
    entry = Entry.objects.latest("pk")
    assert (entry.actor, entry.action) == (world.contributor.email, "line.saved")


def test_cells_that_are_wrong_or_empty_in_the_block_do_not_hold_up_the_others(
    world: World, line: Line
) -> None:
    confirm(world, ask(world, line, data=typed(line, "12\n7\n5")))
    confirm(world, ask(world, line, data=typed(line, "13\nabc\n6")))
    assert stored(world)["figures"] == {"": 13, "sex=f": 7, "sex=m": 6}


def test_the_other_indicators_of_the_page_are_left_alone(world: World, line: Line) -> None:
    preview = ask(world, line)
    other = Line.objects.get(report=world.report, indicator=world.share)
    Line.objects.filter(pk=other.pk).update(version=3, note="Written meanwhile.")
    assert confirm(world, preview).status_code == 200
    other.refresh_from_db()
    assert (other.version, other.note) == (3, "Written meanwhile.")
    assert stored(world)["figures"][""] == 12


def test_confirming_twice_is_harmless(world: World, line: Line) -> None:
    preview = ask(world, line)
    confirm(world, preview)
    before = stored(world)
    assert confirm(world, preview).status_code == 409
    assert stored(world) == before


def test_what_was_saved_meanwhile_is_not_overwritten(world: World, line: Line) -> None:
    preview = ask(world, line)
    confirm(world, ask(world, line, world.approver, data=typed(line, "9\n4\n5")), world.approver)
    response = confirm(world, preview)
    assert response.status_code == 409
    assert stored(world)["figures"] == {"": 9, "sex=f": 4, "sex=m": 5}


def test_figures_that_contradict_each_other_are_refused_by_the_form(
    world: World, line: Line
) -> None:
    response = confirm(world, ask(world, line, data=typed(line, "12\n7\n9\n")))
    assert response.status_code == 422
    assert fields_on(response)[f"line-{line.pk}-sex-m-value"] == "9"
    assert stored(world)["figures"] == {}


def test_a_quarter_that_closes_in_between_takes_nothing(world: World, line: Line) -> None:
    preview = ask(world, line)
    close(world.period)
    assert confirm(world, preview).status_code == 403
    assert stored(world)["figures"] == {}


# ------------------------------------------------------------------ who and when


WHO = [
    ("approver", 200, 200),
    ("other_contributor", 404, 404),
    ("reviewer", 404, 404),
    ("stranger", 404, 404),
    ("administrator", 403, 403),
]


@pytest.mark.parametrize(("who", "get", "post"), WHO)
def test_only_who_writes_in_the_report_pastes(
    world: World, line: Line, who: str, get: int, post: int
) -> None:
    person = getattr(world, who)
    assert world.client(person).get(paste_url(line)).status_code == get
    assert ask(world, line, person).status_code == post
    assert ask(world, line, person, headers=HTMX).status_code == post


def test_nobody_is_asked_to_log_in(world: World, line: Line) -> None:
    client = world.client(None)
    assert client.get(paste_url(line)).status_code == 302
    kept = client.post(paste_url(line), typed(line))
    assert kept.status_code == 401
    assert client.post(paste_url(line), typed(line), headers=HTMX).status_code == 401


@pytest.mark.parametrize("state", ["submitted", "under_review"])
def test_a_report_nobody_writes_in_takes_no_block(world: World, state: str) -> None:
    getattr(world, state)()
    assert ask(world, line_of(world)).status_code == 403


def test_only_indicators_have_a_table(world: World, line: Line) -> None:
    client, report = world.client(world.contributor), world.report.pk
    parts = ["narrative", f"action-{action_of(world).pk}", "line-0", "line-", "x", "line-9" * 9]
    other = Line.objects.filter(report=world.other_report).first()
    assert other is not None
    for part in [*parts, f"line-{other.pk}"]:
        address = reverse("report_paste", args=[report, part])
        assert client.get(address).status_code == 404
        assert client.post(address, typed(line)).status_code == 404


def test_other_methods_are_refused(world: World, line: Line) -> None:
    client = world.client(world.contributor)
    assert {getattr(client, m)(paste_url(line)).status_code for m in ("put", "delete")} == {405}


def test_each_table_of_the_form_leads_to_it(world: World, line: Line) -> None:
    text = text_of(world.client(world.contributor).get(fill_url(world.report, "indicators-1")))
    for found in Line.objects.filter(report=world.report):
        assert text.count(f'href="{paste_url(found)}"') == 1
        assert text.count(f'data-paste="{paste_url(found)}"') == 1


@pytest.mark.parametrize("number", [1, 3, 40])
def test_a_preview_asks_the_database_as_often_for_any_table(world: World, number: int) -> None:
    codes = [f"c{n}" for n in range(number)]
    factory.split(world.indicator, factory.make_dimension(world.plan, "place", *codes))
    ask(world, line_of(world), headers=HTMX)
    block = "5\n" * (number + 1)
    line = line_of(world)
    with CaptureQueriesContext(connection) as queries:
        response = ask(world, line, headers=HTMX, data=typed(line, block))
    assert text_of(response).count("data-field=") == number + 1
    assert len(queries) == PREVIEW
