"""Cells of imported files: what each column takes, and how it says no.

Rows are named by codes, never by numbers of the database. What cannot be read raises a ValueError
whose text is a sentence for the person; import-export puts row and column beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models.fields import NOT_PROVIDED
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import Widget

from common.numbers import NumberError, parse_decimal, plain, to_decimal

YES = frozenset({"yes", "true", "1", "po", "oui"})
NO = frozenset({"no", "false", "0", "jo", "non"})


def as_text(value: object) -> str:
    """What stands in a cell, as text: whole numbers without a point, dates as 2026-09-30."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal | int):
        return plain(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def join_list(items: Iterable[str]) -> str:
    """Several texts in one cell; a semicolon inside one is written with a backslash."""
    return "; ".join(re.sub(r"([\\;])", r"\\\1", item) for item in items)


def split_list(text: str) -> list[str]:
    """The texts of a cell, without blanks and repetitions; takes back what join_list did."""
    items = re.findall(r"((?:\\.|[^;\\])+)(?:;|$)", text)
    tidy = (re.sub(r"\\(.)", r"\1", item.strip()) for item in items)
    return list(dict.fromkeys(item for item in tidy if item))


class TextWidget(Widget):
    """Text exactly as it stands; blank is "". Codes and choices are taken without spaces around."""

    def __init__(self, *, strip: bool = False) -> None:
        super().__init__(coerce_to_string=False)
        self.strip = strip

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> Any:
        return as_text(value).strip() if self.strip else as_text(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


class ChoiceWidget(TextWidget):
    """One of a closed list, by its stored word."""

    def __init__(self, values: Iterable[str]) -> None:
        super().__init__(strip=True)
        self.values = [str(value) for value in values]

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> Any:
        text = super().clean(value)
        if text and text not in self.values:
            told = {"text": text[:60], "values": ", ".join(v for v in self.values if v)}
            raise ValueError(_("“%(text)s” is not one of: %(values)s.") % told)
        return text


class NumberWidget(TextWidget):
    """A number stays a number; a text is read with a point, or as the reader's language writes."""

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            return to_decimal(value)
        try:
            return parse_decimal(value, "en")
        except NumberError as error:
            if error.code == "two_readings" or get_language() == "en":
                raise
            return parse_decimal(value)


class WholeWidget(NumberWidget):
    """A whole number."""

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> Any:
        number = super().clean(value)
        if number is None:
            return None
        if number != int(number):
            raise ValueError(_("“%(text)s” is not a whole number.") % {"text": plain(number)})
        return int(number)


class DayWidget(TextWidget):
    """A date cell, or a text such as 2026-09-30."""

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> Any:
        text = as_text(value).strip()
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            told = {"text": text[:40]}
            raise ValueError(
                _("“%(text)s” is not a date. Write it as 2026-09-30.") % told
            ) from error


class YesNoWidget(TextWidget):
    """Yes or no; written in English so that a file means the same everywhere."""

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> Any:
        text = as_text(value).strip().lower()
        if text and text not in YES | NO:
            raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": text[:40]})
        return text in YES if text else None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else ("yes" if value else "no")


class ListWidget(TextWidget):
    """Several codes in one cell, kept in a list field, such as the languages of a plan."""

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> Any:
        return split_list(as_text(value))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return join_list(value or ())


@dataclass(frozen=True)
class Kin:
    """Rows of another table that a cell names by code.

    `rows` are those this person may name; `key` is what tells one from all others, `ask` the same
    read from a row of the file, `show` the code as the cell holds it.
    """

    rows: Callable[[Any], models.QuerySet[Any]]
    key: Callable[[Any], Hashable]
    ask: Callable[[Any, dict[str, Any], str], Hashable]
    show: Callable[[Any, Any], str]

    def __deepcopy__(self, memo: Any) -> Kin:
        """One and the same in every copy of a resource's fields, so that it is read once."""
        return self

    def find(self, resource: Any, row: dict[str, Any], text: str) -> Any:
        found = resource.known(self).get(self.ask(resource, row, text))
        if found is None:
            raise ValueError(_("“%(code)s” is not known here.") % {"code": text[:60]})
        return found


class KinWidget(TextWidget):
    """The code of one row of another table."""

    resource: Any = None

    def __init__(self, kin: Kin) -> None:
        super().__init__(strip=True)
        self.kin = kin

    def clean(self, value: object, row: Any = None, **kwargs: Any) -> Any:
        text = super().clean(value)
        return self.kin.find(self.resource, row, text) if text else None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else self.kin.show(kwargs.get("instance"), value)


class Cell(Field):
    """One column. A blank cell is the model's default where it has one, and never None for text."""

    def __init__(self, *, blank: Any = NOT_PROVIDED, **options: Any) -> None:
        super().__init__(**options)
        self.blank = blank

    def clean(self, row: dict[str, Any], **kwargs: Any) -> Any:
        value = self.widget.clean(row[self.column_name], row=row)
        return self._default() if value in ("", None) else value

    def _default(self) -> Any:
        return self.blank() if callable(self.blank) else self.blank

    def save(self, instance: Any, row: dict[str, Any], is_m2m: bool = False, **kw: Any) -> None:
        value = self.clean(row)
        is_blank = value in ("", None) and self.get_value(instance) in ("", None)
        if not self.readonly and not is_blank:
            setattr(instance, self.attribute, value)

    def export(self, instance: Any, **kwargs: Any) -> Any:
        return self.widget.render(self.get_value(instance), instance=instance)


class ManyCell(Cell):
    """Several codes of another table in one cell, written through its table of pairs.

    The value is a tuple of codes, kept beside the instance, so that comparing and copying an
    instance asks the database nothing.
    """

    resource: Any = None
    ordered = False

    def __init__(self, name: str, kin: Kin | None = None) -> None:
        super().__init__(attribute=name, column_name=name, widget=ListWidget(), blank=tuple)
        self.kin = kin

    def get_value(self, instance: Any) -> tuple[str, ...]:
        lists = instance.__dict__.setdefault("_lists", {})
        if self.attribute not in lists:
            lists[self.attribute] = self._stored(instance) if instance.pk else ()
        return tuple(lists[self.attribute])

    def _stored(self, instance: Any) -> tuple[str, ...]:
        codes = [self.code(instance, item) for item in self.items(instance)]
        return tuple(codes if self.ordered else sorted(codes))

    def items(self, instance: Any) -> Iterable[Any]:
        return getattr(instance, self.attribute).all()

    def code(self, instance: Any, item: Any) -> str:
        return self.kin.show(instance, item) if self.kin else str(item)

    def save(self, instance: Any, row: dict[str, Any], is_m2m: bool = False, **kw: Any) -> None:
        codes = list(self.clean(row))
        if self.kin is not None:
            found = [self.kin.find(self.resource, row, code) for code in codes]
            named = {self.kin.show(instance, item): item for item in found}
            instance.__dict__.setdefault("_kin", {})[self.attribute] = named
            codes = list(named)
        instance.__dict__.setdefault("_given", set()).add(self.attribute)
        lists = instance.__dict__.setdefault("_lists", {})
        lists[self.attribute] = tuple(codes if self.ordered else sorted(codes))

    def given(self, instances: Iterable[Any]) -> list[Any]:
        """Those whose row had this column; a missing column leaves what is stored."""
        return [i for i in instances if self.attribute in i.__dict__.get("_given", ())]

    def write(self, model: Any, instances: list[Any]) -> None:
        """Make the table of pairs say what the cells of these rows said, in two statements."""
        relation = model._meta.get_field(self.attribute)
        through, source = relation.remote_field.through, relation.m2m_field_name()
        through.objects.filter(**{f"{source}__in": instances}).delete()
        through.objects.bulk_create(
            self.pair(through, source, relation.m2m_reverse_field_name(), instance, number, code)
            for instance in instances
            for number, code in enumerate(self.get_value(instance))
        )

    def pair(
        self, through: Any, source: str, target: str, instance: Any, number: int, code: str
    ) -> Any:
        return through(**{source: instance, target: self.named(instance, code)})

    def named(self, instance: Any, code: str) -> Any:
        """The row that a code of this cell named."""
        return instance.__dict__["_kin"][self.attribute][code]
