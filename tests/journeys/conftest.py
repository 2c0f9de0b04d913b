"""One served demonstration and one browser for all journeys; a window for each person."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.people import Person
from tests.journeys.site import Site, serving

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    *["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
    *["--disable-background-networking", "--disable-component-update"],
]

Enter = Callable[..., Person]


@pytest.fixture(autouse=True)
def quick_and_separate() -> None:
    """In place of that of the other tests: the server has its own settings and folder."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("site")) as served:
        yield served


NEWCOMER = """
from django.contrib.auth.hashers import make_password
from accounts.models import Institution
from indicators.models import Membership, Plan
from publishing.demo.people import PASSWORD, make_user
user = make_user("prosecutor@demo.example", "Prosecutor's Office", make_password(PASSWORD))
plan = Plan.objects.get(code="AL")
office = Institution.objects.get(country=plan.country, code="PP")
Membership.objects.create(user=user, plan=plan, role="contributor", institution=office)
answer = "prosecutor"
"""


@pytest.fixture(scope="session")
def prosecutor(site: Site) -> str:
    """Somebody whose institution has a returned report with a share in it; the journey of the
    Ministry of Defence is left alone."""
    return site.ask(NEWCOMER)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def enter(browser: Browser, site: Site) -> Iterator[Enter]:
    """Opens a window: `enter()` for nobody, `enter("lead")` for a person of the demonstration.

    At the end of the test every page that was seen in any of them must have been in order.
    """
    people: list[Person] = []

    def window(name: str = "", **options: object) -> Person:
        person = Person.enter(browser, site.address, name, **options)
        people.append(person)
        return person

    yield window
    for person in people:
        person.leave()
    for person in people:
        person.watch.judge()
