"""What a reviewer reads of a report, as the pieces that get one verdict each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Model

from indicators.choices import Status
from indicators.models import Indicator, Target
from reports.choices import ActionStatus, RatingValue, ReportStatus, Verdict
from reports.models import (
    Evidence,
    LightReply,
    Period,
    Rating,
    Remark,
    Report,
    Review,
    Revision,
)
from reports.money import Told
from reports.plausible import Doubt
from reports.review_figures import Figure
from reports.review_rounds import Event, events_of
from reports.sections import MAX_CELLS

Content = dict[str, Any]


@dataclass(frozen=True)
class Earlier:
    """A figure of an earlier quarter and that quarter."""

    figure: Figure | None
    amount: Decimal | None
    period: Period


@dataclass(frozen=True)
class CellRow:
    """One cell side by side with what it should be held against."""

    label: str
    now: Figure | None
    earlier: Earlier | None
    target: Target | None
    target_text: str
    expected_text: str
    doubts: list[Doubt]
    course: list[str]
    is_changed: bool
    replaced: Figure | None

    @property
    def signs(self) -> list[str]:
        """What is unusual about it, in sentences: nothing is judged for the reviewer."""
        return [*(doubt.text for doubt in self.doubts), *self.course]


@dataclass(frozen=True)
class File:
    """A file of evidence as frozen, and its row while it is kept."""

    name: str
    stored: Evidence | None
    is_new: bool


@dataclass(kw_only=True)
class Part:
    """What gets one verdict: an indicator, an action or the narrative."""

    kind: str
    key: str
    code: str
    title: str
    subject: Model | None = None
    remark: Remark | None = None
    earlier_remarks: list[Remark] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    note: str = ""
    is_changed: bool = False

    page: int = 1
    form: Any = None

    @property
    def place(self) -> tuple[int | None, int | None]:
        """The line or the action it is; neither is the narrative."""
        pk = self.subject.pk if self.subject else None
        return (pk if self.kind == "line" else None, pk if self.kind == "action" else None)

    @property
    def is_flagged(self) -> bool:
        return self.remark is not None and self.remark.verdict == Verdict.FLAGGED

    @property
    def verdict(self) -> Verdict | None:
        return Verdict(self.remark.verdict) if self.remark else None

    @property
    def last_remark(self) -> Remark | None:
        return self.earlier_remarks[-1] if self.earlier_remarks else None

    @property
    def last_verdict(self) -> Verdict | None:
        return Verdict(self.last_remark.verdict) if self.last_remark else None

    @property
    def weight(self) -> int:
        """How much room it takes on a page, in cells."""
        return 6


@dataclass(kw_only=True)
class LinePart(Part):
    """An indicator under review."""

    indicator: Indicator
    cells: list[CellRow]
    hidden: bool
    ministry: RatingValue | None
    ministry_reason: str
    rating: Rating | None
    reply: LightReply | None
    computed: Status | None
    course_note: str

    @property
    def coalition(self) -> RatingValue | None:
        return RatingValue(self.rating.value) if self.rating else None

    @property
    def rating_pair(self) -> tuple[str, str] | None:
        return (self.rating.value, self.rating.reason) if self.rating else None

    def rate(self, rating: tuple[str, str] | None) -> None:
        """Show a rating that has just been saved."""
        self.rating = Rating(value=rating[0], reason=rating[1]) if rating else None

    @property
    def signs(self) -> list[str]:
        """What is unusual about any of its cells, each said once."""
        return list(dict.fromkeys(sign for cell in self.cells for sign in cell.signs))

    @property
    def has_doubts(self) -> bool:
        """Whether its figures asked for a comment, which then stands beside the doubts."""
        return any(cell.doubts for cell in self.cells)

    @property
    def weight(self) -> int:
        return max(6, len(self.cells))


@dataclass(frozen=True)
class MoneyRow:
    """One source of funds of an action: now, in the quarter before, and in the old revision."""

    source: str
    planned: Decimal | None
    allocated: Decimal | None
    spent: Decimal | None
    earlier_spent: Decimal | None
    is_changed: bool
    replaced: tuple[Decimal | None, Decimal | None] | None


@dataclass(kw_only=True)
class ActionPart(Part):
    """An action under review, with its money in the plan's currency."""

    status: ActionStatus | None
    earlier_status: ActionStatus | None
    planned: Decimal | None
    allocated: Decimal | None
    spent: Decimal | None
    earlier_spent: Decimal | None
    money: list[MoneyRow] = field(default_factory=list)
    overspent: list[str] = field(default_factory=list)
    replaced: Told | None = None

    @property
    def is_overspent(self) -> bool:
        """Whether more was spent to date than allocated, in all."""
        return "" in self.overspent

    @property
    def sources_overspent(self) -> list[str]:
        return [source for source in self.overspent if source]

    @property
    def lacks_sources(self) -> bool:
        """Whether it has several sources in the plan, and not all of them are told."""
        return any(row.spent is None for row in self.money)


@dataclass(frozen=True)
class Words:
    """One field of the narrative beside the quarter before."""

    label: str
    now: str
    earlier: str
    is_changed: bool


@dataclass(kw_only=True)
class NarrativePart(Part):
    """The narrative under review."""

    words: list[Words]


@dataclass
class Dossier:
    """Everything of one report that the coalition reads."""

    report: Report
    reviews: list[Review]
    content: Content
    compared: Revision | None
    earlier: Sequence[Revision]
    parts: list[Part] = field(default_factory=list)

    @property
    def review(self) -> Review | None:
        """The round whose verdicts are shown; none while nobody has taken what was submitted."""
        waiting = self.report.state is ReportStatus.SUBMITTED
        return None if waiting or not self.reviews else self.reviews[-1]

    @property
    def before(self) -> Review | None:
        """The last round that ended before the one shown."""
        done = [r for r in self.reviews if r.outcome and r != self.review]
        return done[-1] if done else None

    @property
    def previous(self) -> Revision | None:
        """The quarter before, as it was last submitted."""
        return self.earlier[-1] if self.earlier else None

    @property
    def timeline(self) -> list[Event]:
        """Every round, newest first."""
        return [event for review in reversed(self.reviews) for event in events_of(review)]

    def part(self, key: str) -> Part | None:
        return next((part for part in self.parts if part.key == key), None)

    def pages(self) -> list[list[Part]]:
        """The parts cut into pages that a browser and the server can carry."""
        pages: list[list[Part]] = [[]]
        for part in self.parts:
            room = MAX_CELLS - sum(p.weight for p in pages[-1])
            if pages[-1] and part.weight > room:
                pages.append([])
            pages[-1].append(part)
            part.page = len(pages)
        return pages

    @property
    def undecided(self) -> list[Part]:
        return [part for part in self.parts if part.remark is None]

    @property
    def flagged(self) -> list[Part]:
        return [part for part in self.parts if part.is_flagged]

    @property
    def decided(self) -> int:
        return len(self.parts) - len(self.undecided)

    @property
    def share(self) -> Decimal:
        """Decided parts of all, from 0 to 1."""
        return Decimal(self.decided) / (len(self.parts) or 1)

    @property
    def unrated(self) -> int:
        """Indicators that the coalition has not rated yet."""
        lines = [part for part in self.parts if isinstance(part, LinePart)]
        return sum(1 for part in lines if part.rating is None)
