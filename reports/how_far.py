"""How much of many reports is answered, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from common.numbers import show_decimal
from indicators.models import Indicator
from reports.choices import Side
from reports.missing import NARRATIVE_NEEDED, owed_cells
from reports.models import ActionProgress, Line, Narrative, Observation
from reports.money import UNSPLIT, with_unspent


@dataclass
class HowFar:
    """Answers given and answers owed: one for each cell and rating of an indicator, one for each
    action, one for each part of the narrative that is needed."""

    answered: int = 0
    owed: int = 0

    @property
    def is_complete(self) -> bool:
        return self.answered >= self.owed

    @property
    def text(self) -> str:
        return f"{show_decimal(self.answered)} / {show_decimal(self.owed)}"

    def add(self, answered: int, owed: int) -> None:
        self.answered += min(answered, owed)
        self.owed += owed


def _owed_by_indicator(reports: list[int]) -> dict[int, int]:
    """The number of cells each indicator asks for."""
    indicators = Indicator.objects.filter(lines__report__in=reports).distinct()
    splits = indicators.prefetch_related("splits__dimension__categories")
    return {indicator.pk: len(owed_cells(Line(indicator=indicator))) for indicator in splits}


def how_far(reports: Iterable[int]) -> dict[int, HowFar]:
    """Per report (by primary key) how much of it is answered.

    Queries: nine at most, whatever the number of reports.
    """
    keys = list(reports)
    found: dict[int, HowFar] = defaultdict(HowFar)
    owed = _owed_by_indicator(keys)
    counted = Observation.objects.filter(line__report__in=keys).order_by().values("line")
    answers = dict(counted.annotate(number=Count("pk")).values_list("line", "number"))
    ours = Count("ratings", filter=Q(ratings__side=Side.MINISTRY))
    lines = Line.objects.filter(report__in=keys).order_by().annotate(rated=ours)
    for pk, report, indicator, rated in lines.values_list("pk", "report", "indicator", "rated"):
        found[report].add(answers.get(pk, 0), owed[indicator])
        found[report].add(rated, 1)
    done = Count("pk", filter=~Q(status="") & Q(spent__isnull=False) & ~UNSPLIT)
    actions = (
        with_unspent(ActionProgress.objects.filter(report__in=keys)).order_by().values("report")
    )
    for report, number, ready in actions.annotate(number=Count("pk"), ready=done).values_list(
        "report", "number", "ready"
    ):
        found[report].add(ready, number)
    words = Narrative.objects.filter(report__in=keys).values_list("report", *NARRATIVE_NEEDED)
    for report, *needed in words:
        found[report].add(sum(map(bool, needed)), len(needed))
    return found
