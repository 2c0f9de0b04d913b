"""A plan with a row in every table that the admin imports, and imports without a browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import tablib
from django.contrib import admin
from django.db.models import Model
from django.test import RequestFactory
from django.utils.translation import override

from accounts.models import Institution, InstitutionAlias, User
from indicators.choices import Role
from indicators.models import (
    Action,
    Category,
    ConsistencyRule,
    Dimension,
    Framework,
    FrameworkItem,
    Funding,
    Indicator,
    Objective,
    Plan,
    PlanLevel,
    Target,
)
from tests import factory

SHARED = (Framework, FrameworkItem)
OWN = (
    Plan,
    PlanLevel,
    Objective,
    Action,
    Funding,
    Dimension,
    Category,
    Indicator,
    Target,
    ConsistencyRule,
    Institution,
    User,
)
MODELS: tuple[Any, ...] = (*SHARED, *OWN)
"""Every model with an import."""

Fault = tuple[int, str, str]


def label(model: type[Model]) -> str:
    """The model's name as addresses of the admin have it."""
    return f"{model._meta.app_label}_{model._meta.model_name}"


def make_everything(code: str = "AL", country: str = "AL") -> User:
    """A plan of one row in every table, and its administrator."""
    plan = factory.make_plan(code, country=country)
    top = factory.make_objective(plan, f"{code}-1")
    house = factory.make_institution(f"{code}-H", f"{code} house", country=country)
    InstitutionAlias.objects.create(institution=house, name=f"{code} alias")
    framework = Framework.objects.create(code=f"{code}-f", title_en=f"{code} framework")
    item = FrameworkItem.objects.create(framework=framework, code="1", title_en=f"{code} item")
    top.frameworks.add(item)
    action = factory.make_action(plan, f"{code}-A", house, top)
    action.supporting.add(house)
    action.fundings.create(source=f"{code} money", planned=Decimal("12.50"))
    indicator = factory.make_indicator(plan, f"{code}-I", house, objective=top, action=action)
    indicator.frameworks.add(item)
    factory.split(indicator, factory.make_dimension(plan, f"{code}-d", "f", "m"))
    factory.make_target(indicator, "12.7", date(2027, 12, 31))
    second = factory.make_indicator(plan, f"{code}-J", house, objective=top)
    factory.make_rule(f"{code}-R", indicator, second)
    plan.levels.create(depth=0, name_en=f"{code} level")
    email = f"keeper@{code.lower()}.example.org"
    return factory.make_member(Role.ADMINISTRATOR, plan, email=email, is_staff=True)


def make_root() -> User:
    return User.objects.create_superuser("root@example.org", "a long password", name="Root")


def contents() -> dict[str, list[Any]]:
    """Everything that an import could change."""
    tables = (*MODELS, InstitutionAlias, *(field.remote_field.through for field in LISTS))
    return {t.__name__: sorted(t._default_manager.values_list(), key=repr) for t in tables}


LISTS: list[Any] = [field for model in MODELS for field in model._meta.many_to_many]


@dataclass(frozen=True)
class Brought:
    """What an import did: faults by row, column and sentence, and how many rows it wrote."""

    faults: list[Fault]
    refusals: list[str]
    new: int
    changed: int


def desk(model: Any, by: User) -> tuple[Any, Any, Any]:
    """The admin of a model, a request of this person, and the resource she would import with."""
    keeper: Any = admin.site._registry[model]
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=by.pk)
    made = keeper.get_resource_classes(request)[0](**keeper.get_resource_kwargs(request))
    return keeper, request, made


def resource_of(model: Any, by: User) -> Any:
    return desk(model, by)[2]


def rows_for(model: Any, by: User) -> tuple[list[str], list[list[Any]]]:
    """The headings and rows that this person would export."""
    data = resource_of(model, by).export()
    return list(data.headers), [list(row) for row in data]


def bring(
    model: Any, by: User, headers: Sequence[str], *rows: Sequence[Any], dry_run: bool = False
) -> Brought:
    """Import rows as the admin does once a preview is confirmed."""
    data = tablib.Dataset(*(tuple(row) for row in rows), headers=list(headers))
    keeper, request, resource = desk(model, by)
    asked = keeper.get_import_data_kwargs(request=request, form=None)
    with override("en"):
        result = resource.import_data(data, dry_run=dry_run, **asked)
        faults = [
            (row.number, column, text)
            for row in result.invalid_rows
            for column, texts in row.error_dict.items()
            for text in texts
        ]
        refusals = [str(error.error) for error in result.base_errors]
        refusals += [
            str(error.error) for _number, errors in result.row_errors() for error in errors
        ]
    return Brought(sorted(faults), refusals, result.totals["new"], result.totals["update"])
