"""The coalition's side in the admin: verdict, remark and rating beside what was submitted."""

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from accounts.models import User
from reports.choices import Side
from reports.errors import Conflict, Stale
from reports.models import Rating, Remark, Report, Review
from reports.review_forms import ROUND, RemarkForm
from reports.review_parts import Dossier, Part
from reports.review_queries import dossier_of
from reports.review_services import save_verdict
from reports.rules import Person


@dataclass
class Sitting:
    """One page of a review, and what became of it when it was sent."""

    dossier: Dossier
    number: int
    parts: list[Part]
    saved: list[RemarkForm] = field(default_factory=list)
    refused: list[RemarkForm] = field(default_factory=list)

    @property
    def numbers(self) -> range:
        return range(1, len(self.dossier.pages()) + 1)

    @property
    def round_name(self) -> str:
        return ROUND

    @property
    def review(self) -> Review | None:
        return self.dossier.review

    @property
    def status(self) -> int:
        if any(form.conflict for form in self.refused):
            return 409
        return 422 if self.refused else 200

    @property
    def rows(self) -> list[tuple[Part, RemarkForm]]:
        """Every part with its form; a refused one as it was typed."""
        typed = {form.part.key: form for form in self.refused}
        return [(part, typed.get(part.key) or RemarkForm(part)) for part in self.parts]


def load_sitting(report: Report, user: Person, number: int) -> Sitting:
    """One page of what was submitted; a number out of range is the nearest."""
    dossier = dossier_of(report, user)
    pages = dossier.pages()
    number = min(max(number, 1), len(pages))
    return Sitting(dossier, number, pages[number - 1])


def _theirs(current: Remark) -> dict[str, str]:
    rating = Rating.objects.filter(line=current.line_id, side=Side.COALITION).first()
    rated = rating if rating and current.line_id else None
    return {
        "verdict": str(current.get_verdict_display()),
        "text": current.text,
        "rating": str(rated.get_value_display()) if rated else "",
        "rating_reason": rated.reason if rated else "",
    }


def _save(review: Review, form: RemarkForm, by: User) -> bool:
    try:
        save_verdict(
            review,
            form.part,
            by=by,
            version=form.typed_over,
            verdict=form.values["verdict"],
            text=form.values["text"],
            rating=form.rating_given(),
        )
    except Stale as refusal:
        current = Remark.objects.get(pk=refusal.current.pk)
        form.meet(current, _theirs(current))
        return False
    return True


def save_sitting(sitting: Sitting, data: QueryDict, by: Any) -> None:
    """Save every part that was touched, each on its own.

    Raises:
        NotAllowed, Conflict: it is not hers to review, or another round has begun.
    """
    review = sitting.review
    if review is None or data.get(ROUND) != str(review.pk):
        raise Conflict(sitting.dossier.report)
    review.report = sitting.dossier.report
    for part in sitting.parts:
        form = RemarkForm(part, data)
        if f"{part.key}-version" in data and form.is_touched:
            done = form.is_valid() and _save(review, form, by)
            (sitting.saved if done else sitting.refused).append(form)
