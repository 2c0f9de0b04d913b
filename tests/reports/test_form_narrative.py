"""The report in words: every text is kept as it was typed, and shown as text and nothing else."""

import json

import pytest
from django.utils import translation

from audit.models import Entry
from reports.forms.pages import save_form
from reports.models import Narrative
from tests.conftest import World
from tests.reports.section_forms import form_of, in_words, told, typed_into
from tests.reports.typed_forms import fields_on, fill_url, save_url, text_of

TEXTS = [
    "Plain words.",
    "Two paragraphs.\n\nThe second one.",
    "Çështje të grave: ëËçÇ — “thonjëza” ’ …",
    "<script>alert(1)</script><b>bold</b> & &amp; &lt;",
    "</textarea><h1>out</h1>",
    "\"quotes\" 'and' `ticks` {{ template }} {% load x %} %(name)s %s {0}",
    "=1+1\n+2\n@SUM(A1)",
    "\u202eright to left\u202c عربي עברית",
    "👩🏽‍✈️ families: 👨‍👩‍👧, flags: 🇦🇱",
    "e\u0301 is not é for a computer",
    "tab\tinside and  two  blanks",
    "x" * 100_000,
]
"""Texts that some program on the way might change."""

TIDIED = [
    ("  around  ", "around"),
    ("\r\nfirst\r\nsecond\r\n", "first\nsecond"),
    ("old\rMac", "old\nMac"),
    (" \t\n ", ""),
]


def narrative(world: World) -> Narrative:
    return Narrative.objects.get(report=world.report)


def save(world: World, **typed: str) -> bool:
    with translation.override("en"):
        bound = typed_into(form_of(world, "narrative"), typed)
        return save_form(world.now(), bound, world.contributor)


def test_every_text_is_kept_letter_by_letter(world: World) -> None:
    for number, text in enumerate(TEXTS):
        assert save(world, done=text) is True
        assert (narrative(world).done, narrative(world).version) == (text, number + 1)


def test_only_blanks_around_and_line_ends_are_tidied(world: World) -> None:
    for typed, kept in TIDIED:
        save(world, done="Before.")
        assert save(world, done=typed) is True
        assert narrative(world).done == kept


def test_what_is_written_is_shown_as_text_and_comes_back_the_same(world: World) -> None:
    client, address = world.client(world.contributor), fill_url(world.report, "narrative")
    for start in (0, 5):
        texts = dict(zip(Narrative.FIELDS, TEXTS[start:]))
        save(world, **texts)
        page, read = client.get(address), client.get(f"/reports/{world.report.pk}/content/")
        shown = fields_on(page)
        assert {name: shown[f"narrative-{name}"] for name in texts} == texts
        for mark in ("<script>alert(1)", "<b>bold", "<h1>out"):
            assert mark not in page.content.decode() + read.content.decode()
        assert client.post(address, shown).status_code == 302
    assert narrative(world).version == 2


def test_each_text_is_saved_on_its_own_and_leaves_the_others(world: World) -> None:
    expected = {name: f"Old {name}." for name in Narrative.FIELDS}
    save(world, **expected)
    for field in Narrative.FIELDS:
        save(world, **{field: "New."})
        expected[field] = "New."
        assert {name: getattr(narrative(world), name) for name in expected} == expected
        entry = Entry.objects.filter(action="narrative.saved").order_by("sequence").last()
        assert entry is not None
        assert json.loads(entry.data) == {field: [f"Old {field}.", "New."]}


def test_no_text_is_needed_to_save_for_what_is_missing_is_said_at_submission(world: World) -> None:
    save(world, done="Something.", next_step="More.")
    assert save(world, **dict.fromkeys(Narrative.FIELDS, "")) is True
    assert not any(getattr(narrative(world), name) for name in Narrative.FIELDS)


def test_a_null_byte_is_refused_at_its_field(world: World) -> None:
    save(world, done="Before.")
    for field in Narrative.FIELDS:
        bound = typed_into(form_of(world, "narrative"), {field: "a\x00b"})
        assert told(bound) == {field: ["Null characters are not allowed."]}
        with translation.override("en"):
            assert save_form(world.now(), bound, world.contributor) is False
            assert bound.problems == [
                ("Narrative: Null characters are not allowed.", f"#narrative-{field}")
            ]
    assert (narrative(world).done, narrative(world).version) == ("Before.", 1)


QUESTIONS = ["what was done", "reasons for gaps", "challenges", "lessons", "next steps"]


@pytest.mark.parametrize("language", ["en", "sq"])
def test_each_question_is_asked_in_the_language_of_the_reader(world: World, language: str) -> None:
    with translation.override(language):
        form = form_of(world, "narrative")
        labels = [str(bound.label) for bound in form.own_fields]
        help_text = str(form.fields["next_step"].help_text)
    assert labels == [in_words(language, question).capitalize() for question in QUESTIONS]
    assert help_text == in_words(language, "What is planned for the coming quarter.")
    for name in Narrative.FIELDS:
        described = form.fields[name].widget.attrs["aria-describedby"]
        assert described == f"narrative-{name}_helptext narrative-{name}_told"


def test_somebody_elses_words_are_shown_beside_mine_word_by_word(world: World) -> None:
    form = form_of(world, "narrative")
    save(world, done="Theirs, long.", gap="Only theirs.", lesson="The same.")
    mine = {"done": "Mine, long.", "challenge": "Only mine.", "lesson": "The same."}
    bound = typed_into(form, mine)
    with translation.override("en"):
        assert save_form(world.now(), bound, world.approver) is False
        differences = [(d.label, d.yours, d.theirs) for d in bound.differences]
    assert differences == [
        ("What was done", "Mine, long.", "Theirs, long."),
        ("Reasons for gaps", "", "Only theirs."),
        ("Challenges", "Only mine.", ""),
    ]
    assert narrative(world).done == "Theirs, long."


@pytest.mark.parametrize("is_htmx", [True, False])
def test_a_save_says_who_saved_and_when_it_is_repeated_nothing_changes(
    world: World, is_htmx: bool
) -> None:
    client, page = world.client(world.contributor), fill_url(world.report, "narrative")
    typed = fields_on(client.get(page)) | {"narrative-done": "Trained 20 officers."}
    headers = {"HX-Request": "true"} if is_htmx else {}
    address = save_url(world.report, "narrative") if is_htmx else page
    first = client.post(address, typed, headers=headers)
    told_page = first if is_htmx else client.get(page)
    assert "by Contributor.Mm" in text_of(told_page)
    again = client.post(address, typed | fields_on(told_page), headers=headers)
    assert again.status_code == first.status_code
    assert narrative(world).version == 1
    assert Entry.objects.filter(action="narrative.saved").count() == 1
