"""The key of a drawing that stands alone: a sample of each line or fill, and its meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.charts.lines import LineChart, TargetPath
from common.charts.stacked import Segment, StackedBar
from common.icons import icon_at
from common.numbers import show_decimal

Drawn = tuple[str, dict[str, str]]
"""An element: its tag and its attributes."""


@dataclass(frozen=True)
class Key:
    """A sample in a field of 32 × 14, what it means, and the drawing of an icon on it."""

    sample: Sequence[Drawn]
    text: str
    icon: str = ""


def _line(look: str) -> Drawn:
    return "line", {"class": look, "x1": "0", "x2": "32", "y1": "7", "y2": "7"}


def path_look(path: TargetPath) -> str:
    """The class that draws a path to a target."""
    return "line-path" if path.is_in_force else f"line-earlier-{path.number}"


def line_keys(chart: LineChart) -> list[Key]:
    """What the lines of a chart mean, with the figures of baseline and target."""
    point = ("circle", {"class": "point-actual", "cx": "16", "cy": "7", "r": "5"})
    keys = [Key([_line("line-actual"), point], _("Reported"))]
    if chart.baseline and chart.baseline.value is not None:
        box = {"class": "point-baseline", "x": "12", "y": "3", "width": "8", "height": "8"}
        text = f"{_('Baseline')} {show_decimal(chart.baseline.value)}"
        keys.append(Key([("rect", box)], text))
    keys += [Key([_line(path_look(path))], path.label) for path in chart.paths]
    if chart.expected:
        keys.append(Key([_line("line-expected")], _("Expected by then")))
    if chart.target and chart.target.value is not None:
        look = [] if chart.paths else [_line("line-target")]
        keys.append(Key(look, f"{_('Target')} {show_decimal(chart.target.value)}"))
    return keys


def stacked_keys(bar: StackedBar) -> list[Key]:
    """What the parts of a bar mean, with their counts."""
    return [
        Key(_swatch(part, bar.uid), f"{part.status.label}: {part.count}", _icon(part))
        for part in bar.shown
    ]


def _icon(part: Segment) -> str:
    look = f"bar-icon--{part.ink}"
    return icon_at(part.status.icon, "16", "-1", look, part.plate)


def _swatch(part: Segment, uid: str) -> list[Drawn]:
    box = {"width": "32", "height": "14"}
    found: list[Drawn] = [
        ("rect", {"class": f"fill-{part.status.tone} texture-{part.texture}", **box})
    ]
    if part.texture in ("lines", "dots"):
        found.append(("rect", {"fill": f"url(#{uid}-{part.texture})", **box}))
    return found
