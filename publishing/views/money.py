"""The money of a plan: in all, beside results, and by institution, time, source and action."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.charts import stacked_bar
from common.downloads import table_response
from indicators.money import Entry, Money, total, total_by, total_by_objective
from publishing.filters import MoneyFilter
from publishing.kept import kept
from publishing.money_tables import (
    ActionMoney,
    Group,
    InstitutionMoney,
    MoneyTable,
    ObjectiveMoney,
    SourceMoneyTable,
    TimeMoney,
)
from publishing.reading import Parts
from publishing.reading.insight import counts, scale_of, statuses
from publishing.reading.money import last_note, overspent
from publishing.views.frame import asked_for, plan_page, suffix_of


def _is_told(money: Money) -> bool:
    return any(amount is not None for amount in (money.planned, money.allocated, money.spent))


@dataclass
class Sums:
    """The filtered money, put together in each of the ways the page shows."""

    parts: Parts
    form: MoneyFilter

    @cached_property
    def entries(self) -> list[Entry]:
        return self.form.entries()

    @property
    def in_all(self) -> Money:
        return total(entry.money for entry in self.entries)

    def objectives(self) -> Iterator[Group]:
        """Each objective with all below it, and the statuses of its indicators."""
        rows = self.parts.objectives
        parents = {code: o.parent.code if o.parent else None for code, o in rows.items()}
        scale = scale_of(self.parts.indicators.values())
        found = total_by_objective(self.entries, parents)
        for number, row in enumerate(self.form.objectives()):
            bar = stacked_bar(counts(statuses(row.all_indicators()), scale), f"money-{number}")
            yield Group(str(row.title), found[row.code], row.code, objective=row, bar=bar)

    def institutions(self) -> Iterator[Group]:
        known = self.parts.institutions
        for code, money in sorted(total_by(self.entries, lambda e: e.institution).items()):
            yield Group(str(known[code]) if code else _("No lead institution"), money, code)

    def times(self) -> Iterator[Group]:
        """Each year, and below it its quarters."""
        told = [entry for entry in self.entries if entry.year is not None]
        quarters = total_by(told, lambda entry: (entry.year, entry.quarter))
        for year, money in sorted(total_by(told, lambda entry: entry.year or 0).items()):
            yield Group(str(year), money)
            for (of, code), amount in sorted(quarters.items()):
                if of == year:
                    yield Group(str(year), amount, quarter=str(self.parts.quarters[code]))

    def sources(self) -> Iterator[Group]:
        """Each source by name; what no source is told for comes last."""
        found = total_by(self.entries, lambda entry: entry.source)
        for source in sorted(found, key=lambda name: (not name, name)):
            if _is_told(found[source]):
                yield Group(source or _("Source not told"), found[source])

    def actions(self) -> Iterator[Group]:
        """Each action, also one without any money."""
        found = total_by(self.entries, lambda entry: entry.action)
        for row in self.form.actions():
            money = found.get(row.code, Money())
            if _is_told(money) or not self.form.narrows:
                yield Group(str(row.title), money, row.code, action=row)


def _tables(sums: Sums, request: HttpRequest, **place: Any) -> dict[str, MoneyTable]:
    made: list[MoneyTable] = [
        ObjectiveMoney(list(sums.objectives()), request.GET, **place),
        InstitutionMoney(list(sums.institutions()), request.GET, **place),
        TimeMoney(list(sums.times()), request.GET, **{**place, "has_planned": False}),
        SourceMoneyTable(list(sums.sources()), request.GET, **place),
        ActionMoney(list(sums.actions()), request.GET, **place),
    ]
    return {table.name: table for table in made}


@require_safe
@kept()
def money(request: HttpRequest, plan: str) -> HttpResponseBase:
    """All money of the plan, or of what was chosen; each table goes out as it is filtered."""
    publication = asked_for(request, plan)
    parts, form = publication.parts, MoneyFilter(request.GET, publication.parts)
    sums = Sums(parts, form)
    has_planned = "year" not in form.chosen
    tables = _tables(
        sums,
        request,
        plan=plan,
        suffix=suffix_of(request, publication),
        currency=parts.plan.currency,
        has_planned=has_planned,
    )
    wanted = tables.get(request.GET.get("table", ""), tables["actions"])
    return table_response(request, wanted, f"{plan}-money-{wanted.name}") or plan_page(
        request,
        "publishing/plan_money.html",
        publication,
        title=_("Money"),
        form=form,
        filter_count=len(form.chosen),
        money=sums.in_all,
        has_planned=has_planned,
        objectives=tables["objectives"],
        tables=[table for name, table in tables.items() if name != "objectives"],
        overspent=[(row, last_note(row)) for row in overspent(form.actions())],
    )
