"""What holds for every page that everybody may open."""

import re

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from publishing.models import Edition
from tests.publishing.pages import Page, ask, page_of, parsed, read
from tests.publishing.released import COUNTED, SECRET, WOMEN, Released
from tests.reports.exporting import body, everything

pytestmark = pytest.mark.django_db

PLAN_PAGES = [
    *("", "objectives/", "objectives/1/", "objectives/1.1/", "objectives/3/", "indicators/"),
    *(f"indicators/{letter}1/" for letter in "CDHNPRSTWZ"),
    *("actions/", "institutions/", *(f"institutions/{c}/" for c in ("MM", "MB", "MK", "OS"))),
    *("actions/A1/", "actions/A3/", "crosswalk/", "gaps/", "differences/", "compare/"),
    "money/",
]
GENERAL = ["/", "/method/", "/editions/", "/editions/AL-2026-Q3-1/"]
PAGES = [*GENERAL, *(f"/plans/AL/{page}" for page in PLAN_PAGES)]
SAMPLE = [*GENERAL, "/plans/AL/", "/plans/AL/indicators/", "/plans/AL/indicators/C1/"]
SAMPLE += ["/plans/AL/objectives/1/", "/plans/AL/institutions/MM/", "/plans/XK/"]
FILES = [f"/editions/AL-2026-Q3-1/{n}" for n in ("workbook.xlsx", "data.csv", "snapshot.json")]
LISTS = (
    *("indicators", "actions", "institutions"),
    *("crosswalk", "gaps", "differences", "compare", "money"),
)
WITHOUT_INSTITUTIONS = {"compare": "C1", "crosswalk": "C1", "money": "A1"}
"""What a file tells in their place, so that it is not empty."""
EXPORTS = [f"/plans/AL/{n}/?export={kind}" for n in LISTS for kind in ("xlsx", "csv")]

Site = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def site(released: Released, django_db_blocker: DjangoDbBlocker) -> Site:
    """The source of every page, and of a sample in Albanian, asked for once."""
    wanted = [(address, "en") for address in PAGES] + [(address, "sq") for address in SAMPLE]
    with django_db_blocker.unblock():
        return {(place, tongue): ask(place, tongue).content.decode() for place, tongue in wanted}


@pytest.mark.parametrize("address", SAMPLE)
def test_a_public_page_sets_no_cookie_and_may_be_kept_a_minute(
    released: Released, address: str
) -> None:
    answer = ask(address)
    assert (answer.status_code, answer.cookies) == (200, {})
    assert answer["Cache-Control"] == "public, max-age=60"
    assert {"Cookie", "Accept-Language"} <= {v.strip() for v in answer["Vary"].split(",")}
    assert b"csrfmiddlewaretoken" not in answer.content


@pytest.mark.parametrize("address", SAMPLE)
def test_somebody_who_is_logged_in_gets_a_page_of_her_own(released: Released, address: str) -> None:
    client = Client()
    client.force_login(released.lead)
    answer = client.get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store, private")
    assert released.lead.name in answer.content.decode()
    assert b"X-CSRFToken" in answer.content
    assert b"X-CSRFToken" not in ask(address).content


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_public_can_be_written_to(released: Released, method: str) -> None:
    for address in [*SAMPLE, *FILES, *EXPORTS]:
        answer = getattr(Client(), method)(address, {"title_en": "Changed"}, "application/json")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD"), address


def test_only_the_headers_are_asked_for(released: Released) -> None:
    for address in SAMPLE:
        answer = Client().head(address)
        assert (answer.status_code, answer.content) == (200, b"")


SKIP = {"en": "Skip to the content", "sq": "Kaloni te përmbajtja"}


def test_every_page_says_its_language_has_one_title_and_no_id_twice(site: Site) -> None:
    for (address, language), text in site.items():
        page = parsed(text)
        assert page.one("html").attrs["lang"] == language
        assert page.title
        assert page.all("a", "skip-link")[0].text == SKIP[language], address
        ids = [node.attrs["id"] for node in page if "id" in node.attrs]
        assert len(ids) == len(set(ids)), address


def test_every_link_between_public_pages_leads_somewhere(site: Site) -> None:
    seen: set[str] = set()
    for (_address, language), text in site.items():
        if language == "en":
            seen |= set(parsed(text).one("main").links().values())
    seen = {url for url in seen if url.startswith(("/plans/", "/editions/", "/method"))}
    assert len(seen) > 40
    wrong = {url for url in sorted(seen - set(PAGES)) if ask(url).status_code != 200}
    assert wrong == set()


def _leaks(text: str) -> set[str]:
    """Figures and names that are never public, however they are written."""
    plain = re.sub("(?<=[0-9])[\u00a0\u202f .,](?=[0-9])", "", text)
    numbers = {str(n) for n in (SECRET, COUNTED, WOMEN, 99999)}
    found = {n for n in numbers if re.search(rf"(?<![0-9a-f]){n}(?![0-9a-f])", plain)}
    names = ("example.org", "Approver.M", "Lead.Al", "Reviewer.Al")
    return found | {name for name in names if name in text}


def test_the_search_for_leaks_finds_what_is_there() -> None:
    assert _leaks("a 7\u00a0771\u00a0234 b; by approver.mm@example.org") == {
        str(SECRET),
        "example.org",
    }
    assert _leaks("71\u00a0845, <10, ab71843cd") == set()


def test_no_page_tells_a_protected_figure_or_who_wrote_it(site: Site) -> None:
    for (address, _language), text in site.items():
        assert _leaks(text) == set(), address
    assert "71\u00a0845" in site["/plans/AL/indicators/S1/", "en"]
    assert "Lead.Al" in _page_of_the_lead()


def _page_of_the_lead() -> str:
    """The control: her own name stands on a page that she alone sees."""
    client = Client()
    client.force_login(User.objects.get(name="Lead.Al"))
    return client.get("/").content.decode()


@pytest.mark.parametrize("page", ["", "indicators/S1/", "indicators/R1/", "indicators/"])
def test_nor_does_a_page_of_an_older_edition(released: Released, page: str) -> None:
    text = ask(f"/plans/AL/{page}?edition=AL-2026-Q2-1").content.decode()
    assert _leaks(text) == set()


@pytest.mark.parametrize("address", [*FILES, *EXPORTS])
def test_no_file_tells_a_protected_figure_or_who_wrote_it(released: Released, address: str) -> None:
    data = body(ask(address))
    text = everything(data) if data.startswith(b"PK") else data.decode()
    assert _leaks(text) == set()
    told = [code for name, code in WITHOUT_INSTITUTIONS.items() if f"/{name}/" in address]
    assert any(word in text for word in told or ("MM", "Ministry of Defence"))


def test_what_is_not_validated_is_nowhere(released: Released) -> None:
    """The interior's third quarter lies with the coalition; its 99 of 100 would lift the share."""
    assert page_of("/plans/AL/indicators/P1/").tiles()["To date, 2026 Q3"] == "89 %"
    rows = page_of("/plans/AL/indicators/C1/").table("Three views, quarter by quarter")[1:]
    assert [row[0] for row in rows] == ["2026 Q3", "2026 Q2", "Ministry of Defence"]
    assert "Interior" not in rows[0][2]


def _current(page: Page) -> list[str]:
    return [node.text for node in page.one("nav", "tabs").all("a", aria_current="page")]


TABS = [
    ("", "Overview"),
    ("objectives/", "Objectives"),
    ("objectives/1.1/", "Objectives"),
    ("indicators/", "Indicators"),
    ("indicators/C1/", "Indicators"),
    ("actions/", "Actions"),
    ("actions/A1/", "Actions"),
    ("institutions/MM/", "Institutions"),
    ("differences/", "Differences"),
    ("gaps/", "Missing figures"),
    ("compare/", "Compare quarters"),
    ("crosswalk/", "Frameworks"),
]


@pytest.mark.parametrize(("page", "tab"), TABS)
def test_the_tab_of_the_page_is_marked(released: Released, page: str, tab: str) -> None:
    assert _current(page_of(f"/plans/AL/{page}")) == [tab]


def test_more_pages_are_folded_away_until_one_of_them_is_read(released: Released) -> None:
    """So that the tabs have room on a phone; it opens without a script."""
    folded = page_of("/plans/AL/").one("nav", "tabs").one("details")
    assert "open" not in folded.attrs
    assert [*folded.links()] == ["Differences", "Missing figures", "Compare quarters", "Frameworks"]
    assert "open" in page_of("/plans/AL/gaps/").one("nav", "tabs").one("details").attrs


@pytest.mark.parametrize(
    "page",
    [
        *("", "objectives/1/", "indicators/", "indicators/C1/", "actions/", "actions/A1/"),
        *("crosswalk/", "gaps/", "differences/", "compare/", "institutions/MB/"),
    ],
)
def test_who_reads_an_older_edition_stays_in_it(released: Released, page: str) -> None:
    address = f"/plans/AL/{page}"
    shown = page_of(f"{address}?edition=AL-2026-Q2-1")
    assert shown.notes()[0].startswith("You are reading the older edition AL-2026-Q2-1 (2026 Q2).")
    links = shown.one("main").links()
    assert links.pop("Go to the newest edition") == address
    links.pop("Clear the filter", None)
    inside = [url for url in links.values() if url.startswith(("/plans/", "?"))]
    assert [url for url in inside if "edition=AL-2026-Q2-1" not in url] == []
    assert len(inside) > 5


@pytest.mark.parametrize("page", ["", "indicators/", "institutions/OS/"])
def test_the_newest_edition_may_be_named_too(released: Released, page: str) -> None:
    named = page_of(f"/plans/AL/{page}?edition=AL-2026-Q3-1")
    assert named.notes() == []
    assert named.one("p", "edition-line").text.endswith("Edition AL-2026-Q3-1")
    assert named.one("nav", "tabs").links()["Actions"].endswith("?edition=AL-2026-Q3-1")


def test_what_is_not_there_is_a_404_that_helps(released: Released) -> None:
    for address in ("/plans/ZZ/", "/plans/AL/indicators/X/", "/plans/AL/nothing/", "/editions/X/"):
        page = read(ask(address), status=404)
        assert (page.title, page.one("main").links()) == (
            "There is no such page",
            {"Go to the start page": "/"},
        )


def test_no_address_is_written_back_as_markup(released: Released) -> None:
    for address in ("/plans/AL/indicators/<b id=x>/", "/plans/AL/?edition=<b id=x>"):
        assert b"<b id=x>" not in ask(address).content
    page = ask("/plans/AL/indicators/?status=<b id=x>")
    assert page.status_code == 200
    assert b"<b id=x>" not in page.content
    assert b"&lt;b id=x&gt;" in page.content


def test_texts_of_the_ministries_are_text_and_never_markup(released: Released) -> None:
    mark = "<img src=x onerror=alert(1)>"
    from common.canonical import sha256

    told = released.newest.snapshot.replace("As planned.", mark).replace("=Offices", mark)
    Edition.objects.filter(pk=released.newest.pk).update(snapshot=told, sha256=sha256(told))
    for address in ("/plans/AL/", "/plans/AL/indicators/Z1/", "/plans/AL/indicators/?status="):
        content = ask(address).content.decode()
        assert mark not in content
        assert "&lt;img src=x onerror=alert(1)&gt;" in content


METHOD = {
    "en": ("On track", "The pace is at least 0.95 of what was due by now."),
    "sq": ("Në rrugë të mbarë", "Ritmi është të paktën 0,95 e asaj që pritej deri tani."),
}


@pytest.mark.parametrize("language", METHOD)
def test_the_method_explains_every_status_and_caution(released: Released, language: str) -> None:
    from indicators.choices import Mark, Status

    terms = page_of("/method/", language).terms()
    assert len(terms) == len(Status) + len(Mark)
    status, meaning = METHOD[language]
    assert terms[status] == meaning


def test_the_language_can_be_changed_on_a_public_page_without_a_token(released: Released) -> None:
    client = Client(enforce_csrf_checks=True)
    target = "/plans/AL/indicators/C1/"
    answer = client.post("/language/setlang/", {"language": "sq", "next": target})
    assert (answer.status_code, answer["Location"]) == (302, target)
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "sq"
    assert read(client.get(target)).title == "Treguesi C1"


def test_a_persons_own_language_holds_until_she_chooses_another(released: Released) -> None:
    User.objects.filter(pk=released.lead.pk).update(language="sq")
    client = Client()
    client.force_login(User.objects.get(pk=released.lead.pk))
    assert read(client.get("/plans/AL/")).title == "Plani AL"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert read(client.get("/plans/AL/")).title == "Plan AL"
