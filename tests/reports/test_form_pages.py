"""The pages of the form as they are read: every field named, every error linked to its field."""

from typing import Any

import pytest

from accounts.models import User
from reports.models import Line, Report
from tests import factory
from tests.conftest import World
from tests.reports.page_structure import Structure, faults, structure
from tests.reports.section_forms import in_words
from tests.reports.typed_forms import action_of, fields_on, fill_url, line_of, text_of

PAGES = ("indicators-1", "actions-1", "narrative", "evidence")
LANGUAGE = pytest.mark.parametrize("language", ["en", "sq"])


def speaks(world: World, language: str) -> Any:
    """The contributor's browser in one language."""
    User.objects.filter(pk=world.contributor.pk).update(language=language)
    return world.client(world.fresh(world.contributor))


def test_what_looks_through_pages_finds_what_is_wrong_with_them() -> None:
    """The control: a page with one of each fault."""
    page = Structure(
        '<html lang="en"><p id="a"></p><p id="a"></p><input name="n"><label for="m">M</label>'
        '<input id="m"><a href="#gone">x</a><div aria-describedby="a none" aria-labelledby="no">'
    )
    assert list(page.faults()) == [
        "id a stands 2 times",
        "control n has no name",
        "link #gone leads nowhere",
        "aria-labelledby no is not on the page",
        "aria-describedby none is not on the page",
    ]


@LANGUAGE
def test_every_control_of_every_page_is_named_in_the_language_of_the_reader(
    world: World, language: str
) -> None:
    sex = factory.make_dimension(world.plan, "sex", "f", "m")
    factory.split(world.indicator, sex)
    client, names = speaks(world, language), {}
    for page in PAGES:
        response = client.get(fill_url(world.report, page))
        found = structure(response)
        assert (page, faults(response), found.language) == (page, [], language)
        names[page] = {found.name_of(c) for c in found.controls if c.get("name") != "q"}
    words = ("How far is it?", "Allocated", "Spent in the quarter", "Comment")
    assert names["actions-1"] == {in_words(language, word) for word in words}
    own = ("Your own rating", "Why do you rate it so?", "Comment on the figures")
    assert names["indicators-1"] >= {in_words(language, word) for word in own}
    assert [len(names[page]) for page in PAGES] == [14, 4, 5, 2]


@LANGUAGE
def test_what_is_told_of_a_field_belongs_to_it(world: World, language: str) -> None:
    """Help and errors stand where the field says they do, and the field says that it is wrong."""
    client, part = speaks(world, language), f"action-{action_of(world).pk}"
    page = fill_url(world.report, "actions-1")
    response = client.post(page, fields_on(client.get(page)) | {f"{part}-spent": "much"})
    found = structure(response)
    wrong = [c for c in found.controls if c.get("aria-invalid") == "true"]
    assert [control["id"] for control in wrong] == [f"{part}-spent"]
    told = found.described(wrong[0])
    assert "much" in told
    assert told in " ".join(found.texts[part].split())
    narrative = structure(client.get(fill_url(world.report, "narrative")))
    helped = [c for c in narrative.controls if c.get("name", "").startswith("narrative-")]
    assert [bool(narrative.described(control)) for control in helped] == [True] * 5


def wrong_page(world: World, client: Any, page: str) -> Any:
    """A page sent with everything on it typed wrongly."""
    line, share = line_of(world), line_of(world, world.share)
    typed = {
        "indicators-1": {
            f"line-{line.pk}-total-value": "x",
            f"line-{line.pk}-rating": "at_risk",
            f"line-{share.pk}-total-numerator": "5",
            f"line-{share.pk}-total-denominator": "4",
        },
        "actions-1": {
            f"action-{action_of(world).pk}-{name}": "-1" for name in ("allocated", "spent")
        },
        "narrative": {"narrative-done": "a\x00b", "narrative-gap": "c\x00d"},
    }[page]
    address = fill_url(world.report, page)
    return client.post(address, fields_on(client.get(address)) | typed)


@LANGUAGE
@pytest.mark.parametrize(
    ("page", "number"), [("indicators-1", 3), ("actions-1", 2), ("narrative", 2)]
)
def test_each_error_stands_in_the_summary_with_a_link_to_its_field(
    world: World, language: str, page: str, number: int
) -> None:
    response = wrong_page(world, speaks(world, language), page)
    assert (response.status_code, faults(response)) == (422, [])
    problems = response.context["filling"].problems
    assert len(problems) == (3 if page == "indicators-1" else 2)
    found = structure(response)
    controls = {control.get("id", ""): control for control in found.controls}
    html = response.content.decode()
    assert html.index('role="alert" tabindex="-1" data-focus') < html.index("<fieldset")
    for sentence, place in problems:
        assert place[1:] in controls, sentence
        assert controls[place[1:]].get("aria-invalid") == "true"
        subject, _colon, told = sentence.partition(": ")
        assert told.split("“")[0][:20] in found.described(controls[place[1:]])
        assert subject


def test_a_page_without_errors_has_no_summary(world: World) -> None:
    response = speaks(world, "en").get(fill_url(world.report, "indicators-1"))
    assert 'role="alert"' not in response.content.decode()
    assert response.context["filling"].problems == []


def steps(response: Any) -> list[tuple[str, str, bool]]:
    """Title, page and whether it is the one shown."""
    return [(s["title"], s["page"].slug, s["is_current"]) for s in response.context["steps"]]


def test_the_steps_name_every_page_and_mark_the_one_shown(world: World) -> None:
    response = speaks(world, "en").get(fill_url(world.report, "narrative"))
    assert steps(response) == [
        ("Indicators", "indicators-1", False),
        ("Actions and money", "actions-1", False),
        ("Narrative", "narrative", True),
        ("Evidence", "evidence", False),
    ]
    assert response.content.decode().count('aria-current="step"') == 1
    assert "<title>Narrative · Ministry of Defence · 2026 Q3" in text_of(response)


def test_several_pages_of_one_kind_are_numbered(world: World) -> None:
    places = factory.make_dimension(world.plan, "place", *(f"c{n:03}" for n in range(119)))
    factory.split(world.indicator, places)
    response = speaks(world, "en").get(fill_url(world.report, "indicators-2"))
    assert steps(response)[:3] == [
        ("Indicators 1", "indicators-1", False),
        ("Indicators 2", "indicators-2", True),
        ("Actions and money", "actions-1", False),
    ]


def test_save_and_continue_leads_through_every_page_and_out(world: World) -> None:
    client, here, way = speaks(world, "en"), fill_url(world.report, "indicators-1"), []
    while here.split("/")[-2] in PAGES[:3]:
        answer = client.post(here, fields_on(client.get(here)) | {"continue": "1"})
        assert answer.status_code == 302
        here = answer["Location"]
        way.append(here)
    assert way == [fill_url(world.report, page) for page in PAGES[1:]]
    assert f'href="/reports/{world.report.pk}/"' in client.get(here).content.decode()


def test_save_alone_stays_on_the_page(world: World) -> None:
    client = speaks(world, "en")
    for page in PAGES[:3]:
        here = fill_url(world.report, page)
        answer = client.post(here, fields_on(client.get(here)) | {"save": "1"})
        assert (answer.status_code, answer["Location"]) == (302, here)


def test_a_report_of_words_alone_has_two_pages(world: World) -> None:
    Line.objects.filter(report=world.report).delete()
    world.report.actions.all().delete()
    client = speaks(world, "en")
    assert [slug for _t, slug, _c in steps(client.get(fill_url(world.report, "narrative")))] == [
        "narrative",
        "evidence",
    ]
    assert client.get(f"/reports/{world.report.pk}/fill/")["Location"] == fill_url(
        world.report, "narrative"
    )
    for gone in ("indicators-1", "actions-1", "indicators-0", "Narrative", "narrative-1"):
        assert client.get(fill_url(world.report, gone)).status_code == 404


def test_a_page_counts_its_answers_and_is_marked_when_done(world: World) -> None:
    client, page = speaks(world, "en"), fill_url(world.report, "indicators-1")
    assert "0 of 2" in text_of(client.get(page))
    factory.fill_in(world.now(), world.contributor)
    done = client.get(page)
    assert [s["page"].is_done for s in done.context["steps"]][:2] == [True, True]
    assert "2 of 2" in text_of(done)
    world.report.actions.update(spent=None)
    assert [s["page"].is_done for s in client.get(page).context["steps"]][:2] == [True, False]


def test_the_form_says_until_when_and_of_which_report(world: World) -> None:
    for language, day in (("en", "30 October 2026"), ("sq", "30 tetor 2026")):
        page = text_of(speaks(world, language).get(fill_url(world.report, "indicators-1")))
        assert day in page.lower() or day in page
    Report.objects.filter(pk=world.report.pk).update(due_on="2026-12-24")
    assert "24 December 2026" in text_of(
        speaks(world, "en").get(fill_url(world.report, "actions-1"))
    )
