"""What must hold on every page a person sees: it is looked at, whatever the test is about."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page, Response

PHONE = {"width": 360, "height": 780}
DESK = {"width": 1440, "height": 900}
HTML = "text/html; charset=utf-8"
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL | re.IGNORECASE)
REFUSED_ANSWER = ("Failed to load resource", "Response Status Error Code 4")
"""How browser and htmx tell the console of every answer from 400 on; which are right, tests say."""


AXE = "axe.run({resultTypes: ['violations']}).then((found) => found.violations)"


def _violations(page: Page) -> list[dict]:
    """What axe finds on a page. Its script is put in once, and serves the other size as well."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(AXE)


def _too_wide(page: Page) -> str:
    """How far a page can be scrolled sideways, and by what; nothing if it cannot."""
    return page.evaluate(
        """() => {
            const root = document.documentElement;
            const over = root.scrollWidth - root.clientWidth;
            if (over <= 0) return "";
            const isBoxed = (e) => e !== document.body
                && (getComputedStyle(e).overflowX !== "visible" || isBoxed(e.parentElement));
            const guilty = [...document.body.querySelectorAll("*")]
                .filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1)
                .filter((e) => !isBoxed(e.parentElement))
                .slice(0, 3).map((e) => `${e.tagName}.${e.className}`);
            return `${over} px too wide: ${guilty.join(", ")}`;
        }"""
    )


@contextmanager
def _copy(page: Page) -> Iterator[Page]:
    """The page as it stands, where scripts may run: those who look at it are scripts."""
    assert page.context.browser
    context = page.context.browser.new_context()
    address, html = page.url.partition("#")[0], SCRIPT.sub("", page.content())
    copy = context.new_page()
    copy.route(
        lambda url: url == address, lambda route: route.fulfill(body=html, content_type=HTML)
    )
    copy.goto(address)
    yield copy
    context.close()


def _told(violation: dict) -> str:
    nodes = violation["nodes"]
    where = "; ".join(f"{n['target']} {n['failureSummary']}" for n in nodes[:3])
    return f"{violation['id']} ({len(nodes)}): {where}"


@dataclass
class Watch:
    """Collects what goes wrong on the pages of one browser window."""

    has_scripts: bool = True
    faults: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("response", self._on_answer)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: script: {error}"))

    def _on_answer(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.url}: {response.status}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(REFUSED_ANSWER):
            self.faults.append(f"{message.location['url']}: console: {message.text}")

    def look(self, page: Page) -> None:
        """Judge the page as it stands now, on a phone and on a desk."""
        place = urlsplit(page.url).path
        with nullcontext(page) if self.has_scripts else _copy(page) as seen:
            for size in (PHONE, DESK):
                seen.set_viewport_size(size)
                where = f"{place} at {size['width']} px"
                self.faults += [f"{where}: {_told(found)}" for found in _violations(seen)]
                if wide := _too_wide(seen):
                    self.faults.append(f"{where}: {wide}")

    def judge(self) -> None:
        assert self.faults == [], "\n".join(["", *dict.fromkeys(self.faults)])
