"""The lead's page: what will be in the edition, what is missing, and the one button."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from publishing import rules
from publishing.errors import NothingToPublish, Outdated
from publishing.forms import PublishForm
from publishing.models import Edition
from publishing.services import checklist
from publishing.services import publish as publish_edition
from reports.models import Period


def _period(request: HttpRequest, pk: int) -> Period:
    """The quarter: 404 for who has no part in the plan, 403 for who is not its lead."""
    period = get_object_or_404(Period.objects.select_related("plan"), pk=pk)
    if not rules.knows_of(request.user, period):
        raise Http404
    if not rules.can_publish(request.user, period):
        raise PermissionDenied
    return period


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the checklist; on confirmation publishes exactly what it showed."""
    period = _period(request, pk)
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            edition = publish_edition(period=period, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except (Outdated, NothingToPublish):
            return _too_late(request, period)
        messages.success(request, _("Edition %(address)s is published.") % {"address": edition})
        return redirect("edition", edition.address)
    found = checklist(period)
    form.initial["seen"] = found.seen
    editions = list(Edition.objects.filter(period=period).defer("snapshot").order_by("-number"))
    return render(
        request,
        "publishing/publish.html",
        {"period": period, "list": found, "form": form, "editions": editions},
        status=400 if form.is_bound else 200,
    )


def _too_late(request: HttpRequest, period: Period) -> HttpResponse:
    """Somebody published, validated or re-opened meanwhile: say so, publish nothing."""
    text = _(
        "Since you opened the page, a report of this quarter was validated, re-opened or "
        "published by somebody else. Nothing was published by your click. Look again at what "
        "would be in the edition."
    )
    context = {"exception": text, "back_url": request.path, "period": period}
    return render(request, "409.html", context, status=409)
