"""The icons: drawn by us, harmless, and every one of them used."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.utils.safestring import SafeString

from common.icons import PATHS, icon_svg

ROOT = Path(settings.BASE_DIR)
ATTRIBUTES = {"d", "cx", "cy", "r", "rx", "ry", "x", "y", "width", "height", "fill"}
SHAPES = {"path", "circle", "rect", "ellipse"}
SOURCES = [
    path.read_text()
    for folder in ("accounts", "common", "indicators", "nap_monitor", "publishing", "reports")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path.name != "icons.py"
] + [path.read_text() for path in sorted((ROOT / "templates").rglob("*.html"))]


DRAWINGS = {name: ElementTree.fromstring(icon_svg(name)) for name in PATHS}


def test_a_drawing_is_well_formed_and_only_draws() -> None:
    for name, drawing in DRAWINGS.items():
        assert {shape.tag for shape in drawing} <= SHAPES, name
        assert len(drawing) >= 1, name
        assert {key for shape in drawing for key in shape.attrib} <= ATTRIBUTES, name


def test_a_drawing_stays_in_its_square() -> None:
    for name, drawing in DRAWINGS.items():
        assert drawing.attrib["viewBox"] == "0 0 24 24"
        lines = " ".join(shape.attrib.get("d", "") for shape in drawing)
        numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", lines)]
        assert all(-24 <= number <= 24 for number in numbers), name


def test_a_drawing_says_nothing_to_a_screen_reader_and_takes_no_focus() -> None:
    for name, drawing in DRAWINGS.items():
        told = [drawing.attrib[key] for key in ("aria-hidden", "focusable", "stroke")]
        assert told == ["true", "false", "currentColor"], name


def test_no_two_icons_look_alike() -> None:
    assert len(set(PATHS.values())) == len(PATHS)
    assert list(PATHS) == sorted(PATHS)


def test_every_icon_but_the_dot_for_unknown_names_is_named_somewhere() -> None:
    named = {word for text in SOURCES for word in re.findall(r"""["']([a-z-]+)["']""", text)}
    assert [name for name in PATHS if name not in named] == ["dot"]


def test_every_icon_a_template_names_is_drawn() -> None:
    named = {word for text in SOURCES for word in re.findall(r'{% icon "([^"]+)"', text)}
    assert len(named) > 20
    assert named - set(PATHS) == set()


@pytest.mark.parametrize(
    ("extra", "classes"), [("", "icon"), ("icon--large", "icon icon--large"), ("a b", "icon a b")]
)
def test_a_class_may_be_added(extra: str, classes: str) -> None:
    assert f'<svg class="{classes}"' in icon_svg("check", extra)


@pytest.mark.parametrize("name", ["", "no-such", "<script>", "CHECK", "check "])
def test_a_name_that_is_none_draws_a_dot_and_repeats_nothing_of_it(name: str) -> None:
    assert icon_svg(name) == icon_svg("dot")


def test_what_is_added_is_escaped() -> None:
    html = icon_svg("check", '"><script>alert(1)</script>')
    assert "<script>" not in html
    assert isinstance(html, SafeString)
