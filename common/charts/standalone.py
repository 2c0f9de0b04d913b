"""The drawings of the pages as SVG files that stand alone, for print, PDF and word processors.

    line_svg(chart, title="Women trained", unit="women", source="Edition AL-2026-Q3-1")
    stacked_svg(bar, …) · bars_svg(chart, …) · multiples_svg(multiples, …) · spark_svg(spark)
    heat_svg(matrix, title=…, corner=…)                                           (heat_drawing.py)

Each gives the text of one SVG file: the very drawing of the page, with the looks of its classes as
attributes of their own, since a word processor reads no style sheet of ours; its title above, a key
in words and its source below. Widths are pixels; what reads on hover is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from xml.etree import ElementTree as Tree

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from common.charts.bars import BarChart
from common.charts.keys import Key, line_keys, stacked_keys
from common.charts.lines import LineChart
from common.charts.looks import FONT, LOOKS, TOKENS
from common.charts.multiples import Multiples
from common.charts.scale import coordinate
from common.charts.spark import Sparkline
from common.charts.stacked import StackedBar

SPACE = "http://www.w3.org/2000/svg"
WIDTH = 640
HEAD, LINE, PAD = 30, 20, 8
ON_SCREEN_ONLY = frozenset({"hover__area", "hover__text"})
STRETCHED = frozenset({"x", "width"})


def line_svg(chart: LineChart, *, title: str, unit: str = "", source: str = "") -> str:
    """A line against its target, as a file."""
    root = drawn("ui/drawings/line.html", chart=chart, title=title, unit=unit)
    return framed(root, chart.height, title, source, line_keys(chart))


def stacked_svg(bar: StackedBar, *, title: str, source: str = "") -> str:
    """Counts per status, as a file; its lengths in percent become pixels."""
    root = drawn("ui/drawings/stacked.html", bar=bar, title=title)
    return framed(root, 36, title, source, stacked_keys(bar))


def bars_svg(chart: BarChart, *, title: str, unit: str = "", source: str = "") -> str:
    """Bars by category, as a file."""
    root = drawn("ui/drawings/bars.html", chart=chart, title=title, unit=unit)
    return framed(root, chart.height, title, source)


def spark_svg(spark: Sparkline) -> str:
    """A sparkline, as a file as small as itself."""
    root = drawn("ui/drawings/spark.html", spark=spark)
    root.set("width", str(spark.width))
    root.set("height", str(spark.height))
    return written(root)


def multiples_svg(
    multiples: Multiples, *, title: str, unit: str = "", source: str = "", across: int = 2
) -> str:
    """All panels of small multiples on one sheet, `across` of them in a row."""
    sheet = Tree.Element("svg")
    _titled(sheet, multiples.uid, title)
    for number, panel in enumerate(multiples.panels):
        place = (4 + number % across * (panel.width + 40), number // across * (panel.height + LINE))
        told = drawn("ui/drawings/panel.html", panel=panel, multiples=multiples, unit=unit)
        group = Tree.SubElement(sheet, "g", {"transform": f"translate({place[0]} {place[1] + 14})"})
        group.extend(list(told))
        heading = {"x": str(place[0]), "y": str(place[1] + 10), "class": "text-value"}
        Tree.SubElement(sheet, "text", heading).text = panel.label
    rows = -(-len(multiples.panels) // across)
    height = rows * (multiples.panels[0].height + LINE) if multiples.panels else 0
    return framed(restyled(sheet), height, title, source)


def drawn(template: str, **context: object) -> Tree.Element:
    """A drawing of the page with its looks as attributes."""
    root = Tree.fromstring(render_to_string(template, context))  # noqa: S314 - drawn here, by us
    return restyled(root)


def restyled(root: Tree.Element) -> Tree.Element:
    """Turn classes into attributes, percentages into pixels, and leave out what needs a pointer."""
    for element in root.iter():
        for child in [c for c in element if c.get("class") in ON_SCREEN_ONLY]:
            element.remove(child)
        names = (element.attrib.pop("class", "")).split()
        is_new = element.tag == "text" and "font-size" not in element.attrib
        looks = {"fill": "--ink-muted", **FONT} if is_new else {}
        for name in names:
            looks |= LOOKS.get(name, {})
        for name, value in looks.items():
            element.set(name, TOKENS.get(value, value))
        if "bar-icon" in names:
            _inked(element)
        _unstretched(element)
        _unshifted(element)
    return root


def _inked(icon: Tree.Element) -> None:
    """An icon takes the colour of the text around it; here it is told its own."""
    for part in icon.iter():
        if part.get("fill") == "currentColor":
            part.set("fill", icon.attrib["stroke"])


def _unstretched(element: Tree.Element) -> None:
    """Percent of the sheet's width as pixels."""
    for name in STRETCHED & element.attrib.keys():
        text = element.attrib[name]
        if text.endswith("%"):
            element.set(name, coordinate(Decimal(text[:-1]) * WIDTH / 100))


def _unshifted(element: Tree.Element) -> None:
    """A text stands where it is shifted to: word processors read no shift."""
    shift = element.attrib.pop("dy", None)
    if shift is not None:
        element.set("y", coordinate(Decimal(element.attrib["y"]) + Decimal(shift)))


def _titled(root: Tree.Element, uid: str, title: str) -> None:
    root.set("role", "img")
    root.set("aria-labelledby", f"{uid}-title")
    Tree.SubElement(root, "title", {"id": f"{uid}-title"}).text = title


def framed(
    root: Tree.Element, height: int, title: str, source: str = "", keys: Sequence[Key] = ()
) -> str:
    """The drawing on white paper between its title and its key."""
    below = HEAD + height + PAD
    whole = below + LINE * (len(keys) + bool(source)) + PAD
    sheet = Tree.Element("svg", _sheet(root.attrib, whole))
    named = [child for child in root if child.tag in ("title", "desc")]
    sheet.extend(named)
    paper = {"width": str(WIDTH), "height": str(whole), "fill": TOKENS["--paper"]}
    Tree.SubElement(sheet, "rect", paper)
    _text(sheet, title, 18, {"font-size": "15", "font-weight": "600", "fill": TOKENS["--ink"]})
    body = Tree.SubElement(sheet, "g", {"transform": f"translate(0 {HEAD})"})
    body.extend([child for child in root if child not in named])
    for number, key in enumerate(keys):
        _key(sheet, key, below + LINE * number)
    if source:
        _text(sheet, f"{_('Source')}: {source}", below + LINE * len(keys) + 14)
    return written(sheet)


def _sheet(attributes: Mapping[str, str], height: int) -> dict[str, str]:
    kept = {n: attributes[n] for n in ("role", "aria-labelledby") if n in attributes}
    size = {"width": str(WIDTH), "height": str(height), "viewBox": f"0 0 {WIDTH} {height}"}
    return size | kept


def _text(
    parent: Tree.Element, text: str, y: int, looks: Mapping[str, str] = {}, x: int = 4
) -> None:
    attributes = {"x": str(x), "y": str(y), "fill": TOKENS["--ink-muted"], **FONT, **looks}
    Tree.SubElement(parent, "text", attributes).text = text


def _key(sheet: Tree.Element, key: Key, top: int) -> None:
    """A sample of the line or the fill, and what it means."""
    sample = Tree.SubElement(sheet, "g", {"transform": f"translate(4 {top + 4})"})
    for tag, attributes in key.sample:
        Tree.SubElement(sample, tag, dict(attributes))
    if key.icon:
        sample.append(Tree.fromstring(key.icon))  # noqa: S314 - drawn in icons.py
    restyled(sample)
    _text(sheet, key.text, top + 15, {"fill": TOKENS["--ink"]}, x=46)


def written(root: Tree.Element) -> str:
    """The text of the file."""
    root.set("xmlns", SPACE)
    return Tree.tostring(root, encoding="unicode")
