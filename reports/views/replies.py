"""The ministry's replies: to a remark of the coalition, and to how the coalition rates."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.people import signed_in
from accounts.views import only_shows
from reports import rules
from reports.differing import Differing, difference_on
from reports.errors import NotAllowed, Stale
from reports.forms.replying import LightReplyForm
from reports.models import Line, Remark
from reports.replies import save_light_reply, save_reply
from reports.views.filling import editable_report
from reports.views.refusals import CONFLICT, INVALID, find_report, guarded


@require_POST
@guarded
def remark_reply(request: HttpRequest, pk: int, remark: int) -> HttpResponse:
    """Save a reply, and go back to the remark."""
    report = editable_report(request, pk)
    found = get_object_or_404(Remark, pk=remark, review__report=report)
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1
    text = request.POST.get("reply", "")
    save_reply(report, found, by=signed_in(request), version=version, text=text)
    messages.success(request, _("The reply was saved."))
    return redirect(f"{reverse('report', args=[pk])}#remark-{found.pk}")


def _difference(request: HttpRequest, pk: int, line: int) -> Differing:
    """The difference to be answered; no such page where the two sides agree.

    Raises:
        NotAllowed: it is not for this person to answer, or not now.
    """
    report = find_report(request, pk)
    found = get_object_or_404(Line.objects.select_related("indicator"), pk=line, report=report)
    if not rules.can_reply_to_difference(signed_in(request), report):
        raise NotAllowed("reply", report)
    found.report = report
    difference = difference_on(found)
    if difference is None:
        raise Http404
    return difference


def _reply_page(
    request: HttpRequest, difference: Differing, form: LightReplyForm, status: int = 200
) -> HttpResponse:
    context = {
        "difference": difference,
        "report": difference.line.report,
        "form": form,
        "is_late": status == CONFLICT,
    }
    return render(request, "reports/light_reply.html", context, status=status)


@require_http_methods(["GET", "POST"])
@guarded
def light_reply(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """The ministry's right of reply to one difference: what both sides say, and its answer."""
    difference = _difference(request, pk, line)
    if request.method == "GET":
        return _reply_page(request, difference, LightReplyForm(difference.reply))
    form = LightReplyForm(difference.reply, request.POST)
    if only_shows(request):
        messages.info(request, _("This is what you typed. It is not saved yet."))
        return _reply_page(request, difference, form)
    if not form.is_valid():
        return _reply_page(request, difference, form, INVALID)
    told = form.cleaned_data
    try:
        save_light_reply(difference.line, by=signed_in(request), **told)
    except Stale:
        fresh = _difference(request, pk, line)
        typed = LightReplyForm(fresh.reply, typed=told["text"])
        return _reply_page(request, fresh, typed, CONFLICT)
    messages.success(request, _("The reply was saved."))
    return redirect(f"{reverse('report', args=[pk])}#differences")
