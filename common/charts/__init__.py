"""From values to coordinates: pure functions, no drawing, no database.

One family of charts, each a function that gives a small object and a part in `templates/ui` that
draws it; how to call each stands on top of its module and of its template.

    line_chart, dated_chart   lines.py, dated.py    ui/line_chart.html
    stacked_bar               stacked.py            ui/stacked_bar.html
    bar_chart                 bars.py               ui/bar_chart.html
    multiples                 multiples.py          ui/multiples.html
    heat_matrix               heat.py               ui/heat_matrix.html
    sparkline                 spark.py              ui/sparkline.html

Coordinates are strings with a decimal point, so that no template localises them. Values stay
Decimal: what a page writes as text is localised there. `standalone.py` gives the same drawings as
SVG files that need no style sheet.
"""

from common.charts.bars import Bar, BarChart, Category, bar_chart
from common.charts.dated import DatedPoint, Way, dated_chart
from common.charts.heat import HeatCell, HeatMatrix, HeatRow, heat_matrix
from common.charts.lines import LineChart, TargetPath, line_chart, runs
from common.charts.marks import Badge, ChartPoint, Mark, Point, thinned
from common.charts.multiples import Column, Multiples, Panel, multiples
from common.charts.scale import Scale, clamp, coordinate, nice_step, ticks, ticks_from_zero
from common.charts.spark import Sparkline, sparkline
from common.charts.stacked import Segment, StackedBar, stacked_bar, textures

__all__ = [
    "Badge",
    "Bar",
    "BarChart",
    "Category",
    "ChartPoint",
    "Column",
    "DatedPoint",
    "HeatCell",
    "HeatMatrix",
    "HeatRow",
    "LineChart",
    "Mark",
    "Multiples",
    "Panel",
    "Point",
    "Scale",
    "Segment",
    "Sparkline",
    "StackedBar",
    "TargetPath",
    "Way",
    "bar_chart",
    "clamp",
    "coordinate",
    "dated_chart",
    "heat_matrix",
    "line_chart",
    "multiples",
    "nice_step",
    "runs",
    "sparkline",
    "stacked_bar",
    "textures",
    "thinned",
    "ticks",
    "ticks_from_zero",
]
