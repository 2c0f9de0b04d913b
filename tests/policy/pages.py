"""What a rendered page may not hold, and what its forms must; what an answer tells browsers."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

POLICY = {
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
OWN_SCRIPT = "/admin/jsi18n/"
WITHOUT_TOKEN = "/language/setlang/"
ADDRESSES = ("src", "href", "action", "formaction", "data", "poster", "hx-get", "hx-post")
FORBIDDEN = ("iframe", "frame", "object", "embed", "applet", "base", "style")

Attributes = dict[str, str]


class Page(HTMLParser):
    """A page as a list of what is wrong with it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.forms: list[Attributes] = []
        self.form: Attributes | None = None
        self.script: Attributes | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.faults += [f"<{tag} {fault}>" for fault in _faults(tag, told)]
        if tag == "script":
            self.script = told
        if tag == "form":
            self.form = {"method": "get", **told}
            self.forms.append(self.form)
        if tag == "input" and self.form is not None and told.get("name") == "csrfmiddlewaretoken":
            self.form["token"] = told.get("value", "")

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.form is not None:
            self.faults += _form_faults(self.form)
            self.form = None
        if tag == "script":
            self.script = None

    def handle_data(self, data: str) -> None:
        if self.script is not None and data.strip():
            self.faults.append("<script> with text")


def _faults(tag: str, told: Attributes) -> Iterator[str]:
    if tag in FORBIDDEN:
        yield "at all"
    if tag == "script" and not told.get("src", "").startswith(("/static/", OWN_SCRIPT)):
        yield f"src={told.get('src', '')}"
    if tag == "link" and not told.get("href", "").startswith("/static/"):
        yield f"href={told.get('href', '')}"
    if tag == "meta" and told.get("http-equiv"):
        yield f"http-equiv={told['http-equiv']}"
    if told.get("target") == "_blank" and "noopener" not in told.get("rel", ""):
        yield "target=_blank without noopener"
    for name, value in told.items():
        plain = "".join(value.split()).lower()
        if name == "style" or name.startswith("on") or "hx-on" in name or plain.startswith("js:"):
            yield name
        if name in ADDRESSES and plain.startswith(("javascript:", "vbscript:", "data:", "//")):
            yield f"{name}={value}"


def _form_faults(form: Attributes) -> Iterator[str]:
    action, posts = form.get("action", ""), form["method"].lower() == "post"
    if ":" in action.partition("?")[0] or action.startswith("//"):
        yield f"<form> leads to {action}"
    if posts and action != WITHOUT_TOKEN and len(form.get("token", "")) != 64:
        yield f"<form> without a token: {action}"
    if not posts and "token" in form:
        yield f"<form> tells its token in the address: {action}"


def page_faults(response: Any) -> list[str]:
    """What is wrong with a page; nothing for an answer that is no page."""
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return []
    return Page(response.content.decode()).faults


def header_faults(response: Any, policy: set[str] = POLICY) -> list[str]:
    """Which of the headers that every answer carries are missing or other ones."""
    told = response.headers.get("Content-Security-Policy", "")
    found = [] if {part.strip() for part in told.split(";")} == policy else [f"policy: {told}"]
    return found + [
        f"{name}: {response.headers.get(name)}"
        for name, value in FIXED.items()
        if response.headers.get(name) != value
    ]
