"""No address without a line in the table, and no line without an address."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver, get_resolver, include, path, reverse
from django.views.decorators.http import require_POST

from nap_monitor.urls import urlpatterns
from reports.workflow import TRANSITIONS
from tests.conftest import World
from tests.policy.table import ADMIN, NAMES, PRIVATE, PUBLIC, STATES
from tests.policy.walking import address, stage

# Addresses of Django's admin without a name: old addresses of objects, and what is not there.
UNNAMED = {"admin:<path:object_id>/", "admin:(?P<url>.*)$"}


def addresses(
    resolver: URLResolver, space: str = "", before: str = ""
) -> Iterator[tuple[str, str]]:
    """Name (the pattern, where there is none) and whole path of every address."""
    for found in resolver.url_patterns:
        path = before + str(found.pattern)
        if isinstance(found, URLResolver):
            inner = f"{found.namespace}:" if found.namespace else ""
            yield from addresses(found, space + inner, path)
        else:
            yield f"{space}{found.name or found.pattern}", path


def unlisted(resolver: URLResolver) -> set[str]:
    """Addresses that the table does not know."""
    return {name for name, _path in addresses(resolver)} - NAMES - UNNAMED


def _resolver(*more: Any) -> URLResolver:
    """The addresses of the site, and some more."""
    module = ModuleType("more_addresses")
    vars(module)["urlpatterns"] = [*urlpatterns, *more]
    return get_resolver(module)  # type: ignore[arg-type]


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page nobody thought of")


def test_every_address_stands_in_the_table() -> None:
    assert unlisted(get_resolver()) == set()


def test_every_line_of_the_table_is_an_address() -> None:
    assert set(NAMES) - {name for name, _path in addresses(get_resolver())} == set()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (path("reports/all.csv", _page, name="all_reports"), "all_reports"),
        (path("reports/secret/", _page), "reports/secret/"),
        (path("", include([path("debug/<int:pk>/", _page, name="debug")])), "debug"),
        (path("x/", include(([path("a/", _page, name="report")], "x"))), "x:report"),
    ],
)
def test_an_address_without_a_line_is_found(more: Any, told: str) -> None:
    assert unlisted(_resolver(more)) == {told}


def test_an_admin_page_without_a_line_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    known = admin.site.get_urls
    extra = path("reports/report/dump/", _page, name="reports_report_dump")
    monkeypatch.setattr(admin.site, "get_urls", lambda: [extra, *known()])
    resolver = _resolver(path("again/", admin.site.urls))
    assert unlisted(resolver) == {"admin:reports_report_dump"}


def test_private_public_and_admin_share_no_name() -> None:
    private = {row.name for row in PRIVATE}
    sets = [private, set(PUBLIC), set(ADMIN)]
    assert sum(len(names) for names in sets) == len(set().union(*sets)) == len(NAMES)


def test_no_two_lines_of_the_table_are_about_the_same() -> None:
    keys = [row.key for row in PRIVATE]
    assert sorted(set(keys)) == sorted(keys)


@pytest.mark.parametrize("state", STATES)
def test_a_line_answers_for_every_state(state: str) -> None:
    for row in PRIVATE:
        for method, person in row.answers:
            assert 200 <= row.expected(method, person, state) < 500


def test_every_private_line_leads_to_its_own_view(world: World) -> None:
    """The walk asks what the line names, not a page that happens to stand at that path."""
    scene = stage(world, "returned")
    for row in PRIVATE:
        found = get_resolver().resolve(address(scene, row).partition("?")[0])
        assert found.url_name == row.name, row.key
        assert found.namespaces == []


def test_every_decision_and_every_page_of_the_form_stands_in_the_table() -> None:
    decided = {row.parts[1] for row in PRIVATE if row.name == "report_decide"}
    assert decided == set(TRANSITIONS)
    filled = {row.parts[1] for row in PRIVATE if row.name == "report_fill"}
    assert filled == {"indicators-1", "actions-1", "narrative", "evidence"}


def test_public_addresses_have_what_the_table_says_in_them() -> None:
    for name, parts in PUBLIC.items():
        assert reverse(name, args=["x"] * len(parts)).startswith("/"), name


def test_the_private_part_of_the_site_is_what_needs_a_person() -> None:
    """What stands below these paths is private; nothing private stands elsewhere."""
    folders = ("reports/", "review/", "quarters/", "history/", "publish/", "password/", "matrix/")
    below = {name for name, path in addresses(get_resolver()) if path.startswith(folders)}
    open_to_all = {"login", "logout", "healthz", "set_language", "favicon"}
    assert below == {row.name for row in PRIVATE} - open_to_all


def test_a_view_that_takes_posts_only_shows_no_page() -> None:
    only_posts = [row.key for row in PRIVATE if row.methods == ["POST"]]
    assert only_posts == [
        "report_upload_discard report open_upload",
        "remark_reply report first_remark",
        "report_save report narrative",
        "evidence_add report",
        "review_save report narrative",
        "history_forget kept_mapping",
        "history_store draft_import",
        "history_store stored_import",
        "history_discard draft_import",
        "history_undo draft_import",
        "history_undo stored_import",
        "logout",
    ]
    assert require_POST(_page)(HttpRequest()).status_code == 405
