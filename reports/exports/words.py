"""Rows of words and money: actions, narratives, and what the coalition said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from common.numbers import show_decimal
from indicators.models import Action
from reports.choices import ActionStatus, Outcome, Verdict
from reports.exports.source import Source
from reports.models import Remark, Report, Review
from reports.money import overspent, told_of
from reports.rules import is_other_side, sees_live, sees_remark


@dataclass(frozen=True)
class ActionRow:
    """One action in one report, with its money in the quarter.

    `overspent` tells where more was spent than allocated to date, as the form and the review have
    it: "" for the action, then each such source.
    """

    report: Report
    action: Action
    status: ActionStatus | None
    allocated: Decimal | None
    spent: Decimal | None
    comment: str
    overspent: tuple[str, ...] = ()

    @property
    def planned(self) -> Decimal | None:
        """Planned for the whole plan; None where no money was planned, which is not zero."""
        fundings = [funding.planned for funding in self.action.fundings.all()]
        return sum(fundings, Decimal(0)) if fundings else None

    @property
    def sources(self) -> str:
        """Each source of funds; with its share where there are several."""
        fundings = sorted(self.action.fundings.all(), key=lambda f: f.source)
        if len(fundings) == 1:
            return fundings[0].source
        return "; ".join(f"{f.source}: {show_decimal(f.planned)}" for f in fundings)

    @property
    def warning(self) -> str:
        return " ".join(_overspent_text(source) for source in self.overspent)


def _overspent_text(source: str) -> str:
    if not source:
        return _("More was spent than allocated.")
    text = _("%(source)s: more was spent to date than allocated from this source.")
    return text % {"source": source}


def _decimal(figure: Decimal | str | None) -> Decimal | None:
    return None if figure is None else Decimal(figure)


def action_rows(source: Source) -> list[ActionRow]:
    """By institution and action."""
    rows = []
    for report in source.reports:
        for owed in source.actions.get(report.pk, ()):
            told = source.action(report, owed.action.code)
            before = source.money_before(report, owed.action.code)
            rows.append(
                ActionRow(
                    report,
                    owed.action,
                    ActionStatus(told["status"]) if told.get("status") else None,
                    _decimal(told.get("allocated")),
                    _decimal(told.get("spent")),
                    told.get("note", ""),
                    tuple(overspent(before, told_of(told))),
                )
            )
    return rows


@dataclass(frozen=True)
class NarrativeRow:
    """A report in words."""

    report: Report
    words: dict[str, str]

    def said(self, name: str) -> str:
        return self.words.get(name, "")


def narrative_rows(source: Source) -> list[NarrativeRow]:
    """By institution."""
    return [NarrativeRow(report, source.narrative(report)) for report in source.reports]


@dataclass(frozen=True)
class ReviewRow:
    """A round of review as a whole, or one verdict in it."""

    report: Report
    review: Review
    part: str
    code: str = ""
    title: str = ""
    verdict: Verdict | None = None
    text: str = ""
    reviewer: str = ""
    reply: str = ""

    @property
    def outcome(self) -> str:
        return str(Outcome(self.review.outcome).label) if self.review.outcome else _("Open")

    @property
    def taken_at(self) -> datetime:
        return self.review.taken_at


def reads_remarks(source: Source) -> bool:
    """Whether remarks are for this person at all: they are for both sides and the secretariat."""
    user = source.user
    return any(is_other_side(user, r) or sees_live(user, r) for r in source.reports)


def review_rows(source: Source) -> list[ReviewRow]:
    """By institution and round: the round itself, then its verdicts in the order of the form."""
    return [
        row
        for report in source.reports
        for review in source.reviews.get(report.pk, ())
        for row in _round(source, report, review)
    ]


def _round(source: Source, report: Report, review: Review) -> Iterator[ReviewRow]:
    """A round is for those for whom a remark in it would be."""
    reviewer = str(review.reviewer) if source.knows_reviewers else ""
    if sees_remark(source.user, report, Remark(review=review)):
        yield ReviewRow(report, review, _("Whole report"), text=review.reason, reviewer=reviewer)
    said = {
        (remark.line_id, remark.action_id): remark
        for remark in source.remarks.get(review.pk, ())
        if sees_remark(source.user, report, remark)
    }
    for key, part, code, title in _parts(source, report):
        if key in said:
            yield _verdict(report, review, said[key], (part, code, title), reviewer)


def _verdict(
    report: Report, review: Review, remark: Remark, place: tuple[str, str, str], reviewer: str
) -> ReviewRow:
    verdict = Verdict(remark.verdict)
    return ReviewRow(report, review, *place, verdict, remark.text, reviewer, remark.reply)


Place = tuple[tuple[int | None, int | None], str, str, str]


def _parts(source: Source, report: Report) -> Iterator[Place]:
    """The parts of a report that get a verdict, in the order of the form."""
    for line in source.lines.get(report.pk, ()):
        yield (line.pk, None), _("Indicator"), line.indicator.code, line.indicator.title
    for row in source.actions.get(report.pk, ()):
        yield (None, row.pk), _("Action"), row.action.code, row.action.title
    yield (None, None), _("Narrative"), "", ""
