"""Published figures in templates."""

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.charts import StackedBar
from common.templatetags.ui import status_badge
from indicators.choices import Status
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
def count_at(bar: StackedBar, place: int) -> int:
    """The count of the status at a place of the scale."""
    return bar.segments[place].count


@register.simple_tag(takes_context=True)
def computed_badge(context: Context, indicator: Indicator) -> SafeString | str:
    """Its computed status, which leads to how it was computed."""
    address = reverse("indicator", args=[context["plan"].code, indicator.code])
    return format_html(
        '<a class="badge-link" href="{}{}#computed" title="{}">{}</a>',
        address,
        context["suffix"],
        _("How was this computed?"),
        status_badge(indicator.status or Status.NOT_DUE),
    )


@register.filter
def cell_label(indicator: Indicator, key: str) -> str:
    """The name of a cell."""
    return str(indicator.cells.get(key, Text())) or key
