"""Why an indicator needs attention next, in sentences a minister can act on."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.numbers import NBSP, show_decimal
from indicators.choices import Mark, Status
from publishing.reading import Assessment, Indicator, Line, Parts
from publishing.reading.insight import Gap, gaps, trend
from publishing.wording import coverage_text


def reasons(row: Indicator) -> list[str]:
    """What makes it urgent: its pace, its age, its coverage, and where the two sides differ.

    Nothing of protected figures is told: their pace is not in an edition.
    """
    now = row.now
    if now is None:
        return []
    told = [_pace(now), *_cautions(now), *(_difference(line) for line in row.lines_now)]
    return [text for text in told if text]


def _pace(now: Assessment) -> str:
    if now.status is Status.REGRESSING:
        return _("It is worse than where it started.")
    if now.status is Status.NOT_MET:
        return _("Its target is not reached, and where it started is unknown.")
    if now.pace is None:
        return ""
    share = (now.pace * 100).quantize(Decimal(1))
    if share <= 0:
        return _("Nothing of the way that was due by now has been gone.")
    return _("It has gone %(share)s of the way that was due by now.") % {
        "share": f"{show_decimal(share)}{NBSP}%"
    }


def _cautions(now: Assessment) -> list[str]:
    told = []
    if Mark.STALE in now.marks:
        told.append(_("Its figure is older than one quarter."))
    if Mark.PROVISIONAL in now.marks:
        told.append(coverage_text(now))
    if Mark.INCOMPLETE in now.marks:
        told.append(_("A part of its figure is missing."))
    return told


def _difference(line: Line) -> str:
    """Where the sides see it differently, in a sentence."""
    if not (line.differs and line.ministry and line.coalition):
        return ""
    return _("%(institution)s sees it as “%(ministry)s”, the coalition as “%(coalition)s”.") % {
        "institution": line.institution,
        "ministry": line.ministry.value.label,
        "coalition": line.coalition.value.label,
    }


@dataclass(frozen=True)
class Missing:
    """The figures that were due in a quarter and are not there."""

    gaps: list[Gap]
    due: int

    @property
    def share(self) -> Decimal | None:
        return Decimal(len(self.gaps)) / self.due if self.due else None

    @property
    def sentence(self) -> str:
        """How many of how many."""
        return ngettext(
            "%(missing)s of %(due)s figure that was due is missing.",
            "%(missing)s of %(due)s figures that were due are missing.",
            self.due,
        ) % {"missing": len(self.gaps), "due": self.due}


WELL = frozenset({Status.ACHIEVED, Status.MET, Status.ON_TRACK})


def well_sentence(parts: Parts) -> str:
    """How many are achieved, met or on track, in the last quarter and in the one before."""
    told = [
        sum(n for status, n in found if status in WELL) for _q, found in trend(parts, tuple(Status))
    ]
    if not told:
        return ""
    said = _("Achieved, met or on track: %(now)s of %(all)s indicators") % {
        "now": told[-1],
        "all": len(parts.indicators),
    }
    if len(told) == 1:
        return f"{said}."
    return f"{said}; " + _("one quarter before: %(before)s.") % {"before": told[-2]}


def missing_of(parts: Parts, quarter: str) -> Missing:
    """The gaps of a quarter beside everything that was due in it, restricted figures left out."""
    found = gaps(parts, quarter)
    return Missing(found, _due(parts.indicators.values(), quarter, found))


def _due(rows: Iterable[Indicator], quarter: str, found: list[Gap]) -> int:
    """A figure for each report there is, and one for each that is absent."""
    absent = sum(1 for gap in found if gap.observation is None)
    there = sum(
        len(row.lines_in(quarter))
        for row in rows
        if not row.is_restricted and quarter in row.assessments
        if row.assessments[quarter].status is not Status.NOT_DUE
    )
    return there + absent
