"""The parts pages are built from: what each says, escapes and leaves out."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from common.numbers import NBSP
from indicators.choices import Status

D = Decimal
FOLDER = Path(settings.BASE_DIR) / "templates"
CANARY = '<i onclick="x">"&'
ESCAPED = "&lt;i onclick=&quot;x&quot;&gt;&quot;&amp;"


def part(name: str, path: str = "/", language: str = "en", **context: Any) -> str:
    request = RequestFactory().get(path)
    with translation.override(language):
        return render_to_string(f"ui/{name}.html", context, request=request)


def words(html: str) -> str:
    """What a person reads, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- page heading ----------------------------------------------------------------------------


def test_a_heading_alone_is_one_title() -> None:
    html = part("page_heading", title="Quarters")
    assert re.findall(r"<h1>(.*?)</h1>", html) == ["Quarters"]
    assert ("<nav" in html, "eyebrow" in html, "page-heading__lead" in html) == (False,) * 3
    assert words(html) == "Quarters"


def test_a_whole_heading_says_where_one_is_and_what_state_it_has() -> None:
    html = part(
        "page_heading",
        title="Q3 2026",
        eyebrow="Ministry of Defence",
        lead="Due on 31 October.",
        status=Status.AT_RISK,
        crumbs=[("Reports", "/reports/"), ("Q3 2026", "")],
    )
    assert words(html) == ("Reports Q3 2026 Ministry of Defence Q3 2026 At risk Due on 31 October.")
    assert '<nav class="crumbs" aria-label="You are here">' in html
    assert re.findall(r'<a href="([^"]*)">', html) == ["/reports/"]


def test_nothing_of_a_heading_is_markup() -> None:
    html = part("page_heading", title=CANARY, eyebrow=CANARY, lead=CANARY, crumbs=[(CANARY, "")])
    assert html.count(ESCAPED) == 4
    assert "<i " not in html


# --- empty states, messages, timeline --------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "shown", "links"),
    [
        ({"title": "Nothing"}, "Nothing", []),
        ({"title": "Nothing", "text": "Why."}, "Nothing Why.", []),
        ({"title": "Nothing", "url": "/a/", "label": "Go"}, "Nothing Go", ["/a/"]),
        ({"title": "Nothing", "url": "/a/"}, "Nothing", []),
        ({"title": "Nothing", "label": "Go"}, "Nothing", []),
    ],
)
def test_an_empty_state_says_what_it_knows_and_offers_a_whole_link_only(
    given: dict[str, str], shown: str, links: list[str]
) -> None:
    html = part("empty", **given)
    assert words(html) == shown
    assert re.findall(r'href="([^"]*)"', html) == links
    assert html.count("<h2>") == 1


@pytest.mark.parametrize(
    ("level", "tone", "role"),
    [
        ("success", "good", "status"),
        ("error", "bad", "alert"),
        ("warning", "attention", "status"),
        ("info", "info", "status"),
        ("debug", "info", "status"),
        ("", "info", "status"),
    ],
)
def test_a_message_is_read_aloud_as_urgently_as_it_is(level: str, tone: str, role: str) -> None:
    html = part("message", level=level, text=CANARY)
    assert f'<div class="message tone-{tone}" role="{role}">' in html
    assert (html.count("<svg"), html.count(ESCAPED)) == (1, 1)


def test_a_timeline_tells_who_did_what_when_in_local_time() -> None:
    at = datetime(2026, 9, 30, 22, 5, tzinfo=UTC)
    entries = [
        SimpleNamespace(what="Submitted", badge=Status.MET, at=at, who=CANARY, text="Line\nbreak"),
        SimpleNamespace(what="Opened", badge=None, at=at, who="", text=""),
    ]
    html = part("timeline", entries=entries)
    assert words(html) == (
        f"Submitted Target met 1 October 2026, 00:05 {ESCAPED} Line break"
        " Opened 1 October 2026, 00:05"
    )
    assert html.count('<time datetime="2026-10-01T00:05:00+02:00">') == 2
    assert words(part("timeline", entries=[])) == "Nothing has happened yet."


@pytest.mark.parametrize(
    ("problems", "shown", "links"),
    [
        ([], "", []),
        ([("Value is missing.", "#a")], "This is still missing Value is missing.", ["#a"]),
        ([("One.", ""), (CANARY, "#b")], f"This is still missing One. {ESCAPED}", ["#b"]),
    ],
)
def test_what_is_missing_is_listed_with_the_way_to_it(
    problems: list[tuple[str, str]], shown: str, links: list[str]
) -> None:
    html = part("error_summary", problems=problems)
    assert words(html) == shown
    assert re.findall(r'href="([^"]*)"', html) == links
    assert ('role="alert" tabindex="-1" data-focus' in html) is bool(problems)


@pytest.mark.parametrize(
    ("entry", "shown"),
    [
        (("Unit", "persons"), "Unit persons"),
        (("Unit", 0), "Unit 0"),
        (("Unit", None), "Unit –"),
        (("Unit", CANARY), f"Unit {ESCAPED}"),
        (("Status", Status.NO_DATA), "Status No data"),
        (("Page", "there", "/there/"), "Page there"),
    ],
)
def test_a_definition_is_a_text_a_badge_or_a_link(entry: tuple[Any, ...], shown: str) -> None:
    html = part("definition_list", entries=[entry])
    assert words(html) == shown
    assert (html.count("<dt>"), html.count("<dd>")) == (1, 1)
    assert ("<a " in html, "badge-status" in html) == (len(entry) > 2, entry[0] == "Status")


# --- cells, pages and downloads --------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ({"text": "12"}, "<span>12</span>"),
        ({"text": 0}, "<span>0</span>"),
        ({"text": "0"}, "<span>0</span>"),
        ({"text": ""}, '<span class="muted">–</span>'),
        ({"text": None}, '<span class="muted">–</span>'),
        ({"text": CANARY}, f"<span>{ESCAPED}</span>"),
        ({"text": CANARY, "url": "/a/?b=1&c"}, f'<a href="/a/?b=1&amp;c">{ESCAPED}</a>'),
    ],
)
def test_a_cell_shows_zero_as_zero_and_nothing_as_a_dash(cell: dict[str, Any], shown: str) -> None:
    assert part("cell", cell=cell).strip() == shown


PAGES = {
    # rows, page: what is named, and where backwards and forwards lead
    (20, 1): ([], None, None),
    (21, 1): (["1", "2"], None, "2"),
    (21, 2): (["1", "2"], "1", None),
    (200, 1): (["1", "2", "…", "10"], None, "2"),
    (200, 5): (["1", "…", "4", "5", "6", "…", "10"], "4", "6"),
    (200, 10): (["1", "…", "9", "10"], "9", None),
}


@pytest.mark.parametrize(("rows", "number"), PAGES)
def test_the_first_the_last_and_the_neighbours_of_a_page_are_named(rows: int, number: int) -> None:
    named, before, after = PAGES[rows, number]
    html = part("pagination", "/?status=late&page=4", page=Paginator(range(rows), 20).page(number))
    plain = re.sub(r'<span class="visually-hidden">.*?</span>', "", html)
    assert words(plain).split() == named
    assert re.findall(r'rel="prev" href="([^"]*)"', html) == (
        [f"?status=late&amp;page={before}"] if before else []
    )
    assert re.findall(r'rel="next" href="([^"]*)"', html) == (
        [f"?status=late&amp;page={after}"] if after else []
    )
    assert html.count('aria-current="page"') == (1 if named else 0)


@pytest.mark.parametrize(
    ("path", "links"),
    [
        ("/", ["?export=xlsx", "?export=csv"]),
        ("/?page=3", ["?export=xlsx", "?export=csv"]),
        (
            "/?q=a%26b&sort=-name&page=3",
            [f"?q=a%26b&sort=-name&export={k}" for k in ("xlsx", "csv")],
        ),
        ("/?q=%22%3E", [f"?q=%22%3E&export={k}" for k in ("xlsx", "csv")]),
        ("/?export=csv", ["?export=xlsx", "?export=csv"]),
    ],
)
def test_a_download_is_of_what_was_filtered_and_not_of_one_page(
    path: str, links: list[str]
) -> None:
    html = part("downloads", path, table={"can_export": True})
    assert [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*)"', html)] == links


def test_links_of_a_table_s_own_stand_in_their_place_and_none_where_none_may_be() -> None:
    own = part("downloads", table={"can_export": True, "export_links": [(CANARY, "/own.xlsx")]})
    assert re.findall(r'href="([^"]*)"', own) == ["/own.xlsx"]
    assert ESCAPED in own
    assert "<a" not in part("downloads", table={"can_export": False})


# --- fields and filters ----------------------------------------------------------------------


class Filter(forms.Form):
    q = forms.CharField(label=CANARY, required=False, help_text="Part of a name.", max_length=3)
    late = forms.BooleanField(label="Late only", required=False)
    state = forms.ChoiceField(choices=[("", "All"), ("a", CANARY)], required=False)


@pytest.mark.parametrize(
    ("query", "count", "is_open"), [("", 0, False), ("q=a", 1, True), ("q=a&late=on", 2, True)]
)
def test_a_filter_is_open_where_something_is_chosen(query: str, count: int, is_open: bool) -> None:
    form = Filter(dict(pair.split("=") for pair in query.split("&") if pair))
    html = part("filter_form", f"/list/?{query}", form=form, filter_count=count)
    assert ('<details class="filter-form" open>' in html) is is_open
    assert re.findall(r'<span class="count-mark">(\d+)</span>', html) == (
        [str(count)] if count else []
    )
    assert '<form method="get">' in html
    assert 'href="/list/"' in html
    assert html.count("<label") == 3
    assert ESCAPED in html
    assert "<i " not in html


def test_a_filter_s_fault_is_told_beside_its_field() -> None:
    html = part("filter_form", form=Filter({"q": "too long"}), open=True)
    assert "at most 3 characters" in words(html)
    assert 'aria-invalid="true"' in html


def field(name: str = "q", bound: dict[str, str] | None = None, **more: Any) -> str:
    context = {"field": Filter(bound)[name], **more}
    return render_to_string("reports/field.html", context)


def test_a_field_ties_its_label_its_help_and_what_is_told_to_its_input() -> None:
    html = field(bound={"q": "too long"}, unit="persons", notes=["More than last time."])
    assert f'<label class="form-label" for="id_q">{ESCAPED}</label>' in html
    assert 'id="id_q_helptext">Part of a name.</div>' in html
    assert '<span class="input-group-text">persons</span>' in html
    told = words(html.partition('id="id_q_told"')[2].partition(">")[2])
    assert told.startswith("Ensure this value has at most 3 characters")
    assert told.endswith("More than last time.")


def test_a_field_without_anything_to_tell_tells_nothing() -> None:
    html = field("late")
    assert ("form-text" in html, "input-group" in html, "<p" in html) == (False,) * 3
    assert words(html) == "Late only"


@pytest.mark.parametrize("name", ["q", "late", "state"])
def test_every_field_has_one_label_that_leads_to_it(name: str) -> None:
    html = field(name)
    assert re.findall(r'<label[^>]* for="([^"]*)"', html) == [f"id_{name}"]
    assert html.count(f'id="id_{name}"') == 1


# --- bars, languages, what is in every template ----------------------------------------------


@pytest.mark.parametrize(
    ("share", "expected", "text", "width", "mark"),
    [
        ("0.625", None, f"62.5{NBSP}%", "62.5", None),
        ("0", "0.5", f"0{NBSP}%", "0", "50"),
        ("1.3", "1.2", f"130{NBSP}%", "100", "100"),
        ("-0.2", "0", f"-20{NBSP}%", "0", "0"),
        (None, None, "–", "0", None),
    ],
)
def test_a_bar_is_clamped_and_its_figure_is_not(
    share: str | None, expected: str | None, text: str, width: str, mark: str | None
) -> None:
    given: dict[str, Any] = {
        "share": D(share) if share else None,
        "expected": D(expected) if expected else None,
    }
    html = part("progress_bar", label="Progress", **given)
    assert f'aria-label="Progress: {text}"' in html
    assert f'<rect class="fill-progress" width="{width}"' in html
    assert re.findall(r'<rect class="bar-mark" x="([^"]*)"', html) == ([mark] if mark else [])


@pytest.mark.parametrize("language", ["en", "sq"])
def test_the_languages_name_themselves_and_the_one_in_use_is_marked(language: str) -> None:
    html = part("languages", "/list/?page=2", language)
    assert re.findall(r">([^<>]+)</button>", html) == ["English", "Shqip"]
    [current] = re.findall(r'<button[^>]*aria-current="true"[^>]*>', html)
    assert f'value="{language}"' in current
    assert '<input type="hidden" name="next" value="/list/?page=2">' in html


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("{{ v|rounded:2 }}", D("14.8649"), "14.86"),
        ("{{ v|rounded:1 }}", D("14.01"), "14"),
        ("{{ v|rounded:2 }}", D("14.01"), "14.01"),
        ("{{ v|rounded:1 }}", "", "–"),
        ("{{ v|number }}", "", "–"),
        ("{{ v|percent:0 }}", D("0.005"), f"1{NBSP}%"),
        ("{{ v|percent:0 }}", "", "–"),
        ("{{ v|money }}", D("0.4"), "0"),
        ('{{ v|money:"ALL" }}', 0, f"0{NBSP}ALL"),
        ("{{ v|money }}", "", "–"),
        ("{{ v|bar_length }}", None, "0"),
        ("{{ v|day }}", None, "–"),
        ("{{ v|moment }}", None, "–"),
        ("{% for c, h in v|labelled:v %}{{ c }}{{ h }}{% endfor %}", "ab", "aabb"),
        ('{% icon "no-such" v %}', '"><b>', None),
    ],
)
def test_each_filter_says_a_dash_for_nothing_only(
    source: str, value: Any, shown: str | None
) -> None:
    with translation.override("en"):
        html = Template("{% load ui %}" + source).render(Context({"v": value}))
    assert html == shown or (shown is None and "<b>" not in html)


INLINE = re.compile(r"\sstyle=|<style|\son[a-z]+=|javascript:|<script(?![^>]*src=)", re.IGNORECASE)
TEMPLATES = sorted(FOLDER.rglob("*.html"))


def lines_with(pattern: str | re.Pattern[str]) -> list[tuple[str, str]]:
    """Each template and what of it fits a pattern."""
    return [
        (str(path.relative_to(FOLDER)), found)
        for path in TEMPLATES
        for found in re.findall(pattern, path.read_text())
    ]


def test_no_template_has_inline_style_or_script() -> None:
    assert len(TEMPLATES) > 90
    assert lines_with(INLINE) == []


def test_no_template_switches_escaping_off_or_fetches_from_elsewhere() -> None:
    assert lines_with(r"\|safe\b|autoescape off|\|escapejs") == []
    assert lines_with(r"(?:src|href)=\"(?:https?:)?//") == []


@pytest.mark.parametrize(
    "line",
    ['<p style="a">', "<script>x</script>", '<a onclick="x">', "<STYLE>", 'href="javascript:x"'],
)
def test_control_what_is_inline_is_seen(line: str) -> None:
    assert INLINE.search(line)


def test_every_picture_is_hidden_or_named() -> None:
    pictures = lines_with(r"<svg[^>]*>|<img[^>]*>")
    assert len(pictures) >= 6
    assert [p for p in pictures if not re.search(r'aria-hidden="true"|aria-label', p[1])] == []


def test_every_icon_only_link_has_words_for_who_does_not_see() -> None:
    assert lines_with(r"<(?:a|button)\b[^>]*>\s*{% icon [^%]*%}\s*</(?:a|button)>") == []
