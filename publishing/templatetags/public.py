"""Published figures in templates."""

from django import template

from publishing import wording
from publishing.disclosure import Figure
from publishing.reading import Indicator
from publishing.reading.basic import Text

register = template.Library()


@register.filter
def figure(value: Figure | None, indicator: Indicator) -> str:
    """A published figure as the reader writes it."""
    return wording.shown(value, indicator)


@register.filter
def with_unit(value: Figure | None, indicator: Indicator) -> str:
    """A published figure with its unit."""
    return wording.with_unit(value, indicator)


@register.filter
def why(indicator: Indicator) -> str:
    """Why it has its status."""
    return wording.why(indicator)


@register.filter
def cell_label(indicator: Indicator, key: str) -> str:
    """The name of a cell."""
    return str(indicator.cells.get(key, Text())) or key
