"""Two quarters side by side, within an edition or between two."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import clock
from common.charts import StackedBar, stacked_bar
from common.downloads import table_response, workbook_response
from common.workbook import Properties
from publishing.filters import CompareFilter
from publishing.models import Edition
from publishing.queries import Publication, publication_of
from publishing.reading import Action, Indicator
from publishing.reading.comparing import Compared, Moment, changes, compared, compared_actions
from publishing.reading.insight import action_counts, counts, scale_of, statuses
from publishing.tables import ChangedActionTable, ChangeTable
from publishing.views.frame import asked_for, plan_page, suffix_of, whole


@dataclass(frozen=True)
class Comparison:
    """What was asked for: two quarters, the first as this edition tells it or as another does."""

    form: CompareFilter
    publication: Publication
    other: Publication | None

    @cached_property
    def quarters(self) -> tuple[str, str]:
        """From and to; nothing where nothing was published."""
        chosen = self.form.chosen
        return chosen.get("from", ""), chosen.get("to", "")

    @property
    def is_told(self) -> bool:
        """Whether the other edition, where one was asked for, knows the first quarter."""
        return self.other is None or self.quarters[0] in self.other.parts.quarters

    @cached_property
    def moments(self) -> tuple[Moment, Moment]:
        first, second = self.quarters
        source = self.other if self.other and self.is_told else self.publication
        return Moment(source.parts, first), Moment(self.publication.parts, second)

    @cached_property
    def labels(self) -> tuple[str, str]:
        """How the two are called: by their quarter, and by the edition where there are two."""
        names = [str(moment.parts.quarters[moment.quarter]) for moment in self.moments]
        if self.other and self.is_told and self.other.issue and self.publication.issue:
            both = (self.other.issue.address, self.publication.issue.address)
            names = [f"{name} ({address})" for name, address in zip(names, both, strict=True)]
        return names[0], names[1]

    @cached_property
    def indicators(self) -> list[Compared[Indicator]]:
        return self.form.apply(compared(*self.moments)) if all(self.quarters) else []

    @cached_property
    def actions(self) -> list[Compared[Action]]:
        if not all(self.quarters):
            return []
        return self.form.apply_to_actions(compared_actions(*self.moments))


def _asked(request: HttpRequest, publication: Publication) -> Comparison:
    plan, shown = publication.parts.plan.code, publication.issue
    known = Edition.objects.filter(plan__code=plan).order_by("-period__ends_on", "-number")
    addresses = [a for a in known.values_list("address", flat=True) if shown and a != shown.address]
    form = CompareFilter(request.GET, publication.parts, [(a, a) for a in addresses])
    address = form.chosen.get("against")
    other = publication_of(plan, address) if address else None
    return Comparison(form, publication, other)


def _restated(asked: Comparison) -> list[str]:
    """Other editions of the quarter this edition is of."""
    issue = asked.publication.issue
    if issue is None or "against" not in asked.form.fields:
        return []
    own = issue.address.rpartition("-")[0]
    choices = asked.form.fields["against"].choices  # type: ignore[attr-defined]
    return [code for code, _label in choices if code.rpartition("-")[0] == own]


def bars(rows: list[Compared[Indicator]]) -> list[StackedBar]:
    """The statuses of both moments, in one scale."""
    before = [row.before for row in rows if row.before]
    after = [row.after for row in rows if row.after]
    scale = scale_of([*before, *after])
    return [
        stacked_bar(counts(statuses(found), scale), uid)
        for found, uid in ((before, "before"), (after, "after"))
    ]


def action_bars(rows: list[Compared[Action]]) -> list[StackedBar]:
    """How far the actions were at both moments."""
    before = [row.before for row in rows if row.before]
    after = [row.after for row in rows if row.after]
    return [
        stacked_bar(action_counts(found), uid)
        for found, uid in ((before, "actions-before"), (after, "actions-after"))
    ]


def _tables(request: HttpRequest, asked: Comparison) -> tuple[ChangeTable, ChangedActionTable]:
    plan, suffix = asked.publication.parts.plan.code, suffix_of(request, asked.publication)
    before, after = asked.labels if all(asked.quarters) else ("", "")
    more: dict[str, Any] = {"plan": plan, "suffix": suffix, "before": before, "after": after}
    return (
        ChangeTable(asked.indicators, request.GET, **more),
        ChangedActionTable(asked.actions, **more),
    )


def _file(
    request: HttpRequest, plan: str, tables: tuple[ChangeTable, ChangedActionTable]
) -> HttpResponseBase | None:
    """Excel has both tables, CSV can hold one."""
    if request.GET.get("export") != "xlsx":
        return table_response(request, tables[0], f"{plan}-compare")
    sheets = [table.sheet() for table in tables]
    properties = Properties(_("Compare quarters"), created=clock.now())
    return workbook_response(sheets, f"{plan}-compare", properties)


@require_safe
def compare(request: HttpRequest, plan: str) -> HttpResponseBase:
    """Per indicator and action both quarters, and what became of it.

    Not kept: the choice of editions changes with every edition of any quarter.
    """
    publication = asked_for(request, plan)
    asked = _asked(request, publication)
    table, actions = _tables(request, asked)
    return _file(request, plan, (table, actions)) or plan_page(
        request,
        "publishing/compare.html",
        publication,
        title=_("Compare quarters"),
        form=asked.form,
        filter_count=len(asked.form.narrowed),
        asked=asked,
        labels=asked.labels if all(asked.quarters) else (),
        restated=_restated(asked),
        changes=changes(asked.indicators),
        bars=bars(asked.indicators),
        action_changes=changes(asked.actions),
        action_bars=action_bars(asked.actions),
        table=table,
        actions=whole(actions),
    )
