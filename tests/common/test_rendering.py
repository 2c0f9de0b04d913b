"""Controls written by Python are those that Django's templates give, character by character."""

from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.forms.renderers import TemplatesSetting, get_default_renderer
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from common.rendering import WRITERS, Renderer

HOSTILE = """<b>"it's" & more</b>"""
ATTRS = {"class": "form-control", "rows": 2, "disabled": True, "hidden": False, "title": HOSTILE}
CHOICES: list[Any] = [
    ("", _("Choose")),
    (1, 1),
    (HOSTILE, HOSTILE),
    ("safe", mark_safe("<i>kept</i>")),
    ("Group & co", [("2", "Two"), ("3", _("Yes"))]),
]
VALUES = [None, "", "0", 0, 7, HOSTILE, "\nfirst line blank", mark_safe("&amp;"), "ë", True]
WIDGETS: list[forms.Widget] = [
    forms.TextInput(),
    forms.TextInput(attrs=ATTRS),
    forms.HiddenInput(attrs={"autocomplete": "off"}),
    forms.NumberInput(attrs={"min": 0, HOSTILE: HOSTILE}),
    forms.Textarea(),
    forms.Textarea(attrs=ATTRS),
    forms.Select(choices=CHOICES),
    forms.Select(attrs=ATTRS, choices=CHOICES),
    forms.Select(),
    forms.SelectMultiple(choices=CHOICES),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
def test_a_control_is_written_as_its_template_has_it(widget: forms.Widget, value: object) -> None:
    given: dict[str, Any] = {"attrs": {"id": "id-<1>", "aria-label": _("Value")}}
    written = widget.render('name"', value, renderer=Renderer(), **given)
    assert written == widget.render('name"', value, renderer=TemplatesSetting(), **given)


@pytest.mark.parametrize("value", ["2", "", HOSTILE, "safe"])
def test_the_chosen_option_is_chosen(value: str) -> None:
    widget = forms.Select(choices=CHOICES)
    assert widget.render("a", value, renderer=Renderer()).count(" selected>") == 1


def test_what_is_typed_is_never_markup() -> None:
    for widget in (forms.TextInput(), forms.HiddenInput(), forms.Textarea()):
        assert "<b>" not in widget.render("a", HOSTILE, renderer=Renderer())


@pytest.mark.parametrize(
    "widget",
    [
        forms.RadioSelect(choices=CHOICES[1:2]),
        forms.CheckboxInput(),
        forms.ClearableFileInput(),
        forms.PasswordInput(),
    ],
    ids=lambda widget: type(widget).__name__,
)
def test_any_other_control_goes_through_its_template(widget: forms.Widget) -> None:
    assert widget.template_name not in WRITERS
    written = widget.render("a", None, renderer=Renderer())
    assert written == widget.render("a", None, renderer=TemplatesSetting())


def test_every_form_is_written_by_it() -> None:
    assert settings.FORM_RENDERER == "common.rendering.Renderer"
    assert isinstance(get_default_renderer(), Renderer)


def test_a_form_with_errors_is_what_it_is_by_templates() -> None:
    class Question(forms.Form):
        answer = forms.IntegerField()
        why = forms.CharField(widget=forms.Textarea, help_text="In a sentence.")

    typed = {"answer": HOSTILE, "why": ""}
    written, by_templates = (
        str(Question(typed, renderer=renderer)) for renderer in (Renderer(), TemplatesSetting())
    )
    assert written == by_templates
    assert "errorlist" in written
