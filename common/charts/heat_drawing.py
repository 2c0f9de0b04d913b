"""The heat matrix as a drawing, where there is no table: icon, word and note in every cell."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from xml.etree import ElementTree as Tree

from common.charts.heat import HeatCell, HeatMatrix
from common.charts.keys import Key
from common.charts.looks import TOKENS
from common.charts.marks import Badge
from common.charts.standalone import HEAD, WIDTH, framed, restyled
from common.icons import icon_at, paths_of

LABEL, TALL, GAP = 170, 46, 4
NARROW = 84
"""A column narrower than this has no room for words: they stand in a key below."""


def heat_svg(matrix: HeatMatrix, *, title: str, corner: str = "", source: str = "") -> str:
    """The matrix as one SVG file, as the others of `standalone`."""
    root = Tree.Element("svg", {"role": "img", "aria-labelledby": f"{matrix.uid}-title"})
    Tree.SubElement(root, "title", {"id": f"{matrix.uid}-title"}).text = title
    Tree.SubElement(root, "desc").text = _told(matrix)
    wide = (WIDTH - LABEL) // max(len(matrix.columns), 1)
    _texts(root, [corner], 4, 12)
    for number, column in enumerate(matrix.columns):
        _texts(root, _lines(column, wide), LABEL + wide * number, 12)
    for number, row in enumerate(matrix.rows):
        top = HEAD + (TALL + GAP) * number
        _texts(root, wrap(row.label, 26)[:3], 4, top + 16, look="text-label")
        for place, cell in enumerate(row.cells):
            _cell(root, cell, (LABEL + wide * place, top, wide - GAP))
    keys = [_key(state, count) for state, count in matrix.legend] if wide < NARROW else []
    return framed(restyled(root), HEAD + (TALL + GAP) * len(matrix.rows), title, source, keys)


def _key(state: Badge, count: int) -> Key:
    box = {"class": f"fill-{state.tone}", "width": "32", "height": "14"}
    look = "dark" if state.tone in ("attention", "neutral") else "light"
    drawn = icon_at(state.icon, "16", "-1", f"bar-icon--{look}")
    return Key([("rect", box)], f"{state.label}: {count}", drawn)


def _told(matrix: HeatMatrix) -> str:
    """The whole matrix in words: row, column, state."""
    return "; ".join(
        f"{row.label}, {column}: {cell.state.label}"
        for row in matrix.rows
        for column, cell in zip(matrix.columns, row.cells, strict=True)
        if cell.state
    )


def _lines(text: str, wide: int) -> list[str]:
    return wrap(text, max(wide // 7, 4))[:2]


def _texts(
    root: Tree.Element, lines: Sequence[str], x: int, y: int, colour: str = "", look: str = ""
) -> None:
    for number, line in enumerate(lines):
        element = Tree.SubElement(root, "text", {"x": str(x), "y": str(y + 13 * number)})
        element.text = line
        element.set("class", f"{colour} {look}".strip())


def _cell(root: Tree.Element, cell: HeatCell, place: tuple[int, int, int]) -> None:
    x, y, wide = place
    box = {"x": str(x), "y": str(y), "width": str(wide), "height": str(TALL)}
    if cell.state is None:
        Tree.SubElement(root, "rect", {**box, "fill": "none", "stroke": TOKENS["--line"]})
        return
    tone = cell.state.tone
    fill, edge = TOKENS[f"--{tone}-paper"], TOKENS[f"--{tone}-line"]
    Tree.SubElement(root, "rect", {**box, "fill": fill, "stroke": edge})
    strip = {"x": str(x), "y": str(y), "width": str(wide), "height": "4"}
    Tree.SubElement(root, "rect", {**strip, "fill": TOKENS[f"--{tone}-fill"]})
    _icon(root, cell.state, (x + 6, y + 9))
    if wide < NARROW:
        return
    text = [*_lines(str(cell.state.label), wide - 24), cell.note]
    _texts(root, [line for line in text if line][:3], x + 26, y + 19, f"ink-{tone}")


def _icon(root: Tree.Element, state: Badge, place: tuple[int, int]) -> None:
    """The icon of the page at two thirds of its size, in the ink of its tone."""
    ink = TOKENS[f"--{state.tone}-ink"]
    paths = paths_of(state.icon).replace("currentColor", ink)
    drawn = Tree.fromstring(f"<g>{paths}</g>")  # noqa: S314 - drawn in icons.py
    attributes = {"fill": "none", "stroke": ink, "stroke-width": "2.5"}
    moved = f"translate({place[0]} {place[1]}) scale(0.66)"
    drawn.attrib |= attributes | {"transform": moved}
    root.append(drawn)
