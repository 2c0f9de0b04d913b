"""A person at a browser: what she opens, reads, types and presses, by the words on the page."""

import re
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, Response, expect

from tests.journeys.site import PASSWORD
from tests.journeys.watching import DESK, Watch


def email(name: str) -> str:
    return f"{name}@demo.example"


class Person:
    """One window of the browser with its own cookies. Every page she comes to is looked at."""

    def __init__(self, page: Page, watch: Watch) -> None:
        self.page, self.watch = page, watch

    @classmethod
    def enter(cls, browser: Browser, address: str, name: str = "", **options: Any) -> Self:
        """A new window; logged in where a name is given."""
        context = browser.new_context(
            base_url=address,
            locale="en-GB",
            timezone_id="Europe/Tirane",
            viewport=DESK,
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        watch = Watch(has_scripts=options.get("java_script_enabled", True))
        watch.follow(page)
        person = cls(page, watch)
        page.goto("/login/")
        if name:
            person.fill_in_log_in(name)
            expect(page.get_by_role("main").get_by_label("Password")).to_have_count(0)
        return person

    def leave(self) -> None:
        """Close the window."""
        self.page.context.close()

    def fill_in_log_in(self, name: str) -> None:
        """Type address and password on the log-in page at hand, and send them."""
        self.page.get_by_label("E-mail").fill(email(name))
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("main").get_by_role("button", name="Log in").click()

    def reads(self, language: str) -> None:
        """From now on the pages come in this language, by its cookie."""
        place = {"domain": "127.0.0.1", "path": "/"}
        self.page.context.add_cookies([{"name": "django_language", "value": language, **place}])

    @property
    def language(self) -> str:
        return str(self.page.locator("html").get_attribute("lang"))

    def open(self, path: str, status: int = 200) -> Response:
        response = self.page.goto(path)
        assert response is not None
        assert response.status == status, f"{path}: {response.status}"
        self.look()
        return response

    @property
    def path(self) -> str:
        """The address of the page at hand, within the site."""
        return urlsplit(self.page.url).path

    def look(self) -> None:
        self.watch.look(self.page)

    def press(self, name: str, inside: Locator | None = None, status: int = 200) -> Response:
        """Press a button that sends a form; gives the page it led to."""
        button = (inside or self.page.get_by_role("main")).get_by_role("button", name=name)
        with self.page.expect_navigation() as led:
            button.first.click()
        answer = led.value
        assert answer.status == status, f"{name}: {answer.status}"
        self.look()
        return answer

    def follow(self, name: str | re.Pattern[str], inside: Locator | None = None) -> None:
        """Follow a link to another page."""
        link = (inside or self.page.get_by_role("main")).get_by_role("link", name=name)
        with self.page.expect_navigation():
            link.first.click()
        self.look()

    def download(self, name: str, folder: Path) -> Path:
        """Follow a link that gives a file."""
        with self.page.expect_download() as loading:
            self.page.get_by_role("main").get_by_role("link", name=name).first.click()
        path = folder / loading.value.suggested_filename
        loading.value.save_as(path)
        return path

    def sees(self, *texts: str | re.Pattern[str]) -> None:
        """The page's main part says all of this."""
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)

    def does_not_see(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.get_by_role("main")).not_to_contain_text(text)

    def row(self, *texts: str) -> Locator:
        """The row of a table in which all of these stand."""
        found = self.page.get_by_role("main").get_by_role("row")
        for text in texts:
            found = found.filter(has_text=text)
        return found
