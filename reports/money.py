"""Money of an action by source of funds: what adds up, what does not, what stands to date.

The rule: an action with two or more sources is told source by source, and its total is their sum.
A ministry that cannot split it gives the total alone and says why in the comment; what it knows of
single sources may stand beside, as long as it is not more than the total. Allocated and spent are
settled each on its own. An action with one source or none has a total only, which is that source's.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.utils.translation import gettext as _

from common.canonical import sha256
from common.numbers import show_decimal
from indicators.models import Action, Funding
from indicators.money import add, is_overspent_to_date, total_of_sources
from reports.checks import LineFault
from reports.choices import EDITABLE
from reports.models import ActionProgress, Report, Revision, SourceMoney

COLUMNS = ("allocated", "spent")
SEVERAL = 2

Amount = Decimal | None
Split = Mapping[str, tuple[Amount, Amount]]
"""By source what was allocated and what was spent."""


def planned_sources(action: Action) -> list[str]:
    """The sources of an action in the plan, where it has several; none where it has fewer."""
    sources = sorted(funding.source for funding in action.fundings.all())
    return sources if len(sources) >= SEVERAL else []


def split_of(progress: ActionProgress) -> dict[str, tuple[Amount, Amount]]:
    """What is stored by source; of an action that has several no more, nothing counts."""
    if not planned_sources(progress.action):
        return {}
    rows = {row.source: (row.allocated, row.spent) for row in progress.money.all()}
    return {source: rows[source] for source in sorted(rows)}


def load_money(rows: Sequence[ActionProgress]) -> None:
    """Read the money by source of these lines: one query, none where no action has several."""
    prefetch_related_objects([row for row in rows if planned_sources(row.action)], "money")


def sources_of(progress: ActionProgress) -> list[str]:
    """The sources a report tells one by one: those of the plan, then what else is stored.

    A source that left the plan while the report was written keeps its money, and so its place.
    """
    planned = planned_sources(progress.action)
    others = [source for source in split_of(progress) if source not in planned]
    return [*planned, *others] if planned else []


def told_by_source(sources: Sequence[str], split: Split) -> dict[str, tuple[Amount, Amount]]:
    """Those sources of which something is told: a blank is no row."""
    return {source: split[source] for source in sources if any_told(split.get(source))}


def any_told(pair: tuple[Amount, Amount] | None) -> bool:
    return pair is not None and pair != (None, None)


def source_rows(progress: ActionProgress, split: Split) -> list[SourceMoney]:
    """The rows to store."""
    return [
        SourceMoney(progress=progress, source=source, allocated=allocated, spent=spent)
        for source, (allocated, spent) in split.items()
    ]


def source_key(source: str) -> str:
    """A short name of a source that is the same in every page and language."""
    return sha256(source)[:12]


@dataclass(frozen=True)
class Settled:
    """The totals that follow, and what contradicts itself."""

    totals: dict[str, Amount]
    faults: list[LineFault]


def settle(planned: Sequence[str], split: Split, totals: Mapping[str, Amount]) -> Settled:
    """Total the sources, column by column; `totals` holds what was typed as the total.

    Where every planned source is given, the total is the sum and a typed total must agree with it.
    Else the typed total stands, and may not be less than the known sources together.
    """
    found: dict[str, Amount] = {}
    faults = []
    for index, column in enumerate(COLUMNS):
        if column not in totals:
            continue
        typed = totals[column]
        known = add(pair[index] for pair in split.values())
        whole = whole_of(planned, split, index)
        found[column] = typed if whole is None else whole
        if fault := _fault(typed, whole, known):
            faults.append(LineFault("", column, fault))
    return Settled(found, faults)


def whole_of(planned: Sequence[str], split: Split, index: int) -> Amount:
    """The sum over all sources; None while one of the plan's is not given."""
    if total_of_sources([split.get(name, (None, None))[index] for name in planned]) is None:
        return None
    return add(pair[index] for pair in split.values())


def _fault(typed: Amount, whole: Amount, known: Amount) -> str:
    if typed is None or known is None:
        return ""
    told = {"known": show_decimal(known), "total": show_decimal(typed)}
    if whole is not None and typed != whole:
        text = _(
            "The sources add up to %(known)s, the total says %(total)s. Correct one of them, or"
            " leave the total empty: it is added up."
        )
        return text % told
    if whole is None and known > typed:
        text = _("The sources given add up to %(known)s, more than the total of %(total)s.")
        return text % told
    return ""


def lacks_split(progress: ActionProgress) -> bool:
    """Whether a submission waits for the sources: not all are told, and nobody says why."""
    planned = planned_sources(progress.action)
    if not planned or progress.note:
        return False
    return whole_of(planned, split_of(progress), COLUMNS.index("spent")) is None


def source_field(source: str, column: str) -> str:
    """The name of a source's field in the form, such as "source-1f3870be274f-spent"."""
    return f"source-{source_key(source)}-{column}"


def with_unspent(rows: QuerySet[ActionProgress]) -> QuerySet[ActionProgress]:
    """Each line with `has_several` sources or not, and the first one whose spending is not told.

    The rule of `lacks_split` for the database: `unspent` is None where nothing is to be told.
    """
    sources = Funding.objects.filter(action=OuterRef("action")).order_by("source")
    others = Funding.objects.filter(action=OuterRef("action"), source__gt=OuterRef("source"))
    given = SourceMoney.objects.filter(
        progress=OuterRef(OuterRef("pk")), source=OuterRef("source"), spent__isnull=False
    )
    unspent = sources.filter(~Exists(given)).values("source")[:1]
    has_several = Exists(sources.filter(Exists(others)))
    return rows.annotate(has_several=has_several, unspent=Subquery(unspent))


UNSPLIT = Q(has_several=True, unspent__isnull=False, note="")
"""Of such lines those of which a submission waits for the sources, or for the reason."""


def is_answered(progress: ActionProgress) -> bool:
    """Whether nothing is missing in an action: how far it is, and what was spent from where."""
    return bool(progress.status) and progress.spent is not None and not lacks_split(progress)


def money_rows(reports: Iterable[Report | int]) -> dict[int, list[dict[str, Any]]]:
    """By action line what is stored by source, as a revision freezes it; one query."""
    rows = SourceMoney.objects.filter(progress__report__in=reports)
    told = rows.annotate(number=Count("progress__action__fundings")).filter(number__gte=SEVERAL)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in sorted(told, key=lambda row: row.source):
        values = {name: getattr(row, name) for name in ("source", *COLUMNS)}
        found.setdefault(row.progress_id, []).append(values)
    return found


@dataclass(frozen=True)
class Told:
    """The money of one action in one report."""

    allocated: Amount
    spent: Amount
    by_source: Split = field(default_factory=dict)


Earlier = Mapping[str, Sequence[Told]]
"""By code of the action what earlier quarters told."""


def overspent(earlier: Sequence[Told], now: Told) -> Iterator[str]:
    """Where more was spent than allocated to date: "" for the action, then each such source."""
    rows = [*earlier, now]
    if is_overspent_to_date([r.allocated for r in rows], [r.spent for r in rows]):
        yield ""
    for source in now.by_source:
        pairs = [row.by_source.get(source, (None, None)) for row in rows]
        if is_overspent_to_date([a for a, _s in pairs], [s for _a, s in pairs]):
            yield source


def earlier_money(report: Report) -> dict[str, list[Told]]:
    """What the institution submitted for the report's actions in all earlier quarters.

    One query, and one more while an earlier report is open again: of such a report the last
    revision counts, not what is being typed.
    """
    period = report.period
    rows = ActionProgress.objects.filter(
        action__progress__report=report,
        report__institution=report.institution_id,
        report__period__plan=period.plan_id,
        report__period__ends_on__lt=period.starts_on,
        report__revision__gt=0,
    ).order_by("report__period__ends_on", "pk")
    names = ("pk", "report", "report__status", "action__code", *COLUMNS)
    found = list(rows.values_list(*names, *(f"money__{name}" for name in ("source", *COLUMNS))))
    opened = {row[1] for row in found if row[2] in EDITABLE}
    told = _stored(row for row in found if row[1] not in opened)
    for code, row in _frozen(opened) if opened else ():
        told[code].append(row)
    return told


def _stored(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Told]]:
    """One `Told` for each action line; its sources come as rows of their own."""
    lines: dict[int, tuple[str, Told]] = {}
    for pk, _report, _status, code, allocated, spent, source, of_source, spent_of in rows:
        told = lines.setdefault(pk, (code, Told(allocated, spent, {})))[1]
        if source is not None:
            told.by_source[source] = (of_source, spent_of)  # type: ignore[index]
    found: dict[str, list[Told]] = defaultdict(list)
    for code, told in lines.values():
        found[code].append(told)
    return found


def _frozen(reports: Iterable[int]) -> Iterator[tuple[str, Told]]:
    rows = Revision.objects.filter(report__in=reports, number=F("report__revision"))
    for revision in rows:
        for action in json.loads(revision.content).get("actions", []):
            yield action["action"], told_of(action)


def told_of(action: Mapping[str, Any]) -> Told:
    """The money of an action as frozen; one frozen before money had sources has none by source."""
    return Told(
        _number(action.get("allocated")),
        _number(action.get("spent")),
        {
            row["source"]: (_number(row["allocated"]), _number(row["spent"]))
            for row in action.get("money", ())
        },
    )


def _number(text: str | Decimal | None) -> Amount:
    return None if text is None else Decimal(text)
