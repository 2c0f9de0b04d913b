"""The controls of a form, written by Python: a page may have hundreds of them.

Django renders each through a template that includes two or three others, which is most of what a
large form costs. What is written here is the same text, character by character; a test compares
them. A widget that is not named here goes through its template.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import conditional_escape

Widget: TypeAlias = Mapping[str, Any]


def _text(value: object) -> str:
    """A value as it may stand in HTML."""
    return conditional_escape(value if isinstance(value, str) else str(value))


def _attrs(widget: Widget) -> str:
    """Attributes: those that are False are left out, those that are True have no value."""
    parts = [
        f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    ]
    return "".join(parts)


def _input(widget: Widget) -> str:
    value = widget["value"]
    shown = "" if value is None else f' value="{_text(value)}"'
    kind, name = _text(widget["type"]), _text(widget["name"])
    return f'<input type="{kind}" name="{name}"{shown}{_attrs(widget)}>'


def _textarea(widget: Widget) -> str:
    """The first line break belongs to the tag, so that one typed first is kept."""
    value = widget["value"]
    shown = conditional_escape(localize(value)) if value else ""
    return f'<textarea name="{_text(widget["name"])}"{_attrs(widget)}>\n{shown}</textarea>'


def _option(option: Widget) -> str:
    label = conditional_escape(localize(option["label"]))
    return f'\n  <option value="{_text(option["value"])}"{_attrs(option)}>{label}</option>\n'


def _options(group: tuple[object, list[Widget], int]) -> str:
    name, options, _index = group
    inside = "".join(_option(option) for option in options)
    if not name:
        return inside
    label = conditional_escape(localize(str(name)))
    return f'\n  <optgroup label="{label}">{inside}\n  </optgroup>'


def _select(widget: Widget) -> str:
    groups = "".join(_options(group) for group in widget["optgroups"])
    return f'<select name="{_text(widget["name"])}"{_attrs(widget)}>{groups}\n</select>'


WRITERS: Mapping[str, Callable[[Widget], str]] = {
    "django/forms/widgets/text.html": _input,
    "django/forms/widgets/hidden.html": _input,
    "django/forms/widgets/number.html": _input,
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}


class Renderer(TemplatesSetting):
    """Writes the usual controls, and leaves all others to their templates."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        write = WRITERS.get(template_name)
        if write is None:
            return super().render(template_name, context, request)
        return write(context["widget"])
