"""The one place where a refusal of the workflow becomes a page: a sentence, a way on, the text."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.views import ask_to_log_in, shown, typed
from reports.errors import Conflict, NotAllowed, Stale, TakenOver, WorkflowError
from reports.models import Report

P = ParamSpec("P")
View: TypeAlias = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

FORBIDDEN, CONFLICT, INVALID = 403, 409, 422
_STATUS: dict[type[WorkflowError], int] = {
    NotAllowed: FORBIDDEN,
    Conflict: CONFLICT,
    TakenOver: CONFLICT,
    Stale: CONFLICT,
}


def guarded(view: View[P]) -> View[P]:
    """A page of the quarterly work: log-in first, text kept; refusals become pages."""

    @wraps(view)
    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_log_in(request)
        try:
            return view(request, *args, **kwargs)
        except WorkflowError as refusal:
            return refused(request, refusal)

    return inner


def find_report(request: HttpRequest, pk: int) -> Report:
    """The report, if this person may know of it; for everybody else there is no such page."""
    return get_object_or_404(Report.objects.visible_to(request.user).with_names(), pk=pk)


def standing(report: Report) -> str:
    """Why nobody writes in a report now; nothing if it is open for its ministry."""
    if report.state.is_editable and report.period.is_closed:
        return _(
            "The quarter %(period)s closed on %(day)s. Ask the secretariat of the plan if"
            " something must still be changed."
        ) % {"period": report.period, "day": date_format(report.period.closes_on or "", "j F Y")}
    if report.state.is_editable:
        return ""
    return _("This report can not be changed now. It stands as: %(status)s.") % {
        "status": report.state.label.lower()
    }


def sentence_for(refusal: WorkflowError) -> str:
    """What happened, in words for the person it happened to."""
    report = getattr(refusal, "report", None)
    if report is not None:
        report = Report.objects.with_names().get(pk=report.pk)
    if isinstance(refusal, TakenOver):
        return _("This workbook was taken over already. Nothing was changed a second time.")
    if isinstance(refusal, Conflict) and report:
        return _(
            "The report moved on while your page was open. It stands as: %(status)s."
            " What you sent was not carried out."
        ) % {"status": report.state.label.lower()}
    if isinstance(refusal, NotAllowed) and report:
        return standing(report) or _("Your role does not allow this for this report.")
    return _("This was not carried out. Open the page again and look at what is there now.")


def refused(request: HttpRequest, refusal: WorkflowError) -> HttpResponse:
    """403 for who may not, 409 for who came too late, 422 for what is not in order."""
    status = _STATUS.get(type(refusal), INVALID)
    report = getattr(refusal, "report", None)
    context = {
        "sentence": sentence_for(refusal),
        "typed": shown(typed(request)),
        "back_url": reverse("report", args=[report.pk]) if report else request.path,
        "is_late": status == CONFLICT and not isinstance(refusal, TakenOver),
    }
    name = "refused_part" if request.headers.get("HX-Request") else "refused"
    return render(request, f"reports/{name}.html", context, status=status)
