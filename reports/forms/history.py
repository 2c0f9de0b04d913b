"""Sending a table of earlier figures, and saying what its columns and words mean."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from accounts.models import Institution
from common.canonical import sha256
from indicators.loading.values import as_text
from indicators.models import Plan
from reports.forms.fields import choice_field
from reports.forms.uploads import TableFileField
from reports.history.mapping import JOINT, NUMBER_LANGUAGES, ColumnRole, Mapping
from reports.history.preview import Preview
from reports.models import ImportMapping

SAMPLES = 3
MAX_WORDS = 300
"""Words that are asked about at one time; the next ones come when these are known."""

Choices = list[tuple[str, str]]


class TableForm(forms.Form):
    """A file, the plan it is about, and a saved mapping."""

    def __init__(
        self,
        plans: QuerySet[Plan],
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
    ) -> None:
        super().__init__(data, files, auto_id="table-%s")
        self.plans = {plan.code: plan for plan in plans}
        self.saved = {
            str(row.pk): row
            for row in ImportMapping.objects.filter(plan__in=plans).select_related("plan")
        }
        self.fields["file"] = TableFileField(
            label=_("The table"),
            help_text=_("Excel (xlsx), OpenDocument (ods) or CSV, at most %(size)d MB."),
            endings=".xlsx,.ods,.csv",
        )
        names = [(code, str(plan)) for code, plan in self.plans.items()]
        self.fields["plan"] = choice_field(_("Plan"), names)
        self.fields["plan"].required = True
        saved = [(key, f"{row.name} ({row.plan.code})") for key, row in self.saved.items()]
        if saved:
            empty = _("By its headings")
            self.fields["mapping"] = choice_field(_("What the columns mean"), saved, empty)

    @property
    def plan(self) -> Plan:
        return self.plans[self.cleaned_data["plan"]]

    @property
    def mapping(self) -> ImportMapping | None:
        return self.saved.get(self.cleaned_data.get("mapping", ""))

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Every error with the address of its field."""
        return [
            (f"{self.fields[name].label}: {error}", f"#table-{name}")
            for name, errors in self.errors.items()
            for error in errors
        ]


@dataclass(frozen=True)
class AskedColumn:
    """One column of the table with what stands in it."""

    heading: str
    samples: str
    field: Any


@dataclass(frozen=True)
class AskedWord:
    """One word with the rows it stands in, and the choice of what it means."""

    heading: str
    word: str
    rows: str
    field: Any


class MappingForm(forms.Form):
    """The roles of the columns, the language of the numbers, and the meaning of words."""

    def __init__(self, found: Preview, plan: Plan, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="mapping-%s")
        self.found, self.old = found, found.mapping.fitted(found.table.headings)
        self.headings = list(self.old.columns)
        for at, heading in enumerate(self.headings):
            initial = self.old.columns[heading]
            roles = [(str(role), str(role.label)) for role in ColumnRole]
            self._add(f"role-{at}", heading, roles, initial)
        languages = [(code, _EXAMPLES[code]) for code in NUMBER_LANGUAGES]
        self._add("language", _("Numbers are written"), languages, self.old.language)
        dimensions = [(row.code, str(row)) for row in plan.dimensions.all()]
        label = _("A percentage is of the whole over")
        self._add("share_of", label, dimensions, self.old.share_of, _("the last part"))
        self._add_words(plan)

    def _add(self, name: str, label: str, choices: Choices, initial: str, empty: str = "") -> None:
        field = choice_field(label, choices, empty)
        field.initial = initial
        self.fields[name] = field

    def _add_words(self, plan: Plan) -> None:
        self.asked: dict[str, tuple[str, str]] = {}
        choices = _Meanings(plan)
        for role, word in self._words():
            name = f"word-{sha256(f'{role}{JOINT}{word}')[:16]}"
            known = self.old.words.get(role, {}).get(word, "")
            options = choices.of(role)
            if known and known not in dict(options):
                options = [(known, known), *options]
            self._add(name, word or _("(blank)"), options, known, _("Not known yet"))
            self.asked[name] = (role, word)

    def _words(self) -> Iterator[tuple[str, str]]:
        """What is unknown first, then what somebody has said already."""
        unknown = [
            (role, word) for role, words in self.found.reading.unknown.items() for word in words
        ]
        said = [(role, word) for role, words in self.old.words.items() for word in words]
        yield from list(dict.fromkeys([*unknown, *said]))[:MAX_WORDS]

    @property
    def columns(self) -> list[AskedColumn]:
        """The columns, each with a few of its values."""
        places = {heading: at for at, heading in enumerate(self.found.table.headings)}
        return [
            AskedColumn(heading, self._samples(places[heading]), self[f"role-{at}"])
            for at, heading in enumerate(self.headings)
        ]

    def _samples(self, at: int) -> str:
        texts = (as_text(row[at]) for row in self.found.table.rows[:200])
        return ", ".join(list(dict.fromkeys(text[:60] for text in texts if text))[:SAMPLES])

    @property
    def words(self) -> list[AskedWord]:
        """The words, the unknown ones first."""
        rows = self.found.reading.unknown
        return [
            AskedWord(self._heading(role), word, _few(rows.get(role, {}).get(word, [])), self[name])
            for name, (role, word) in self.asked.items()
        ]

    def _heading(self, role: str) -> str:
        if role in ColumnRole.values:
            return str(ColumnRole(role).label)
        return role

    def mapping(self) -> Mapping:
        """What was said, on top of what was known before."""
        said = self.cleaned_data
        columns = {
            heading: said[f"role-{at}"] or str(ColumnRole.NOTHING)
            for at, heading in enumerate(self.headings)
        }
        words = {role: dict(known) for role, known in self.old.words.items()}
        for name, (role, word) in self.asked.items():
            if said[name]:
                words.setdefault(role, {})[word] = said[name]
            else:
                words.get(role, {}).pop(word, None)
        language = said["language"] or self.old.language
        return Mapping(columns, {k: v for k, v in words.items() if v}, language, said["share_of"])


_EXAMPLES = {"en": "12.7", "sq": "12,7", "fr": "12,7 (fr)"}


def _few(rows: Iterable[int]) -> str:
    """The first rows of a word, and that there are more."""
    known = list(rows)
    return ", ".join(map(str, known[:5])) + (" …" if len(known) > 5 else "")


class _Meanings:
    """What a word may stand for, by the role of its column; read once each."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.known: dict[str, Choices] = {}

    def of(self, role: str) -> Choices:
        if role not in self.known:
            self.known[role] = self._read(role)
        return self.known[role]

    def _read(self, role: str) -> Choices:
        if role == ColumnRole.INDICATOR:
            return [(row.code, str(row)) for row in self.plan.indicators.order_by("order", "code")]
        if role == ColumnRole.INSTITUTION:
            rows = Institution.objects.filter(country=self.plan.country).order_by("code")
            return [(row.code, f"{row.code} {row}") for row in rows]
        if role == ColumnRole.UNIT:
            return [("number", _("Number")), ("percent", _("Percentage"))]
        parts = [
            (f"{dimension.code}={row.code}", f"{dimension}: {row}")
            for dimension in self.plan.dimensions.prefetch_related("categories")
            for row in dimension.categories.all()
        ]
        return [("total", _("The whole")), *parts]
