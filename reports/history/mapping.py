"""Which column of a table says what, and which of its words stands for which code of the plan."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from common.canonical import canonical
from indicators.languages import texts_of
from indicators.models import Dimension, Plan

Words = dict[str, dict[str, str]]

NUMBER_LANGUAGES = ("en", "sq", "fr")


class ColumnRole(models.TextChoices):
    """What a column says. Several columns may say what a figure is about or name its parts."""

    NOTHING = "nothing", gettext_lazy("Not read")
    PERIOD = "period", gettext_lazy("Period")
    INDICATOR = "indicator", gettext_lazy("Indicator")
    CELL = "cell", gettext_lazy("Part (disaggregation)")
    INSTITUTION = "institution", gettext_lazy("Institution")
    VALUE = "value", gettext_lazy("Value")
    NUMERATOR = "numerator", gettext_lazy("Numerator")
    DENOMINATOR = "denominator", gettext_lazy("Denominator")
    UNIT = "unit", gettext_lazy("Unit: number or percentage")
    SOURCE = "source", gettext_lazy("Source")
    NOTE = "note", gettext_lazy("Note")


SEVERAL = frozenset(
    {ColumnRole.NOTHING, ColumnRole.INDICATOR, ColumnRole.CELL, ColumnRole.SOURCE, ColumnRole.NOTE}
)
"""Roles that any number of columns may have; a year and its quarter name a period together."""

AT_MOST = {ColumnRole.PERIOD: 2}
"""Roles that a few columns may share; every other one is that of one column."""

JOINT = " / "
"""What stands between the words of several columns that name one thing together."""

_NAMES: dict[ColumnRole, tuple[str, ...]] = {
    ColumnRole.PERIOD: (
        "period year quarter date day",
        "viti periudha tremujori data période periode année trimestre",
    ),
    ColumnRole.INDICATOR: ("indicator code treguesi kodi indicateur",),
    ColumnRole.CELL: (
        "cell group category disaggregation",
        "grupi kategoria qeliza ndarja groupe catégorie",
    ),
    ColumnRole.INSTITUTION: ("institution ministry institucioni ministria ministère",),
    ColumnRole.VALUE: ("value figure vlera shifra valeur",),
    ColumnRole.NUMERATOR: ("numerator numëruesi numeruesi numérateur numerateur",),
    ColumnRole.DENOMINATOR: ("denominator emëruesi emeruesi dénominateur denominateur",),
    ColumnRole.UNIT: ("unit njësia njesia unité unite",),
    ColumnRole.SOURCE: ("source burimi",),
    ColumnRole.NOTE: ("note notes quality_note comment", "shënim shenim shënime remarque"),
}
_ROLES = {word: role for role, texts in _NAMES.items() for word in " ".join(texts).split()}


@dataclass
class Mapping:
    """Roles by heading; words by role, or by heading for parts.

    `language` is that in which numbers are written as text; `share_of` the dimension whose whole
    a stated percentage is of, the last one of its cell where it is blank.
    """

    columns: dict[str, str]
    words: Words = field(default_factory=dict)
    language: str = "en"
    share_of: str = ""

    def as_text(self) -> str:
        """As it is stored."""
        return canonical(vars(self))

    def headings(self, role: ColumnRole) -> list[str]:
        """The columns of a role, in their order."""
        return [heading for heading, given in self.columns.items() if given == role]

    def fitted(self, headings: list[str]) -> "Mapping":
        """The same for a table that may have other columns; what it does not know is not read."""
        columns = {
            name: self.columns.get(name, str(ColumnRole.NOTHING)) for name in headings if name
        }
        return Mapping(columns, self.words, self.language, self.share_of)

    @property
    def problems(self) -> list[str]:
        """What is wrong with the mapping itself, before any row is read."""
        found = []
        for role in (ColumnRole.PERIOD, ColumnRole.INDICATOR):
            if not self.headings(role):
                text = _("No column is the “%(role)s”. Choose one.")
                found.append(text % {"role": role.label})
        has_fraction = self.headings(ColumnRole.NUMERATOR) and self.headings(ColumnRole.DENOMINATOR)
        if not (self.headings(ColumnRole.VALUE) or has_fraction):
            found.append(_("No column is the “Value”, and no two are numerator and denominator."))
        for role in ColumnRole:
            names = self.headings(role)
            if role not in SEVERAL and len(names) > AT_MOST.get(role, 1):
                text = _("Too many columns are the “%(role)s”: %(names)s.")
                found.append(text % {"role": role.label, "names": ", ".join(names)})
        return found


def read_mapping(text: str) -> Mapping:
    """A stored mapping, or one written by hand.

    Raises:
        ValueError: it is no mapping; str() says what is wrong.
    """
    try:
        told: Any = json.loads(text)
    except ValueError as error:
        raise ValueError(_("The mapping is no JSON: %(error)s") % {"error": error}) from error
    is_object = isinstance(told, dict) and isinstance(told.get("columns"), dict)
    unknown = set(told) - set(Mapping.__dataclass_fields__) if is_object else set()
    if not is_object or unknown:
        known = ", ".join(Mapping.__dataclass_fields__)
        raise ValueError(_("A mapping is an object with: %(names)s.") % {"names": known})
    mapping = Mapping(**told)
    if not _has_words(mapping.words) or not isinstance(mapping.share_of, str):
        raise ValueError(_("The words of a mapping are texts, by column: {column: {word: code}}."))
    wrong = [str(role) for role in mapping.columns.values() if role not in ColumnRole.values]
    if wrong:
        text = _("“%(role)s” is no role of a column; the roles are: %(roles)s.")
        raise ValueError(text % {"role": wrong[0], "roles": ", ".join(ColumnRole.values)})
    if mapping.language not in NUMBER_LANGUAGES:
        text = _("The language of the numbers is one of: %(names)s.")
        raise ValueError(text % {"names": ", ".join(NUMBER_LANGUAGES)})
    return mapping


def _has_words(words: Any) -> bool:
    """Whether it is texts by texts by texts."""
    return isinstance(words, dict) and all(
        isinstance(known, dict) and all(isinstance(code, str) for code in known.values())
        for known in words.values()
    )


def guess(headings: list[str], plan: Plan) -> Mapping:
    """A first mapping by the headings: known words, and the plan's dimensions by code or title."""
    dimensions = {
        tidy(name)
        for dimension in Dimension.objects.filter(plan=plan)
        for name in (dimension.code, *titles(dimension))
    }
    columns: dict[str, str] = {}
    for heading in headings:
        role = _ROLES.get(tidy(heading), ColumnRole.NOTHING)
        if role == ColumnRole.NOTHING and tidy(heading) in dimensions:
            role = ColumnRole.CELL
        number = list(columns.values()).count(str(role))
        taken = role not in SEVERAL and number >= AT_MOST.get(role, 1)
        if heading:
            columns.setdefault(heading, str(ColumnRole.NOTHING if taken else role))
    language = (get_language() or "en").split("-")[0]
    return Mapping(columns, language=language if language in NUMBER_LANGUAGES else "en")


def tidy(text: str) -> str:
    """A word as it is compared: without case, and without needless blanks."""
    return " ".join(text.split()).casefold()


def titles(row: Any) -> list[str]:
    """The names of a row of the plan in every language it has."""
    fields = [f"{name}_{code}" for name in texts_of(type(row)) for code in NUMBER_LANGUAGES]
    wanted = [name for name in fields if name.startswith(("title_", "name_"))]
    return [text for name in wanted if (text := getattr(row, name, None))]
