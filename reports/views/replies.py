"""The ministry's reply to a remark of the coalition."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.people import signed_in
from reports.models import Remark
from reports.replies import save_reply
from reports.views.filling import editable_report
from reports.views.refusals import guarded


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
