"""The live example of the method page: a case, judged by the rules and told step by step.

Nothing here is computed twice: `indicators.progress.assess` gives the result, the steps
say in words what it did with these figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.charts import ChartPoint, LineChart, line_chart
from common.numbers import NBSP, plain, show_decimal
from indicators.choices import BaselineState, Direction, Mark, ObservationState, Status
from indicators.progress import Assessment, Inputs, assess, expected_value

ONE, HUNDRED = Decimal(1), Decimal(100)
CASE = {
    "baseline": "100",
    "target": "20",
    "actual": "50",
    "expected": "60",
    "direction": "decrease",
    "written": "en",
}
"""What the page shows before anything is typed."""


@dataclass(frozen=True)
class Explained:
    """A case with its result, its steps in words and its drawing."""

    inputs: Inputs
    result: Assessment
    steps: list[tuple[str, str]]
    chart: LineChart | None


def inputs_of(typed: Mapping[str, Any], thresholds: Mapping[str, Decimal]) -> Inputs:
    """The inputs of the rules from what was typed; a blank stays unknown and is never zero."""
    baseline, actual = typed["baseline"], typed["actual"]
    coverage = typed["coverage"]
    limits: dict[str, Any] = dict(thresholds)
    return Inputs(
        direction=typed["direction"],
        actual=actual,
        target=typed["target"],
        baseline=baseline,
        expected=_expected(typed),
        tolerance=typed["tolerance"] or Decimal(0),
        coverage=ONE if coverage is None else coverage / HUNDRED,
        baseline_state=BaselineState.UNKNOWN if baseline is None else BaselineState.KNOWN,
        observation_state=None if actual is None else ObservationState.VALUE,
        is_final=typed["is_final"],
        **limits,
    )


def _expected(typed: Mapping[str, Any]) -> Decimal | None:
    """The value expected by then: as typed, else read from the line between the days."""
    if typed["expected"] is not None:
        return Decimal(typed["expected"])
    since, until, at = (typed[name] for name in ("since", "until", "at"))
    if typed["target"] is None or not (since and until and at):
        return None
    return expected_value(since, typed["baseline"], [(until, typed["target"])], at)


def explained(inputs: Inputs) -> Explained:
    """Judge a case and tell how."""
    result = assess(inputs)
    steps = [_figure(inputs), _progress(inputs, result), _pace(inputs, result)]
    steps += [_status(inputs, result), *_marks(inputs, result)]
    return Explained(inputs, result, steps, _chart(inputs))


def shown(value: Decimal | None) -> str:
    """A figure to four decimals at most, as the reader writes it."""
    if value is None:
        return "–"
    return show_decimal(value.quantize(Decimal("0.0001"), ROUND_HALF_UP))


def share(value: Decimal) -> str:
    """A share as a percentage to a tenth."""
    return f"{show_decimal((value * HUNDRED).quantize(Decimal('0.1'), ROUND_HALF_UP))}{NBSP}%"


def _figure(inputs: Inputs) -> tuple[str, str]:
    if inputs.actual is None:
        return _("The figure"), _("A figure was due and none was given. Blank is not zero.")
    told = _("The figure is %(actual)s. It comes from %(coverage)s of the institutions.")
    return _("The figure"), told % {
        "actual": shown(inputs.actual),
        "coverage": share(inputs.coverage),
    }


def _named(inputs: Inputs) -> dict[str, str]:
    names = ("baseline", "target", "actual", "expected", "tolerance")
    return {name: shown(getattr(inputs, name)) for name in names}


def _progress(inputs: Inputs, result: Assessment) -> tuple[str, str]:
    """The way gone as a share of the whole way, with the figures filled in."""
    heading, told = _("Progress"), _named(inputs)
    if result.progress is None:
        return heading, _(
            "Without a figure, a baseline and a target to hold it against there is none."
        )
    told["share"] = share(result.progress)
    if inputs.direction is Direction.MAINTAIN or inputs.target == inputs.start:
        text = _("The level is to stay at %(target)s within %(tolerance)s: progress is %(share)s.")
        return heading, text % told
    text = _(
        "(figure − baseline) / (target − baseline) = (%(actual)s − %(baseline)s) / "
        "(%(target)s − %(baseline)s) = %(share)s of the way."
    )
    return heading, text % told


def _pace(inputs: Inputs, result: Assessment) -> tuple[str, str]:
    """The way gone as a share of the way that was due, with the figures filled in."""
    heading, told = _("Pace"), _named(inputs)
    if result.pace is None:
        return heading, _(
            "There is none: a pace needs a baseline, a direction and an expected value."
        )
    told["pace"] = shown(result.pace)
    expected = inputs.target if inputs.expected is None else inputs.expected
    told["expected"] = shown(expected)
    start = inputs.start
    if start is None or expected is None or inputs.direction.sign * (expected - start) <= 0:
        return heading, _("Nothing was due by then, so the pace is %(pace)s.") % told
    text = _(
        "(figure − baseline) / (expected − baseline) = (%(actual)s − %(baseline)s) / "
        "(%(expected)s − %(baseline)s) = %(pace)s."
    )
    return heading, text % told


def _status(inputs: Inputs, result: Assessment) -> tuple[str, str]:
    """The first rule that holds, in words."""
    told = _named(inputs) | {
        "pace": shown(result.pace),
        "good": shown(inputs.on_track_at),
        "fair": shown(inputs.at_risk_at),
        "coverage": share(inputs.coverage),
        "enough": share(inputs.coverage_at),
    }
    return _("Status"), _rule(inputs, result.status) % told


def _rule(inputs: Inputs, status: Status) -> str:
    if inputs.direction is Direction.MAINTAIN and status in _LEVEL:
        return str(_LEVEL[status])
    return str(_RULES[status])


_RULES = {
    Status.NO_DATA: gettext_lazy("Without a figure there is no data to judge."),
    Status.REPORTED: gettext_lazy("There is nothing to hold %(actual)s against."),
    Status.MET: gettext_lazy(
        "The baseline is unknown, and %(actual)s meets the target %(target)s."
    ),
    Status.NOT_MET: gettext_lazy(
        "The baseline is unknown, and %(actual)s does not meet the target %(target)s."
    ),
    Status.ACHIEVED: gettext_lazy(
        "%(actual)s is as good as the target %(target)s or better, and %(coverage)s of the "
        "institutions reported (%(enough)s are enough)."
    ),
    Status.REGRESSING: gettext_lazy(
        "%(actual)s is worse than the baseline %(baseline)s by more than "
        "the tolerance %(tolerance)s."
    ),
    Status.ON_TRACK: gettext_lazy("The pace %(pace)s is at least %(good)s."),
    Status.AT_RISK: gettext_lazy("The pace %(pace)s is below %(good)s and at least %(fair)s."),
    Status.OFF_TRACK: gettext_lazy("The pace %(pace)s is below %(fair)s."),
}

_LEVEL = {
    Status.ACHIEVED: gettext_lazy(
        "On the final day %(actual)s is within %(tolerance)s of %(target)s, and enough reported."
    ),
    Status.ON_TRACK: gettext_lazy("%(actual)s is within %(tolerance)s of %(target)s."),
    Status.AT_RISK: gettext_lazy(
        "%(actual)s is more than %(tolerance)s from %(target)s, but not twice as much."
    ),
    Status.OFF_TRACK: gettext_lazy("%(actual)s is more than twice %(tolerance)s from %(target)s."),
}


def _marks(inputs: Inputs, result: Assessment) -> list[tuple[str, str]]:
    if Mark.PROVISIONAL not in result.marks:
        return []
    text = _("Only %(coverage)s of the institutions reported; below %(enough)s it is provisional.")
    told = {"coverage": share(inputs.coverage), "enough": share(inputs.coverage_at)}
    return [(_("Caution"), text % told)]


def _chart(inputs: Inputs) -> LineChart | None:
    """Start, figure and target as three places of a line; nothing where there is no figure."""
    if inputs.actual is None:
        return None
    points = [
        ChartPoint(_("Baseline"), inputs.start, inputs.start),
        ChartPoint(_("Reported"), inputs.actual, inputs.expected),
        ChartPoint(_("Target"), None, inputs.target),
    ]
    return line_chart(points, target=inputs.target, uid="example")


def address_of(**case: object) -> str:
    """A case as an address that can be sent: numbers as they are written in English."""
    told = {n: plain(v) if isinstance(v, Decimal) else str(v) for n, v in case.items() if v != ""}
    return urlencode({**told, "written": "en"})


def trial_of(inputs: Mapping[str, Any] | None, plan: str) -> str:
    """The published inputs of a status as an address of the example; nothing where none are told.

    What the example does not ask for (the age of a figure, missing parts) gives marks only.
    """
    if not inputs or inputs.get("actual") is None:
        return ""
    names = ("baseline", "target", "actual", "expected", "tolerance")
    told = {name: "" if inputs.get(name) is None else Decimal(inputs[name]) for name in names}
    if inputs.get("baseline_state") != BaselineState.KNOWN:
        told["baseline"] = Decimal(0) if inputs["baseline_state"] == BaselineState.ZERO else ""
    share = HUNDRED * Decimal(inputs.get("coverage") or 1)
    more = {"is_final": "on"} if inputs.get("is_final") else {}
    return address_of(**told, direction=inputs["direction"], coverage=share, plan=plan, **more)


def ready() -> list[tuple[str, str]]:
    """Cases that are known to mislead: what they show, and their address."""
    fall, rise = Direction.DECREASE.value, Direction.INCREASE.value
    cases: list[tuple[str, dict[str, object]]] = [
        (_("Less is better: from 100 to 20"), {**CASE}),
        (_("Half as fast as due: from 12 to 0"), _case(12, 0, 9, 6, fall)),
        (_("A target of zero that is reached"), _case(12, 0, 0, 6, fall)),
        (_("A reported zero"), _case(0, 30, 0, 10, rise)),
        (
            _("A level to be kept"),
            {**_case(30, 30, 29, "", Direction.MAINTAIN.value), "tolerance": 2},
        ),
        (_("Worse than at the start"), _case(20, 40, 18, 30, rise)),
        (_("Half of the institutions"), {**_case(100, 20, 15, 60, fall), "coverage": 50}),
        (_("An unknown baseline"), _case("", 90, 89, "", rise)),
    ]
    return [(label, address_of(**case)) for label, case in cases]


def _case(
    baseline: object, target: object, actual: object, expected: object, direction: str
) -> dict[str, object]:
    figures = {"baseline": baseline, "target": target, "actual": actual, "expected": expected}
    return {**figures, "direction": direction}
