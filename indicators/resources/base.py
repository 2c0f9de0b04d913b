"""Importing and exporting rows that are known by their codes.

An import reads everything that is stored for the person once, compares row by row in memory,
writes in bulk, and leaves one log entry for each plan. With any error it stores nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import RowResult

from audit.services import record
from common.import_formats import TypedResource
from indicators import dependents
from indicators.languages import texts_of
from indicators.loading.constraints import columns_of, violated
from indicators.resources import cells
from indicators.resources.cells import Cell, Kin, KinWidget, ManyCell
from indicators.resources.shown import PlainDiff

WRITTEN = {RowResult.IMPORT_TYPE_NEW: "new", RowResult.IMPORT_TYPE_UPDATE: "updated"}


class ImportRefused(ValueError):
    """The file as a whole cannot be used; str() is the sentence."""


class KeyLoader(BaseInstanceLoader):
    """Finds the stored row by its codes, in what was read once."""

    def get_instance(self, row: dict[str, Any]) -> Any:
        return self.resource.stored.get(self.resource.key_of_row(row))


def widget_for(field: Any) -> Any:
    """How the values of a model's field stand in a cell."""
    if field.choices:
        return cells.ChoiceWidget(value for value, _label in field.flatchoices)
    kinds: list[tuple[type[models.Field[Any, Any]], Any]] = [
        (models.BooleanField, cells.YesNoWidget),
        (models.DecimalField, cells.NumberWidget),
        (models.IntegerField, cells.WholeWidget),
        (models.DateField, cells.DayWidget),
        (models.JSONField, cells.ListWidget),
    ]
    for kind, widget in kinds:
        if isinstance(field, kind):
            return widget()
    return cells.TextWidget(strip=field.name in ("code", "country", "email", "cell"))


def blank_for(field: Any) -> Any:
    """What a blank cell means: nothing, or the model's default in the field's own type."""
    if field.null:
        return None
    default = field.get_default()
    return "" if default is None and field.empty_strings_allowed else field.to_python(default)


class KeyedResource(TypedResource):
    """Rows of one model. `kin`: the tables its codes name; `plan_path`: the way to its plan."""

    kin: ClassVar[dict[str, Kin]] = {}
    plan_path: ClassVar[str] = "plan"
    context: ClassVar[tuple[str, ...]] = ()
    related: ClassVar[tuple[str, ...]] = ()
    prefetched: ClassVar[tuple[str, ...]] = ()

    class Meta:
        instance_loader_class = KeyLoader
        skip_unchanged = True
        store_instance = True
        use_bulk = True
        batch_size = None
        chunk_size = 5_000

    def __init__(self, *, by: Any, rows: models.QuerySet[Any] | None = None) -> None:
        super().__init__()
        self.by, self.rows = by, rows
        self._known: dict[int, dict[Any, Any]] = {}
        self.seen: dict[Any, int] = {}
        for field in self.fields.values():
            field.resource = field.widget.resource = self

    @classmethod
    def get_diff_class(cls) -> type[PlainDiff]:
        return PlainDiff

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> Cell:
        if django_field.many_to_many:
            return ManyCell(field_name, cls.kin[field_name])
        is_kin = field_name in cls.kin
        return Cell(
            attribute=field_name,
            column_name=field_name,
            widget=KinWidget(cls.kin[field_name]) if is_kin else widget_for(django_field),
            readonly=readonly,
            blank=None if is_kin else blank_for(django_field),
        )

    # what is stored

    def get_queryset(self) -> models.QuerySet[Any]:
        rows = self._meta.model.objects.none() if self.rows is None else self.rows
        return self.filter_export(rows)

    def filter_export(self, queryset: Any, **kwargs: Any) -> Any:
        return queryset.select_related(*self.related).prefetch_related(*self.prefetched)

    def known(self, kin: Kin) -> dict[Any, Any]:
        """The rows a cell may name, by key; read once."""
        if id(kin) not in self._known:
            self._known[id(kin)] = {kin.key(found): found for found in kin.rows(self.by)}
        return self._known[id(kin)]

    def _many(self) -> Iterator[ManyCell]:
        return (field for field in self.fields.values() if isinstance(field, ManyCell))

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Check the headings; read what is stored."""
        names = {field.column_name for field in self.get_import_fields()}
        wanted = [*self.context, *self._meta.import_id_fields]
        try:
            self._check_headings(list(dataset.headers or ()), names, wanted)
        except ImportRefused:
            del dataset[:]
            raise
        self.row_numbers = getattr(dataset, "row_numbers", None) or range(2, len(dataset) + 2)
        self.stored = {}
        for instance in self.get_queryset():
            for field in self._many():
                field.get_value(instance)
            instance._prefetched_objects_cache = {}
            self.stored[self.key_of(instance)] = instance

    def _check_headings(self, found: list[str], names: set[str], wanted: list[str]) -> None:
        for name in wanted:
            if name not in found:
                raise ImportRefused(_("The column “%s” is missing.") % name)
        for name in found:
            if name not in names:
                told = {"name": name[:60], "names": ", ".join(sorted(names))}
                raise ImportRefused(
                    _("The column “%(name)s” is not known. Columns are: %(names)s.") % told
                )

    # one row

    def key_of(self, instance: Any) -> tuple[Any, ...]:
        fields = (self.fields[name] for name in self._meta.import_id_fields)
        return tuple(field.get_value(instance) for field in fields)

    def key_of_row(self, row: dict[str, Any]) -> tuple[Any, ...] | None:
        """The row's own key, None where a part of it cannot be read: the cell then says why."""
        try:
            return tuple(self.fields[name].clean(row) for name in self._meta.import_id_fields)
        except ValueError:
            return None

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        key, number = self.key_of_row(row), kwargs["row_number"]
        if key is not None and key in self.seen:
            told = {"row": self.row_numbers[self.seen[key] - 1]}
            raise ValidationError(_("This row stands twice in the file: see row %(row)d.") % told)
        self.seen[key] = number

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """What the model, its constraints and `check` ask; in memory, without a query."""
        errors: dict[str, Any] = dict(import_validation_errors or {})
        relations = {f.name for f in instance._meta.concrete_fields if f.is_relation}
        try:
            instance.clean_fields(exclude={*errors, *relations, *texts_of(type(instance))})
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        for column, sentence in [*self._gaps(instance), *self._broken(instance)]:
            if column not in errors:
                errors[column] = [ValidationError(sentence)]
        if not errors:
            for column, sentence in self.check(instance):
                errors.setdefault(column, []).append(ValidationError(sentence))
        if errors:
            raise ValidationError(errors)

    def _gaps(self, instance: Any) -> Iterator[tuple[str, str]]:
        for name in self.kin:
            field = instance._meta.get_field(name)
            if not field.many_to_many and not field.null and not _has(instance, name):
                yield name, _("This cell may not be blank.")
        for name in texts_of(type(instance)):
            columns = [n for n in self.fields if n.startswith(f"{name}_")]
            blank = instance._meta.get_field(name).blank
            if columns and not blank and not any(getattr(instance, c) for c in columns):
                yield columns[0], _("Write it in one language at least.")

    def _broken(self, instance: Any) -> Iterator[tuple[str, str]]:
        for constraint in violated(instance):
            columns = [*columns_of(constraint.condition), ""]  # type: ignore[arg-type]
            yield columns[0], str(constraint.get_violation_error_message())

    def check(self, instance: Any) -> Iterator[tuple[str, str]]:
        """What else must hold of a row: column and sentence."""
        return iter(())

    # writing

    def get_bulk_update_fields(self) -> list[str]:
        own = {field.name for field in self._meta.model._meta.concrete_fields}
        keys = self._meta.import_id_fields
        return [name for name in self.fields if name in own and name not in keys]

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Write the lists of codes, and say in the log what was imported."""
        if result.has_errors() or result.has_validation_errors():
            for row in result.invalid_rows:
                row.number = self.row_numbers[row.number - 1]
            return
        written = [row for row in result.rows if row.import_type in WRITTEN]
        instances = [row.instance for row in written]
        for field in self._many():
            if given := field.given(instances):
                field.write(self._meta.model, given)
        if not kwargs.get("dry_run", True):
            self._log(result, written, str(kwargs.get("file_name") or ""))
            dependents.tell(instances)

    def _log(self, result: Any, written: list[Any], file_name: str) -> None:
        """One entry for each plan, so that its secretariat finds it; else about who imported."""
        by_plan: dict[Any, list[Any]] = defaultdict(list)
        for row in written:
            by_plan[self.plan_of(row.instance)].append(row)
        name = self._meta.model._meta.model_name
        for plan, rows in (by_plan or {None: []}).items():
            record(
                f"{name}.imported",
                by=self.by.email,
                about=plan or self.by,
                file=file_name,
                rows=result.total_rows,
                new=[self.label(row.instance) for row in rows if row.is_new()],
                updated={self.label(r.instance): self._changes(r) for r in rows if r.is_update()},
            )

    def plan_of(self, instance: Any) -> Any:
        for name in filter(None, self.plan_path.split("__")):
            instance = getattr(instance, name)
        return instance if self.plan_path else None

    def label(self, instance: Any) -> str:
        fields = (self.fields[name] for name in self._meta.import_id_fields)
        return " / ".join(cells.as_text(field.export(instance)) for field in fields)

    def _changes(self, row: Any) -> dict[str, list[str]]:
        pairs = {
            field.column_name: [
                cells.as_text(field.export(row.original)),
                cells.as_text(field.export(row.instance)),
            ]
            for field in self.get_import_fields()
        }
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _has(instance: Any, name: str) -> bool:
    return instance._state.fields_cache.get(name) is not None or bool(
        getattr(instance, f"{name}_id")
    )
