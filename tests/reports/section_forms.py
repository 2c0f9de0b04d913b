"""The sections of a report as forms without a browser: what is sent, what it comes to."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation

from common.numbers import plain
from indicators.choices import Kind
from indicators.models import Indicator
from reports.forms.lines import LineForm
from reports.forms.pages import section_form
from reports.forms.sections import SectionForm
from reports.models import Line, Observation
from tests import factory
from tests.conftest import World
from tests.reports.typed_forms import line_of


def in_words(language: str, english: str, **values: object) -> str:
    """A sentence in a language; it fails where that language has none of its own."""
    with translation.override(language):
        found = translation.gettext(english)
    assert language == "en" or found != english, english
    return found % values if values else found


def form_of(world: World, part: str) -> Any:
    """A section as it stands now, with everything at hand that further forms of it need."""
    found = section_form(world.now(), part, None)
    assert found is not None
    return found


def line_form(world: World, indicator: Indicator | None = None) -> LineForm:
    found: LineForm = form_of(world, f"line-{line_of(world, indicator).pk}")
    return found


def sent(form: SectionForm, typed: Mapping[str, str]) -> dict[str, str]:
    """What a browser sends: the section as it was shown, and what was typed over it."""
    marks = {"version": str(form.section.version), "seen": str(form["seen"].value())}
    fields = {**form.stored, **marks, **typed}
    return {f"{form.part}-{name}": text for name, text in fields.items()}


def typed_into(form: Any, typed: Mapping[str, str], language: str = "en") -> Any:
    """The same section filled in, and looked through in the language of the screen."""
    with translation.override(language):
        bound = type(form)(form.section, sent(form, typed))
        bound.is_valid()
    bound.spoken = language
    return bound


def told(form: SectionForm) -> dict[str, list[str]]:
    """Every error by its field, in the language in which the form was filled in."""
    with translation.override(getattr(form, "spoken", "en")):
        return {name: [str(text) for text in texts] for name, texts in form.errors.items()}


def said(answer: Observation) -> str:
    """An answer in one word: a number, a fraction, a text, or the state with its reason."""
    if not answer.is_value:
        return f"{answer.state}: {answer.reason}"
    if answer.denominator is not None and answer.numerator is not None:
        return f"{plain(answer.numerator)}/{plain(answer.denominator)}"
    number = "" if answer.value is None else plain(answer.value)
    return " ".join(part for part in (number, answer.text) if part)


def answers(form: Any) -> dict[str, str]:
    return {answer.cell: said(answer) for answer in form.answers}


def owed(world: World, kind: str, code: str = "K1", **fields: Any) -> Indicator:
    """One more indicator of this kind in the report of the world."""
    made = factory.make_indicator(
        world.plan, code, world.defence, objective=world.objective, kind=Kind(kind), **fields
    )
    Line.objects.create(report=world.report, indicator=made)
    return made
