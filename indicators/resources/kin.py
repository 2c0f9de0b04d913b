"""How rows name rows of other tables, in the words of the plan format."""

from typing import Any

from indicators.models import (
    Action,
    Dimension,
    Framework,
    FrameworkItem,
    Indicator,
    Objective,
)
from indicators.resources.cells import Kin, as_text
from indicators.scope import institutions_kept, plans_kept


def _plan_code(row: dict[str, Any]) -> str:
    return as_text(row.get("plan")).strip()


def _by_code(resource: Any, row: dict[str, Any], text: str) -> str:
    return text


def _in_plan(resource: Any, row: dict[str, Any], text: str) -> tuple[str, str]:
    return (_plan_code(row), text)


def _own_code(instance: Any, found: Any) -> str:
    return str(found.code)


def _kin_in_plan(model: Any) -> Kin:
    return Kin(
        rows=lambda by: model.objects.filter(plan__in=plans_kept(by)).select_related("plan"),
        key=lambda found: (found.plan.code, found.code),
        ask=_in_plan,
        show=_own_code,
    )


PLAN = Kin(rows=plans_kept, key=lambda plan: plan.code, ask=_by_code, show=_own_code)
OBJECTIVE = _kin_in_plan(Objective)
ACTION = _kin_in_plan(Action)
DIMENSION = _kin_in_plan(Dimension)
INDICATOR = Kin(
    rows=lambda by: (
        Indicator.objects.filter(plan__in=plans_kept(by))
        .select_related("plan")
        .prefetch_related("splits__dimension__categories")
    ),
    key=lambda found: (found.plan.code, found.code),
    ask=_in_plan,
    show=_own_code,
)

FRAMEWORK = Kin(
    rows=lambda by: Framework.objects.all(),
    key=lambda found: found.code,
    ask=_by_code,
    show=_own_code,
)


def _item_key(item: FrameworkItem) -> tuple[str, str]:
    return (item.framework.code, item.code)


def _items(by: Any) -> Any:
    return FrameworkItem.objects.select_related("framework")


def _ask_item(resource: Any, row: dict[str, Any], text: str) -> tuple[str, str]:
    framework, _colon, code = text.partition(":")
    return (framework.strip(), code.strip())


def _ask_sibling(resource: Any, row: dict[str, Any], text: str) -> tuple[str, str]:
    return (as_text(row.get("framework")).strip(), text)


ITEM = Kin(
    rows=_items,
    key=_item_key,
    ask=_ask_item,
    show=lambda instance, item: f"{item.framework.code}:{item.code}",
)
SIBLING_ITEM = Kin(rows=_items, key=_item_key, ask=_ask_sibling, show=_own_code)


def _country(resource: Any, row: dict[str, Any]) -> str:
    plan = resource.known(PLAN).get(_plan_code(row))
    return plan.country if plan else ""


def _ask_institution(resource: Any, row: dict[str, Any], text: str) -> tuple[str, str]:
    country, colon, code = text.partition(":")
    return (country.strip(), code.strip()) if colon else (_country(resource, row), text)


def _show_institution(instance: Any, found: Any) -> str:
    plan = getattr(instance, "plan", None)  # none yet where the row's plan is unknown
    return (
        str(found.code)
        if plan and plan.country == found.country
        else f"{found.country}:{found.code}"
    )


INSTITUTION = Kin(
    rows=institutions_kept,
    key=lambda found: (found.country, found.code),
    ask=_ask_institution,
    show=_show_institution,
)
