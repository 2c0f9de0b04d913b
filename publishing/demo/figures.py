"""Invented figures that follow each indicator's own rules, baseline and target."""

from decimal import ROUND_HALF_UP, Decimal
from random import Random

from indicators.cells import TOTAL, part_cells
from indicators.choices import Direction, Kind, ObservationState, ValueMeaning
from indicators.models import Indicator
from reports.models import Observation
from reports.queries import baseline_of, current_targets

QUARTERS = 13
"""From the first demonstrated quarter to the end of the plan."""

CAMPAIGN = ("ALB-D01", 7, "MSHMS")
"""Indicator, quarter and institution of one figure far above all others: it asks for a comment."""
CAMPAIGN_FACTOR = 3

WHOLE = Decimal(1)
TENTH = Decimal("0.1")
FRACTIONAL = (Kind.SCORE, Kind.MILESTONE)


def chance(*parts: object) -> Random:
    """Repeatable chance of its own for whatever the parts name."""
    return Random(":".join(map(str, ("1325", *parts))))  # noqa: S311 - figures, not secrets


def _round(value: Decimal, indicator: Indicator) -> Decimal:
    step = TENTH if indicator.kind in FRACTIONAL else WHOLE
    return max(Decimal(0), value.quantize(step, ROUND_HALF_UP))


def _ends(indicator: Indicator) -> tuple[Decimal, Decimal]:
    """Where an indicator starts and where it should end."""
    targets = current_targets(indicator)
    start = baseline_of(indicator) or Decimal(0)
    return start, targets[-1].value if targets else start * 2 or Decimal(40)


def drive_of(indicator: Indicator) -> Decimal:
    """How far an indicator goes of the way it should: 1 is exactly as planned."""
    drives = ("0.4", "0.82", "0.9", "1", "1", "1.05", "1.1", "1.15")
    return Decimal(chance(indicator.code).choice(drives))


def _level(indicator: Indicator, quarter: int) -> Decimal:
    """The whole country's figure at the end of a quarter (0 is the first)."""
    start, end = _ends(indicator)
    drive = drive_of(indicator)
    way = (Decimal(quarter) + 4) / (QUARTERS + 3)
    if indicator.direction == Direction.MAINTAIN:
        swing = Decimal(str(chance(indicator.code, quarter).uniform(-0.8, 0.8)))
        return end + swing * indicator.tolerance
    if indicator.value_meaning == ValueMeaning.IN_PERIOD:
        share = Decimal(str(chance(indicator.code, quarter).uniform(0.7, 1.3)))
        return max(end, Decimal(6)) * drive * share / QUARTERS
    return start + (end - start) * way * drive


def _parts(total: int, weights: list[float]) -> list[int]:
    """Cut a whole number into parts that add up to it."""
    cuts = [int(total * weight / sum(weights)) for weight in weights]
    cuts[0] += total - sum(cuts)
    return cuts


def _weights(indicator: Indicator, group: str, count: int) -> list[float]:
    luck = chance(indicator.code, group)
    return [luck.uniform(0.2, 1.0) for _ in range(count)]


def _answer(indicator: Indicator, cell: str, top: int, rest: int) -> Observation:
    if indicator.is_share:
        return Observation(cell=cell, numerator=Decimal(top), denominator=Decimal(top + rest))
    return Observation(cell=cell, value=Decimal(top))


def _split(indicator: Indicator, top: int, rest: int) -> list[Observation]:
    """The parts of every dimension, adding up to their total."""
    found = []
    for group, cells in part_cells(indicator):
        weights = _weights(indicator, group.title, len(cells))
        tops, rests = _parts(top, weights), _parts(rest, weights)
        found += [
            _answer(indicator, cell.key, *pair)
            for cell, pair in zip(cells, zip(tops, rests, strict=True), strict=True)
        ]
    return found


def _share(indicator: Indicator, level: Decimal, unit: str) -> tuple[int, int]:
    """Numerator and the rest of its denominator for one institution."""
    base = int(indicator.baseline_denominator or chance(indicator.code, unit).randint(80, 900))
    share = int((level * base / 100).quantize(WHOLE, ROUND_HALF_UP))
    top = min(base, max(0, share))
    return top, base - top


def answers(indicator: Indicator, quarter: int, unit: str, units: int) -> list[Observation]:
    """What one of `units` institutions answers for an indicator in a quarter."""
    luck = chance(indicator.code, quarter, unit)
    if indicator.is_text:
        text = "Consultations were held with the regional offices; the minutes are attached."
        return [Observation(cell=TOTAL, text=text)]
    if luck.random() < 0.04 and not indicator.splits.all():
        reason = "The registry closes its books after the reporting date."
        state = ObservationState.NOT_AVAILABLE
        return [Observation(cell=TOTAL, state=state, reason=reason)]
    level = _level(indicator, quarter)
    if indicator.kind == Kind.YES_NO:
        since = chance(indicator.code, unit).randint(2, 6)
        return [Observation(cell=TOTAL, value=Decimal(int(quarter >= since)))]
    if indicator.is_share:
        top, rest = _share(indicator, level, unit)
    else:
        top, rest = 0, 0
        level = _round(level if indicator.kind in FRACTIONAL else level / units, indicator)
        if indicator.kind in FRACTIONAL:
            return [Observation(cell=TOTAL, value=level)]
        top = int(level) * (CAMPAIGN_FACTOR if (indicator.code, quarter, unit) == CAMPAIGN else 1)
    return [_answer(indicator, TOTAL, top, rest), *_split(indicator, top, rest)]
