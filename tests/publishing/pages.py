"""A page as its reader takes it in: headings, tables, tiles and links, without the markup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

from django.http import HttpResponse
from django.test import Client

VOID = {"meta", "link", "input", "br", "hr", "img"}
INLINE = {"a", "b", "span", "strong", "em"}


@dataclass
class Node:
    """An element of a page."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    inside: list[Node | str] = field(default_factory=list)
    above: Node | None = None

    def __iter__(self) -> Iterator[Node]:
        """Itself and everything below, in the order of the page."""
        yield self
        for child in self.inside:
            if isinstance(child, Node):
                yield from child

    def all(self, tag: str, css: str = "", **attrs: str) -> list[Node]:
        """Elements of a tag, of a class where one is named, with these attributes."""
        wanted = {key.replace("_", "-"): value for key, value in attrs.items()}
        return [
            node
            for node in self
            if node.tag == tag
            and (not css or css in node.attrs.get("class", "").split())
            and wanted.items() <= node.attrs.items()
        ]

    def one(self, tag: str, css: str = "", **attrs: str) -> Node:
        [found] = self.all(tag, css, **attrs)
        return found

    @property
    def text(self) -> str:
        """What is read, in one line; drawings are not read."""
        return " ".join(self._words().replace("\u00a0", "~").split())

    def _words(self) -> str:
        if self.tag in ("svg", "head", "script"):
            return ""
        told = "".join(c if isinstance(c, str) else c._words() for c in self.inside)
        return told if self.tag in INLINE else f" {told} "

    def links(self) -> dict[str, str]:
        """Where each link leads, by its words."""
        return {node.text: node.attrs.get("href", "") for node in self.all("a")}

    def rows(self) -> list[list[str]]:
        """The cells of a table, its headings first."""
        return [
            [cell.text for cell in row if cell.tag in ("td", "th") and cell.above is row]
            for row in self.all("tr")
        ]

    def terms(self) -> dict[str, str]:
        """The terms that are explained, with what is said of them."""
        told = [node for node in self if node.tag in ("dt", "dd")]
        return {term.text: what.text for term, what in pairwise(told) if term.tag == "dt"}


class Page(Node):
    """A whole page."""

    @property
    def title(self) -> str:
        return self.one("h1").text

    @property
    def headings(self) -> list[str]:
        return [node.text for node in self if node.tag in ("h1", "h2")]

    def table(self, label: str) -> list[list[str]]:
        """The rows of the one table of this name."""
        [region] = [n for n in self.all("div", "table-region") if n.attrs["aria-label"] == label]
        return region.rows()

    def under(self, heading: str) -> Node:
        """What stands between a heading and the next one."""
        [start] = [n for n in self if n.tag in ("h2", "h3") and n.text == heading]
        place = start.above or self
        after = place.inside[[n is start for n in place.inside].index(True) + 1 :]
        found = Node("section")
        for child in after:
            if isinstance(child, Node) and child.tag == start.tag:
                break
            found.inside.append(child)
        return found

    def tiles(self) -> dict[str, str]:
        """The big figures at the top, by what they say they are."""
        return {
            tile.one("span", "figure-tile__label").text: tile.one("span", "figure-big").text
            for tile in self
            if "figure-tile" in tile.attrs.get("class", "").split()
        }

    def notes(self) -> list[str]:
        """What the page says of itself before its content, banners and messages."""
        return [node.text for node in self if node.attrs.get("role") == "note"]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page("page")
        self.at: Node = self.page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, above=self.at)
        self.at.inside.append(node)
        if tag not in VOID:
            self.at = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, above=self.at)
        self.at.inside.append(node)

    def handle_endtag(self, tag: str) -> None:
        node: Node | None = self.at
        while node is not None and node.tag != tag:
            node = node.above
        if node is not None and node.above is not None:
            self.at = node.above

    def handle_data(self, data: str) -> None:
        self.at.inside.append(data)


def read(response: Any, status: int = 200) -> Page:
    """The page of an answer that must have this status."""
    assert response.status_code == status
    return parsed(response.content.decode())


def parsed(text: str) -> Page:
    """A page from its source."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.page


def ask(address: str, language: str = "en") -> HttpResponse:
    """The answer to somebody who is not logged in."""
    client: Any = Client(headers={"Accept-Language": language})
    answer: HttpResponse = client.get(address)
    return answer


def page_of(address: str, language: str = "en") -> Page:
    """The page as somebody reads it who is not logged in."""
    return read(ask(address, language))


@cache
def seen(address: str, language: str = "en") -> Page:
    """The page, asked for once in a module: for tests that change nothing before they look."""
    return page_of(address, language)
