"""Reading charts and links out of a workbook by its parts, as a program without Excel does."""

import re
import zipfile
from io import BytesIO
from typing import NamedTuple
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Drawn(NamedTuple):
    """A series of a chart: the cells it names, and the figures written into it."""

    name: str
    labels: str
    values: str
    told: list[str]


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def sheet_names(data: bytes) -> list[str]:
    book = ElementTree.fromstring(parts(data)["xl/workbook.xml"])
    return [sheet.attrib["name"] for sheet in book.iter(f"{MAIN}sheet")]


def charts(data: bytes) -> list[list[Drawn]]:
    """The charts in their order, each as its series."""
    found = parts(data)
    names = [name for name in found if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    ordered = sorted(names, key=lambda name: int(re.sub(r"\D", "", name)))
    return [_series(ElementTree.fromstring(found[name])) for name in ordered]


def _series(chart: ElementTree.Element) -> list[Drawn]:
    return [
        Drawn(
            series.findtext(f"{CHART}tx//{CHART}f", ""),
            series.findtext(f"{CHART}cat//{CHART}f", ""),
            series.findtext(f"{CHART}val//{CHART}f", ""),
            [v.text or "" for v in series.findall(f"{CHART}val//{CHART}v")],
        )
        for series in chart.iter(f"{CHART}ser")
    ]


def links(data: bytes, part: str = "xl/worksheets/sheet1.xml") -> dict[str, str]:
    """The links of a sheet inside the workbook: by their cell where they lead."""
    sheet = ElementTree.fromstring(parts(data)[part])
    return {link.attrib["ref"]: link.attrib["location"] for link in sheet.iter(f"{MAIN}hyperlink")}


def formulas(data: bytes) -> list[str]:
    """Every formula in a cell, and every link that leaves the workbook."""
    found = parts(data)
    cells = [
        f"{name}: {match}"
        for name, text in found.items()
        if name.startswith("xl/worksheets/sheet")
        for match in re.findall(r"<f[ >].{0,40}", text)
    ]
    outside = [name for name, text in found.items() if 'TargetMode="External"' in text]
    return cells + outside
