"""The parts every page is built from: what they say, and that they keep to the policy."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from accounts.models import User
from common.charts import ChartPoint, line_chart, stacked_bar
from common.context import nav_entry
from common.icons import PATHS
from common.tables import Table, TableColumn
from indicators.choices import BadgeChoices, Status
from reports.choices import ReportStatus

D = Decimal
TEMPLATES = Path(settings.BASE_DIR) / "templates"
NBSP = "\u00a0"


def rendered(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def text_of(html: str) -> str:
    """What a person reads, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def badge_kinds(kind: type = BadgeChoices) -> Iterator[type[BadgeChoices]]:
    for child in kind.__subclasses__():
        yield child
        yield from badge_kinds(child)


def test_every_state_of_the_product_has_a_word_a_known_tone_and_a_drawn_icon() -> None:
    members = [member for kind in badge_kinds() for member in kind]
    assert len(members) > 30
    tones = {"neutral", "info", "progress", "attention", "good", "bad"}
    assert [m for m in members if m.tone not in tones or m.icon not in PATHS or not m.label] == []


def test_a_badge_shows_icon_and_word() -> None:
    html = rendered("{% status_badge status %}", status=Status.AT_RISK)
    assert text_of(html) == "At risk"
    assert "tone-attention" in html
    assert PATHS["warning"] in html


def test_a_badge_can_carry_a_note() -> None:
    html = rendered('{% status_badge status "revision 2" %}', status=ReportStatus.SUBMITTED)
    assert text_of(html) == "Submitted · revision 2"


@pytest.mark.parametrize("nothing", [None, "", "at_risk"])
def test_what_is_no_status_prints_no_badge(nothing: object) -> None:
    assert rendered("{% status_badge status %}", status=nothing) == ""


def test_a_badge_escapes_its_word() -> None:
    status = SimpleNamespace(label="<b>x</b>", tone="good", icon="check")
    assert "&lt;b&gt;x" in rendered("{% status_badge status %}", status=status)


def test_an_unknown_icon_draws_a_dot_and_is_hidden_from_screen_readers() -> None:
    html = rendered('{% icon "no-such-icon" %}')
    assert PATHS["dot"] in html
    assert 'aria-hidden="true"' in html


@pytest.mark.parametrize(
    ("source", "value", "english", "albanian"),
    [
        ("{{ v|number }}", D("1234.5000"), f"1{NBSP}234.5", f"1{NBSP}234,5"),
        ("{{ v|number }}", D("0.0000"), "0", "0"),
        ("{{ v|number }}", 0, "0", "0"),
        ("{{ v|number }}", None, "–", "–"),
        ("{{ v|rounded:1 }}", D("12.25"), "12.3", "12,3"),
        ("{{ v|rounded:0 }}", D("-0.5"), "-1", "-1"),
        ("{{ v|percent }}", D("0.625"), f"62.5{NBSP}%", f"62,5{NBSP}%"),
        ("{{ v|percent }}", D("0"), f"0{NBSP}%", f"0{NBSP}%"),
        ("{{ v|percent }}", D("1.3"), f"130{NBSP}%", f"130{NBSP}%"),
        ("{{ v|percent }}", None, "–", "–"),
        ('{{ v|money:"ALL" }}', D("1250000.4"), f"1{NBSP}250{NBSP}000{NBSP}ALL", None),
        ("{{ v|money }}", None, "–", "–"),
        ("{{ v|bar_length }}", D("0.625"), "62.5", "62.5"),
        ("{{ v|bar_length }}", D("-1"), "0", "0"),
        ("{{ v|bar_length }}", D("7"), "100", "100"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(
    source: str, value: object, english: str, albanian: str | None
) -> None:
    with translation.override("en"):
        assert rendered(source, v=value) == english
    with translation.override("sq"):
        assert rendered(source, v=value) == (albanian or english)


def test_dates_are_written_as_the_reader_writes_them() -> None:
    with translation.override("en"):
        assert rendered("{{ v|day }}", v=date(2026, 10, 3)) == "3 October 2026"
    with translation.override("sq"):
        assert rendered("{{ v|day }}", v=date(2026, 10, 3)) == "3 Tetor 2026"
    assert rendered("{{ v|short_day }}", v=None) == "–"


def test_a_moment_is_shown_in_the_time_of_the_country() -> None:
    late = datetime(2026, 9, 30, 22, 30, tzinfo=UTC)
    with translation.override("en"):
        assert rendered("{{ v|moment }}", v=late) == "1 October 2026, 00:30"
        assert rendered("{{ v|day }}", v=late) == "1 October 2026"


def test_an_empty_state_says_what_to_do_next() -> None:
    html = rendered('{% empty "No report" "None is owed." "/plan/" "See the plan" %}')
    assert text_of(html) == "No report None is owed. See the plan"
    assert 'href="/plan/"' in html


def table(rows: int, page: int = 1) -> SimpleNamespace:
    cell, heading = SimpleNamespace, SimpleNamespace
    return SimpleNamespace(
        caption="Reports",
        headings=[
            heading(label="Institution", sort_url="?sort=name", is_sorted=True),
            heading(label="Lines", kind="number"),
        ],
        rows=[[cell(text="Defence <1>", url="/r/1/"), cell(text=0, kind="number")]] * rows,
        page=Paginator(range(95), 20).page(page),
        can_export=True,
        empty_title="No report is owed",
    )


def table_html(query: str = "", **given: object) -> str:
    request = RequestFactory().get("/reports/" + query)
    return render_to_string("ui/table.html", {"table": table(**given)}, request=request)


def test_a_table_names_each_cell_by_its_column_and_shows_zero_as_zero() -> None:
    html = table_html(rows=1)
    assert re.findall(r'data-label="([^"]+)"', html) == ["Institution", "Lines"]
    assert "<span>0</span>" in html
    assert '<a href="/r/1/">Defence &lt;1&gt;</a>' in html
    assert html.count('aria-sort="ascending"') == 1


def test_downloads_and_pages_keep_what_was_filtered() -> None:
    html = table_html("?status=late&page=2", rows=1, page=2)
    assert 'href="?status=late&amp;export=xlsx"' in html
    assert 'href="?status=late&amp;export=csv"' in html
    assert 'href="?status=late&amp;page=3"' in html
    assert html.count('aria-current="page"') == 1


class Statuses(Table):
    caption = "Statuses"
    columns = (
        TableColumn("Name", "name", "text", link=lambda row: f"/s/{row.name}/"),
        TableColumn("Status", "status", "text"),
        TableColumn("Share", "share", "percent"),
    )


def test_a_declared_table_is_drawn_with_links_badges_and_numbers() -> None:
    row = SimpleNamespace(name="one", status=Status.AT_RISK, share=D("12.5"))
    request = RequestFactory().get("/statuses/")
    with translation.override("sq"):
        html = render_to_string("ui/table.html", {"table": Statuses([row])}, request=request)
    assert '<a href="/s/one/">one</a>' in html
    assert "badge-status tone-attention" in html
    assert f"12,5{NBSP}%" in html
    assert 'aria-label="Statuses"' in html


def test_a_table_without_rows_says_so_and_offers_no_download() -> None:
    html = table_html(rows=0)
    assert "No report is owed" in html
    assert "<table" not in html
    assert "export=" not in html


def test_a_filter_keeps_what_was_chosen_and_can_be_cleared() -> None:
    class Filter(forms.Form):
        q = forms.CharField(label="Search", required=False)

    request = RequestFactory().get("/reports/?q=peace")
    context = {"form": Filter(request.GET), "filter_count": 1}
    html = render_to_string("ui/filter_form.html", context, request=request)
    assert '<details class="filter-form" open>' in html
    assert 'value="peace"' in html
    assert 'href="/reports/"' in html


def test_a_stacked_bar_tells_everything_in_words_too() -> None:
    bar = stacked_bar([(Status.ACHIEVED, 3), (Status.NO_DATA, 0), (Status.OFF_TRACK, 1)], uid="b")
    html = render_to_string("ui/stacked_bar.html", {"bar": bar, "title": "All"})
    assert "Achieved: 3; Off track: 1" in html
    assert re.findall(r'<td class="cell-number">(\d+)</td>', html) == ["3", "0", "1"]


def test_charts_keep_decimal_points_in_attributes_and_commas_in_text() -> None:
    chart = line_chart([ChartPoint("T1", D("14.2")), ChartPoint("T2", D("15.9"))], target=D("17.5"))
    with translation.override("sq"):
        html = render_to_string("ui/line_chart.html", {"chart": chart, "title": "Gra"})
    assert "15,9" in text_of(html)
    attributes = " ".join(re.findall(r' (?:x|y|cx|cy|x1|x2|y1|y2|width)="([^"]*)"', html))
    assert "," not in attributes


def test_a_progress_bar_shows_the_true_share_and_clamps_only_its_length() -> None:
    html = render_to_string("ui/progress_bar.html", {"share": D("1.3"), "expected": D("0.5")})
    assert text_of(html).endswith("130 %")
    assert 'class="fill-progress" width="100"' in html


def test_a_missing_share_is_a_dash_and_not_a_zero() -> None:
    html = render_to_string("ui/progress_bar.html", {"share": None})
    assert text_of(html) == "–"


def test_the_current_entry_of_the_navigation_is_the_page_or_one_above_it() -> None:
    request = RequestFactory().get("/reports/7/")
    assert nav_entry(request, "Reports", "/reports/").is_current
    assert not nav_entry(request, "Plan", "/", exact=True).is_current


def test_the_log_in_page_stands_in_the_frame_with_language_skip_link_and_no_script_of_its_own(
    db: None, client: Client
) -> None:
    html = client.get("/login/", headers={"accept-language": "sq"}).content.decode()
    assert '<html lang="sq">' in html
    assert 'href="#content"' in html
    assert html.count("<h1") == 1
    assert 'action="/language/setlang/"' in html
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))


def test_the_language_is_changed_by_a_plain_form(db: None, client: Client) -> None:
    answer = client.post("/language/setlang/", {"language": "sq", "next": "/login/"})
    assert answer.headers["Location"] == "/login/"
    assert '<html lang="sq">' in client.get("/login/").content.decode()


def test_log_out_is_a_form_and_never_a_link(db: None, client: Client) -> None:
    client.force_login(User.objects.create_user("arta@example.org", password="x" * 12))
    html = client.get("/password/").content.decode()
    assert 'method="post" action="/logout/"' in html
    assert 'href="/logout/"' not in html
    assert client.get("/logout/").status_code == 405


@pytest.mark.parametrize("code", [400, 403, 404, 409, 413, 500, 503])
def test_every_error_page_stands_without_any_context(code: int) -> None:
    html = get_template(f"{code}.html").render({})
    assert html.count("<h1") == 1
    assert "<html lang=" in html


def test_a_missing_page_is_answered_in_the_frame(db: None, client: Client) -> None:
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_a_conflict_shows_both_texts_escaped() -> None:
    conflict = {"label": "Reason", "yours": "<i>mine</i>", "theirs": "theirs"}
    html = render_to_string("ui/conflicts.html", {"conflicts": [conflict]})
    assert "&lt;i&gt;mine" in html
    assert "What stands there now theirs" in text_of(html)


@pytest.mark.parametrize("shown", [True, False])
def test_the_demonstration_says_so_where_it_is_one(shown: bool) -> None:
    html = render_to_string("ui/demo_banner.html", {"demo_notice": shown})
    assert ("figures are invented" in html) is shown


def test_no_template_has_inline_script_style_or_handlers() -> None:
    bad = re.compile(
        r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
    )
    assert [p.name for p in TEMPLATES.rglob("*.html") if bad.search(p.read_text())] == []


def test_no_css_or_script_of_ours_reaches_outside() -> None:
    files = [p for kind in ("css", "js") for p in (TEMPLATES.parent / "static").rglob(f"*.{kind}")]
    assert len(files) >= 7
    assert [p.name for p in files if re.search(r"https?://|@import|eval\(", p.read_text())] == []


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TOKENS = dict(
    re.findall(
        r"--([\w-]+): (#[0-9a-f]{6});",
        (TEMPLATES.parent / "static/css/tokens.css").read_text(),
    )
)


@pytest.mark.parametrize(
    ("ink", "paper", "least"),
    [
        *[(f"{t}-ink", f"{t}-paper", 4.5) for t in ("neutral", "info", "progress", "attention")],
        ("good-ink", "good-paper", 4.5),
        ("bad-ink", "bad-paper", 4.5),
        ("ink", "ground", 7.0),
        ("ink-muted", "ground", 4.5),
        ("accent", "ground", 4.5),
        ("ink-on-dark-muted", "accent-strong", 4.5),
        ("light-ministry", "paper", 4.5),
        ("light-coalition", "paper", 4.5),
        ("line-strong", "paper", 3.0),
        ("focus", "paper", 3.0),
    ],
)
def test_ink_stands_out_from_its_paper(ink: str, paper: str, least: float) -> None:
    assert contrast(TOKENS[ink], TOKENS[paper]) >= least


def test_a_refused_log_in_says_why_in_our_own_message(db: None, client: Client) -> None:
    answer = client.post("/login/", {"username": "a@example.org", "password": "wrong"})
    html = answer.content.decode()
    assert 'class="message tone-bad" role="alert"' in html
    assert "enter a correct" in html
    assert 'value="a@example.org"' in html
