"""What the pages of one review share: who reads it, what a save did, what was refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.people import signed_in
from reports import rules
from reports.choices import ReportStatus, Side
from reports.errors import Conflict, NotAllowed, Stale
from reports.models import Rating, Remark, Review
from reports.review_forms import ROUND, RemarkForm, Values
from reports.review_parts import Dossier, Part
from reports.review_queries import dossier_of
from reports.review_services import save_verdict
from reports.views.refusals import find_report


def dossier_to_review(request: HttpRequest, pk: int) -> tuple[Dossier, Review]:
    """The dossier of a report and its open round, in which this person may write now.

    Raises:
        Http404: it is not visible.
        NotAllowed: it is, but not hers to review.
        Conflict: it is not under review any more, or another round has begun.
    """
    report = find_report(request, pk)
    if not rules.is_other_side(signed_in(request), report):
        raise NotAllowed("review", report)
    if report.state is not ReportStatus.UNDER_REVIEW:
        raise Conflict(report)
    if not rules.can_review(signed_in(request), report):
        raise NotAllowed("review", report)
    dossier = dossier_of(report, signed_in(request))
    review = dossier.review
    if review is None or request.POST.get(ROUND) != str(review.pk):
        raise Conflict(report)
    review.report = report
    return dossier, review


@dataclass
class Saving:
    """What became of the parts of a page."""

    saved: list[RemarkForm] = field(default_factory=list)
    refused: list[RemarkForm] = field(default_factory=list)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What is missing or was decided meanwhile, each with the place on the page."""
        found = [problem for form in self.refused for problem in form.problems]
        text = _("%(part)s was saved by somebody else meanwhile.")
        return found + [
            (text % {"part": form.part.code or form.part.title}, f"#{form.part.key}")
            for form in self.refused
            if form.conflict
        ]

    @property
    def status(self) -> int:
        """409 where somebody was faster, 422 where something is missing, else 200."""
        if any(form.conflict for form in self.refused):
            return 409
        return 422 if any(form.errors for form in self.refused) else 200


def _theirs(current: Remark) -> Values:
    rating = Rating.objects.filter(line=current.line_id, side=Side.COALITION).first()
    return {
        "verdict": current.get_verdict_display(),
        "text": current.text,
        "rating": rating.get_value_display() if rating and current.line_id else "",
        "rating_reason": rating.reason if rating and current.line_id else "",
    }


def _save(review: Review, form: RemarkForm, by: User) -> bool:
    """Save one part; False where somebody saved it meanwhile, and the form then shows theirs."""
    values = form.values
    try:
        save_verdict(
            review,
            form.part,
            by=by,
            version=form.typed_over,
            verdict=values["verdict"],
            text=values["text"],
            rating=form.rating_given(),
        )
    except Stale as refusal:
        current = Remark.objects.filter(pk=refusal.current.pk).first()
        if current is None:
            raise Conflict(review.report) from refusal
        form.meet(current, _theirs(current))
        return False
    return True


def save_parts(review: Review, parts: Sequence[Part], data: QueryDict, by: User) -> Saving:
    """Save every part that was touched, each on its own, so that one refusal hides no other."""
    saving = Saving()
    for part in parts:
        if f"{part.key}-version" not in data:
            continue
        form = RemarkForm(part, data)
        if not form.is_touched:
            continue
        done = form.is_valid() and _save(review, form, by)
        (saving.saved if done else saving.refused).append(form)
    return saving


def touched(parts: Sequence[Part], data: QueryDict) -> Saving:
    """What was typed and is not saved yet, to be shown once more."""
    forms = [RemarkForm(part, data) for part in parts if f"{part.key}-version" in data]
    return Saving(refused=[form for form in forms if form.is_touched])


def typed_in(parts: Sequence[Part], data: QueryDict) -> list[tuple[str, str]]:
    """Every text of a refused page by the name of its part, to be copied."""
    found = []
    for part in parts:
        for name, bound in RemarkForm(part, data).fields.items():
            text = data.get(f"{part.key}-{name}", "")
            if text and name in ("text", "rating_reason"):
                found.append((f"{part.code or part.title}: {bound.label}", text))
    return found


def part_or_404(dossier: Dossier, key: str) -> Part:
    part = dossier.part(key)
    if part is None:
        raise Http404
    return part
