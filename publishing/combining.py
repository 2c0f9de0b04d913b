"""How figures of institutions and quarters become one, shown on figures that mislead otherwise."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.choices import OverTime, OverUnits, ValueMeaning
from indicators.combine import Amount, Combined, Ratio, national

D = Decimal


@dataclass(frozen=True)
class Sample:
    """Some figures as institutions gave them by quarter, and what the rules make of them."""

    title: str
    told: str
    rows: list[tuple[str, list[str]]]
    whole: Combined

    @property
    def coverage(self) -> Decimal:
        return self.whole.coverage


def _sample(title: str, told: str, units: dict[str, list[Amount | None]], rules: tuple) -> Sample:
    rows = [(name, [_shown(amount) for amount in series]) for name, series in units.items()]
    return Sample(title, told, rows, national(units, *rules))


def _shown(amount: Amount | None) -> str:
    if amount is None:
        return "–"
    if isinstance(amount, Ratio):
        return f"{amount.numerator} / {amount.denominator}"
    return str(amount)


def samples() -> list[Sample]:
    """Percentages, running totals carried forward, and levels; computed by the rules themselves."""
    one, two = _("Ministry 1"), _("Ministry 2")
    return [
        _sample(
            _("Percentages"),
            _("1 of 10 and 90 of 100 are 91 of 110. A mean of both shares would say 50 %."),
            {one: [Ratio(D(1), D(10))], two: [Ratio(D(90), D(100))]},
            (ValueMeaning.SNAPSHOT, OverTime.RATIO_OF_SUMS, OverUnits.RATIO_OF_SUMS),
        ),
        _sample(
            _("Running totals"),
            _("Ministry 2 is silent in the second quarter: its total is carried forward."),
            {one: [D(5), D(9)], two: [D(7), None]},
            (ValueMeaning.RUNNING_TOTAL, OverTime.LATEST, OverUnits.SUM),
        ),
        _sample(
            _("Levels"),
            _("A level is the latest one: 30 and then 32 are 32, not 62."),
            {one: [D(30), D(32)]},
            (ValueMeaning.SNAPSHOT, OverTime.LATEST, OverUnits.SUM),
        ),
    ]
