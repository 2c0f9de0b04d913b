"""The sentence of each doubt: it names the cell and both figures."""

from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.models import ConsistencyRule, Indicator
from indicators.plausibility import Doubt, DoubtCode
from reports.review_figures import shown_number


def doubt_sentence(found: Doubt, indicator: Indicator, label: str) -> str:
    texts = {
        DoubtCode.BELOW_FLOOR: _(
            "%(cell)s: %(stated)s is below the lowest plausible value, %(against)s."
        ),
        DoubtCode.ABOVE_CEILING: _(
            "%(cell)s: %(stated)s is above the highest plausible value, %(against)s."
        ),
        DoubtCode.DOUBLED: _(
            "%(cell)s: %(stated)s is more than twice the value before, %(against)s."
        ),
        DoubtCode.HALVED: _(
            "%(cell)s: %(stated)s is less than half the value before, %(against)s."
        ),
        DoubtCode.JUMP: _(
            "%(cell)s: %(stated)s is far from the %(count)d values before, which lie from"
            " %(lowest)s to %(highest)s."
        ),
        DoubtCode.GROWTH: _(
            "%(cell)s: the running total grew by %(stated)s; before, it grew by %(lowest)s to"
            " %(highest)s each time."
        ),
        DoubtCode.RUNNING_TOTAL_FELL: _(
            "%(cell)s: the running total fell from %(against)s to %(stated)s."
        ),
    }
    figures = ("stated", "against", "lowest", "highest")
    told = {name: shown_number(indicator, getattr(found, name)) for name in figures}
    return texts[found.code] % {**told, "cell": label, "count": found.count}


def contradiction(
    rule: ConsistencyRule,
    names: tuple[str, str],
    ours: tuple[Indicator, Decimal],
    theirs: tuple[Indicator, Decimal],
) -> str:
    """`names` are those of the cell here and there."""
    text = _(
        "%(cell)s: %(stated)s is less than %(against)s in %(code)s (%(other)s). %(explanation)s"
    )
    if ours[1] > theirs[1]:
        text = _(
            "%(cell)s: %(stated)s is more than %(against)s in %(code)s (%(other)s). %(explanation)s"
        )
    return text % {
        "cell": names[0],
        "stated": shown_number(*ours),
        "against": shown_number(*theirs),
        "code": theirs[0].code,
        "other": names[1],
        "explanation": _ended(rule.explanation or ""),
    }


def _ended(sentence: str) -> str:
    """A sentence with its full stop."""
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
