"""Sections are saved one by one, with a script and without: each whole, and none but those sent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings

from audit.models import Entry
from indicators.choices import TotalRule
from indicators.models import Indicator
from reports.forms.lines import LineForm
from reports.models import Line, Narrative, Observation
from reports.queries import lines_for_form
from reports.sections import pages_of
from tests import factory
from tests.conftest import World
from tests.reports.section_forms import form_of
from tests.reports.typed_forms import action_of, fields_on, fill_url, line_of, save_url, text_of

LAST = ("narrative", "evidence")
HTMX = {"HX-Request": "true"}


@dataclass(frozen=True)
class Kind:
    """A kind of section: where it is, what is typed, what is stored of it, what is refused."""

    page: str
    part: Callable[[World], str]
    typed: dict[str, str]
    stored: Callable[[World], tuple[object, ...]]
    wrong: dict[str, str]


def line_stored(world: World) -> tuple[object, ...]:
    line = line_of(world)
    values = [int(o.value) for o in line.observations.all() if o.value is not None]
    return (line.version, line.note, values)


def action_stored(world: World) -> tuple[object, ...]:
    row = action_of(world)
    return (row.version, row.note, None if row.spent is None else int(row.spent))


def words_stored(world: World) -> tuple[object, ...]:
    words = Narrative.objects.get(report=world.report)
    return (words.version, words.done, words.gap)


KINDS = {
    "line": Kind(
        "indicators-1",
        lambda world: f"line-{line_of(world).pk}",
        {"note": "Counted.", "total-value": "7"},
        line_stored,
        {"total-value": "seven"},
    ),
    "action": Kind(
        "actions-1",
        lambda world: f"action-{action_of(world).pk}",
        {"note": "Bought.", "spent": "7"},
        action_stored,
        {"spent": "seven"},
    ),
    "narrative": Kind(
        "narrative",
        lambda world: "narrative",
        {"done": "Done.", "gap": "None."},
        words_stored,
        {"done": "a\x00b"},
    ),
}
BLANK: dict[str, tuple[object, ...]] = {
    "line": (0, "", []),
    "action": (0, "", None),
    "narrative": (0, "", ""),
}
FULL: dict[str, tuple[object, ...]] = {
    "line": (1, "Counted.", [7]),
    "action": (1, "Bought.", 7),
    "narrative": (1, "Done.", "None."),
}
KIND = pytest.mark.parametrize("name", KINDS)
WAY = pytest.mark.parametrize("is_htmx", [True, False], ids=["htmx", "plain"])


def send(world: World, name: str, typed: dict[str, str], is_htmx: bool, who: str = "") -> Any:
    """The page as it is now with something typed into one of its sections."""
    kind, client = KINDS[name], world.client(getattr(world, who or "contributor"))
    part, page = kind.part(world), fill_url(world.report, kind.page)
    data = fields_on(client.get(page)) | {f"{part}-{field}": text for field, text in typed.items()}
    if is_htmx:
        return client.post(save_url(world.report, part), data, headers=HTMX)
    return client.post(page, data)


@KIND
@WAY
def test_a_section_is_refused_whole_or_saved_whole_and_no_other_with_it(
    world: World, name: str, is_htmx: bool
) -> None:
    kind, before = KINDS[name], world.now().version
    refused = send(world, name, {**kind.typed, **kind.wrong}, is_htmx)
    assert (refused.status_code, kind.stored(world), world.now().version) == (
        422,
        BLANK[name],
        before,
    )
    told = ("Not saved yet", "Not everything was saved")[not is_htmx]
    assert told in text_of(refused)
    assert not Entry.objects.filter(action=f"{name}.saved").exists()
    saved = send(world, name, kind.typed, is_htmx)
    assert saved.status_code == (200 if is_htmx else 302)
    assert stored_of(world) == {**BLANK, name: FULL[name]}
    assert Entry.objects.filter(action=f"{name}.saved").count() == 1


def stored_of(world: World) -> dict[str, tuple[object, ...]]:
    return {name: kind.stored(world) for name, kind in KINDS.items()}


def test_a_save_of_one_section_takes_nothing_from_the_others_sent_along(world: World) -> None:
    """The script sends the section's own fields; a stray one of another section is left alone."""
    data: dict[str, str] = {}
    client = world.client(world.contributor)
    for kind in KINDS.values():
        data |= fields_on(client.get(fill_url(world.report, kind.page)))
        data |= {f"{kind.part(world)}-{field}": text for field, text in kind.typed.items()}
    expected = dict(BLANK)
    for name, kind in KINDS.items():
        answer = client.post(save_url(world.report, kind.part(world)), data, headers=HTMX)
        expected[name] = FULL[name]
        assert (answer.status_code, stored_of(world)) == (200, expected)


def test_the_answer_of_a_save_fits_into_the_page(world: World) -> None:
    """Every place the answer renews is on the page once, and the new marks make it sendable."""
    client = world.client(world.contributor)
    for name, kind in KINDS.items():
        part, page = kind.part(world), client.get(fill_url(world.report, kind.page))
        answer = send(world, name, kind.typed, is_htmx=True)
        renewed = [piece.split('"')[0] for piece in answer.content.decode().split(' id="')[1:]]
        shown = page.content.decode()
        assert len(renewed) == len(set(renewed)) > 3
        assert [place for place in renewed if shown.count(f'id="{place}"') != 1] == []
        sent = fields_on(page) | {f"{part}-{field}": text for field, text in kind.typed.items()}
        sent |= fields_on(answer) | {f"{part}-{next(iter(kind.typed))}": "New."}
        assert client.post(save_url(world.report, part), sent).status_code == 200
        assert kind.stored(world)[:2] == (2, "New.")


def test_a_get_saves_nothing(world: World) -> None:
    client = world.client(world.contributor)
    for kind in KINDS.values():
        part, page = kind.part(world), fill_url(world.report, kind.page)
        data = {f"{part}-{f}": t for f, t in kind.typed.items()} | {f"{part}-version": "0"}
        assert client.get(save_url(world.report, part), data).status_code == 405
        assert client.get(page, data).status_code == 200
    assert stored_of(world) == BLANK


def test_the_approver_writes_in_the_same_sections(world: World) -> None:
    for name, kind in KINDS.items():
        assert send(world, name, kind.typed, is_htmx=True, who="approver").status_code == 200
    assert stored_of(world) == FULL


def test_a_submitted_report_is_not_written_in_and_a_returned_one_is(world: World) -> None:
    world.under_review()
    before, client = stored_of(world), world.client(world.contributor)
    for kind in KINDS.values():
        part = kind.part(world)
        data = {f"{part}-{field}": text for field, text in kind.typed.items()}
        assert client.post(save_url(world.report, part), data, headers=HTMX).status_code == 403
    assert stored_of(world) == before
    factory.decide("return", world.report, world.reviewer, reason="Again.")
    for name, kind in KINDS.items():
        assert send(world, name, kind.typed, is_htmx=True).status_code == 200
        assert kind.stored(world)[1:] == FULL[name][1:]


def test_every_save_moves_the_report_on(world: World) -> None:
    """So that a decision on a page from before is refused."""
    versions = [world.now().version]
    for name, kind in KINDS.items():
        send(world, name, kind.typed, is_htmx=True)
        versions.append(world.now().version)
    assert versions == [versions[0] + step for step in range(4)]


def test_marks_tell_a_touched_section_from_one_that_was_only_shown(world: World) -> None:
    form = form_of(world, "narrative")
    seen, names = str(form["seen"].value()), {f"narrative-{n}": t for n, t in form.stored.items()}
    cases: list[tuple[dict[str, str], bool]] = [
        ({**names, "narrative-seen": seen}, False),
        ({**names, "narrative-seen": seen, "narrative-done": " "}, False),
        ({**names, "narrative-seen": seen, "narrative-done": "x"}, True),
        ({**names, "narrative-seen": ""}, True),
        ({**names, "narrative-seen": "0" * 20}, True),
        ({"narrative-seen": seen}, False),
        ({**names, "narrative-seen": seen, "narrative-choice": "mine"}, True),
        ({**names, "narrative-done": "x", "narrative-choice": "theirs"}, False),
        ({**names, "narrative-seen": seen, "line-1-note": "x", "done": "x"}, False),
    ]
    found = [type(form)(form.section, data).is_touched for data, _touched in cases]
    assert found == [touched for _data, touched in cases]
    assert form.is_touched is False


def test_the_version_typed_over_is_the_one_the_page_says(world: World) -> None:
    form = form_of(world, "narrative")
    cases: list[tuple[dict[str, str], int]] = [
        ({"version": "3"}, 3),
        ({}, -1),
        ({"version": ""}, -1),
        ({"version": "3", "now": "5"}, 3),
        ({"version": "3", "now": "5", "choice": "mine"}, 5),
        ({"version": "3", "choice": "mine"}, -1),
        ({"now": "5"}, -1),
    ]
    for given, version in cases:
        bound = type(form)(
            form.section, {f"narrative-{name}": text for name, text in given.items()}
        )
        assert bound.is_valid()
        assert (given, bound.version_typed_over) == (given, version)


def shares(world: World, number: int) -> Line:
    """One percentage in so many cells: the form has four fields for each of them."""
    cells = [f"c{n:03}" for n in range(number - 1)]
    places = factory.make_dimension(world.plan, "place", *cells, total_rule=TotalRule.OPEN)
    factory.split(world.share, places)
    return line_of(world, world.share)


def test_a_form_of_more_than_a_thousand_fields_is_saved(world: World) -> None:
    """300 cells of a percentage, without a script: beyond what Django takes by itself."""
    line = shares(world, 300)
    client, page = world.client(world.contributor), fill_url(world.report, "indicators-2")
    typed = fields_on(client.get(page))
    own = [name for name in typed if name.startswith(f"line-{line.pk}-")]
    assert 1_000 < len(own) < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    typed |= {name: "1" for name in own if name.endswith("-numerator")}
    typed |= {name: "9" for name in own if name.endswith("-denominator")}
    assert client.post(page, typed).status_code == 302
    rows = Observation.objects.filter(line=line, numerator=1, denominator=9)
    assert rows.count() == 300


def test_a_form_of_more_fields_than_any_of_ours_is_refused(world: World) -> None:
    part, client = f"line-{line_of(world).pk}", world.client(world.contributor)
    page = fill_url(world.report, "indicators-1")
    typed = fields_on(client.get(page)) | {f"{part}-total-value": "7"}
    typed |= {f"extra-{n}": "" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)}
    for address in (save_url(world.report, part), page):
        assert client.post(address, typed).status_code == 400
    assert line_stored(world) == BLANK["line"]


def test_a_page_of_many_indicators_stays_far_below_the_limit(world: World) -> None:
    """Unsplit percentages have most fields for their cells; the page is cut after 120 cells."""
    code, fields = "S{:03}".format, {"plan": world.plan, "objective": world.objective}
    share = Indicator.objects.get(pk=world.share.pk)
    made = Indicator.objects.bulk_create(
        Indicator(code=code(n), kind=share.kind, over_time=share.over_time, **fields)
        for n in range(150)
    )
    Line.objects.bulk_create(Line(report=world.report, indicator=row) for row in made)
    pages = pages_of(lines_for_form(world.now()), [])
    sizes = [sum(len(LineForm(line).fields) for line in page.lines) for page in pages]
    assert [page.slug for page in pages] == ["indicators-1", "indicators-2", *LAST]
    assert sizes == [10 * 120 - 1, 10 * 32, 0, 0]
    assert max(sizes) < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS / 2
