"""How the figures came about, and where each indicator's baseline and definition come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from common.cells import Column, Value
from common.numbers import show_decimal
from common.workbook import Sheet
from indicators.choices import Certainty, Kind, OverTime, OverUnits, Sensitivity, ValueMeaning
from indicators.models import Indicator, Plan
from indicators.progress import RULES_VERSION
from indicators.wording import explained
from reports.assessing import rounded
from reports.exports.figures import IndicatorRow
from reports.queries import baseline_of

HUNDRED = 100
Pair = tuple[str, str]


def method_sheet(plan: Plan) -> Sheet:
    """Terms and sentences, the same as on the public page of the method."""
    columns = [
        Column(_("What"), lambda row: row[0], width=34),
        Column(_("Explanation"), lambda row: row[1], width=110),
    ]
    return Sheet(_("Method"), columns, [*_combined(), *_judged(plan), *_hidden()])


def _combined() -> list[Pair]:
    return [
        (
            _("Counts"),
            _("Counts of what happened are added up over the quarters and over the institutions."),
        ),
        (_("Levels"), _("A level is the latest one reported. Levels are not added up over time.")),
        (
            _("Percentages"),
            _(
                "Percentages are never averaged. Their numerators and their denominators are added up first: 1 of 10 and 90 of 100 make 91 of 110, which is 82.7 %, not 50 %."  # noqa: E501 -- one text to translate
            ),
        ),
        (
            _("Coverage"),
            _(
                "Coverage says how many of the institutions that owed a figure gave one. It is always shown."  # noqa: E501 -- one text to translate
            ),
        ),
    ]


def _judged(plan: Plan) -> list[Pair]:
    words = explained()
    limits = {
        "on_track": show_decimal(plan.on_track_at),
        "at_risk": show_decimal(plan.at_risk_at),
        "coverage": show_decimal(HUNDRED * plan.coverage_at),
    }
    sentence = _(
        "On track from a pace of %(on_track)s, at risk from %(at_risk)s; enough institutions "
        "reported from a coverage of %(coverage)s %%. Indicators with their own are marked in "
        "the sheet of sources."
    )
    return [
        *((str(status.label), text) for status, text in words["statuses"]),
        *((str(mark.label), text) for mark, text in words["marks"]),
        (_("Thresholds of this plan"), sentence % limits),
        (_("Version of the rules"), RULES_VERSION),
    ]


def _hidden() -> list[Pair]:
    return [
        (
            _("Blank"),
            _("Not answered, not known or not for you. Zero is written as 0."),
        ),
        (
            _("restricted"),
            _("The figures of this indicator never appear in public, and are not for you here."),
        ),
        (
            _("protected"),
            _("Small counts that could point to a person: the true figures are not for you here."),
        ),
        (
            str(_("Withheld")),
            _("The institution has a figure and does not give it, with its reason."),
        ),
    ]


@dataclass(frozen=True)
class SourceRow:
    """An indicator and where it comes from; the baseline only where its figures are hers."""

    indicator: Indicator
    is_open: bool

    @property
    def responsible(self) -> str:
        return ", ".join(sorted(row.code for row in self.indicator.responsible.all()))

    @property
    def baseline(self) -> Value:
        return rounded(baseline_of(self.indicator)) if self.is_open else None

    @property
    def kind(self) -> str:
        return str(Kind(self.indicator.kind).label)

    @property
    def meaning(self) -> str:
        return str(ValueMeaning(self.indicator.value_meaning).label)

    @property
    def over_time(self) -> str:
        return str(OverTime(self.indicator.over_time).label)

    @property
    def over_units(self) -> str:
        return str(OverUnits(self.indicator.over_units).label)

    @property
    def certainty(self) -> str:
        return str(Certainty(self.indicator.certainty).label)

    @property
    def sensitivity(self) -> str:
        return str(Sensitivity(self.indicator.sensitivity).label)

    @property
    def thresholds(self) -> str:
        """Its own, where it has any, with the reason."""
        own: list[Decimal | None] = [self.indicator.on_track_at, self.indicator.at_risk_at]
        if own == [None, None]:
            return ""
        told = " / ".join("–" if value is None else show_decimal(value) for value in own)
        return f"{told} {self.indicator.threshold_reason}".strip()


def sources_sheet(indicators: Sequence[Indicator], rows: Sequence[IndicatorRow]) -> Sheet:
    """The indicators of the workbook. `rows` say whose figures are withheld in any quarter."""
    withheld = {row.indicator.code for row in rows if row.withheld}
    seen = {row.indicator.code for row in rows} - withheld
    told = [
        SourceRow(row, row.code in seen or row.sensitivity == Sensitivity.PUBLIC)
        for row in indicators
    ]
    columns = [
        Column(_("Objective"), "indicator.objective.code", width=11),
        Column(_("Indicator"), "indicator.code", width=11),
        Column(_("Title"), "indicator.title", width=40),
        Column(_("Definition"), "indicator.definition", width=44),
        Column(_("Unit"), "indicator.unit", width=12),
        Column(_("Kind"), "kind", width=14),
        Column(_("One value says"), "meaning", width=20),
        Column(_("Over time"), "over_time", width=14),
        Column(_("Over institutions"), "over_units", width=16),
        Column(_("Responsible"), "responsible", width=14),
        Column(_("Baseline"), "baseline", "number", 12),
        Column(_("Baseline date"), "indicator.baseline_date", "date", 13),
        Column(_("Baseline source"), "indicator.baseline_source", width=34),
        Column(_("Source"), "indicator.source", width=34),
        Column(_("How sure"), "certainty", width=20),
        Column(_("Protection"), "sensitivity", width=16),
        Column(_("Own thresholds"), "thresholds", width=20),
    ]
    return Sheet(_("Sources"), columns, told)
