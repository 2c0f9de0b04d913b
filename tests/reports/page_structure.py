"""What a page says to a screen reader: names of its controls, and links that lead somewhere."""

from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

CONTROLS = ("input", "select", "textarea")
UNSEEN = ("hidden", "submit", "button")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Structure(HTMLParser):
    """Ids, controls, labels and links of one page, and the text of what has an id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.texts: dict[str, str] = {}
        self.controls: list[dict[str, str]] = []
        self.labels: dict[str, str] = {}
        self.links: list[str] = []
        self.named: list[dict[str, str]] = []
        self.language = ""
        self._open: list[tuple[str, str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        key = told.get("id", "")
        if key:
            self.ids.append(key)
            self.texts[key] = ""
        if tag in CONTROLS and told.get("type") not in UNSEEN:
            self.controls.append(told)
        if tag == "a" and told.get("href", "").startswith("#"):
            self.links.append(told["href"][1:])
        if "aria-labelledby" in told or "aria-describedby" in told:
            self.named.append(told)
        if tag == "html":
            self.language = told.get("lang", "")
        if tag not in VOID:
            self._open.append((tag, key, told.get("for", "") if tag == "label" else ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for _tag, key, label_for in self._open:
            if key:
                self.texts[key] += data
            if label_for:
                self.labels[label_for] = self.labels.get(label_for, "") + data

    def name_of(self, control: dict[str, str]) -> str:
        """What a control is called: its own name, or that of its label."""
        own = control.get("aria-label", "") or self.labels.get(control.get("id", ""), "")
        return " ".join(own.split())

    def described(self, control: dict[str, str]) -> str:
        """What is told of a control beside its name, with its errors."""
        keys = control.get("aria-describedby", "").split()
        return " ".join(" ".join(self.texts.get(key, "").split()) for key in keys).strip()

    def faults(self) -> Iterator[str]:
        """Everything that leaves somebody who does not see the page alone."""
        for key, times in Counter(self.ids).items():
            if times > 1:
                yield f"id {key} stands {times} times"
        for control in self.controls:
            if not self.name_of(control):
                yield f"control {control.get('name')} has no name"
        for link in self.links:
            if link not in self.texts:
                yield f"link #{link} leads nowhere"
        for told in self.named:
            for kind in ("aria-labelledby", "aria-describedby"):
                missing = [key for key in told.get(kind, "").split() if key not in self.texts]
                yield from (f"{kind} {key} is not on the page" for key in missing)


def structure(response: Any) -> Structure:
    return Structure(response.content.decode())


def faults(response: Any) -> list[str]:
    return list(structure(response).faults())
