"""What a release is: any change of what a page is made of makes another one."""

from pathlib import Path

import pytest
from django.test import override_settings

from common.release import release, release_of
from tests.inspection import ROOT

MADE = (
    "common/numbers.py",
    "publishing/views/plans.py",
    "templates/base.html",
    "templates/ui/badge.html",
    "locale/sq/LC_MESSAGES/django.mo",
    "requirements.txt",
    "static/staticfiles.json",
)
OUTSIDE = ("tests/test_x.py", "docs/a.md", "var/pages/x.page", "templates.txt", "common/a.txt")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    for name in (*MADE, *OUTSIDE):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one")
    return tmp_path


def fingerprint(base: Path) -> str:
    with override_settings(STATIC_ROOT=base / "static"):
        return release_of(base)


@pytest.mark.parametrize("name", MADE)
def test_a_changed_a_new_and_a_lost_file_make_another(base: Path, name: str) -> None:
    first = fingerprint(base)
    (base / name).write_text("two")
    second = fingerprint(base)
    (base / name).unlink()
    third = fingerprint(base)
    assert len({first, second, third}) == 3
    (base / name).write_text("one")
    assert fingerprint(base) == first


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_no_page_is_made_of_does_not(base: Path, name: str) -> None:
    first = fingerprint(base)
    (base / name).write_text("two")
    assert fingerprint(base) == first


@pytest.mark.parametrize(
    ("name", "value"), [("DEMO", "changed"), ("TIME_ZONE", "UTC"), ("STATIC_URL", "/other/")]
)
def test_a_setting_of_pages_makes_another(base: Path, name: str, value: str) -> None:
    first = fingerprint(base)
    with override_settings(**{name: value}):
        assert fingerprint(base) != first


def test_a_process_has_one_release_and_another_process_the_same() -> None:
    assert release() == release() == release_of(ROOT)
    assert len(release()) == 64
