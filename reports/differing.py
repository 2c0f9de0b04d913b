"""Where ministry and coalition differ in one report, once the coalition has decided.

Its ratings stand still from the decision on, so the rows in the database are what was reviewed.
"""

from dataclasses import dataclass

from django.db.models import QuerySet

from indicators.lights import differ
from reports.choices import RatingValue, Side
from reports.models import LightReply, Line, Rating, Report


@dataclass(frozen=True)
class Differing:
    """One line with both ratings and the ministry's reply, if there is one."""

    line: Line
    ministry: Rating
    coalition: Rating
    reply: LightReply | None

    @property
    def ministry_value(self) -> RatingValue:
        return RatingValue(self.ministry.value)

    @property
    def coalition_value(self) -> RatingValue:
        return RatingValue(self.coalition.value)


def _with_sides(lines: QuerySet[Line]) -> QuerySet[Line]:
    return lines.select_related("indicator", "light_reply__saved_by").prefetch_related("ratings")


def _differing(line: Line) -> Differing | None:
    sides = {rating.side: rating for rating in line.ratings.all()}
    ministry, coalition = sides.get(Side.MINISTRY), sides.get(Side.COALITION)
    if not ministry or not coalition or not differ(ministry.value, coalition.value):
        return None
    return Differing(line, ministry, coalition, getattr(line, "light_reply", None))


def difference_on(line: Line) -> Differing | None:
    """The difference on a line as it stands now; None where the sides agree or one is silent."""
    fresh = _with_sides(Line.objects.all()).get(pk=line.pk)
    fresh.report = line.report
    return _differing(fresh)


def differing_in(report: Report) -> list[Differing]:
    """Every line of a report on which the two sides differ: two queries."""
    lines = list(_with_sides(report.lines.all()))
    for line in lines:
        line.report = report
    return [difference for line in lines if (difference := _differing(line))]
