"""The lead's page: what will be in the edition, what is missing, and the one button."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.people import signed_in
from accounts.views import ask_to_log_in, only_shows
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


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the checklist; on confirmation publishes exactly what it showed."""
    if not request.user.is_authenticated:
        return ask_to_log_in(request)
    period = _period(request, pk)
    if request.method == "POST" and not only_shows(request):
        return _confirmed(request, period)
    form = PublishForm(initial={"note": request.POST.get("note", "")})
    return _asked(request, period, form)


def _asked(
    request: HttpRequest, period: Period, form: PublishForm, status: int = 200
) -> HttpResponse:
    found = checklist(period)
    form.initial["seen"] = found.seen
    editions = list(Edition.objects.filter(period=period).defer("snapshot").order_by("-number"))
    context = {"period": period, "list": found, "form": form, "editions": editions}
    return render(request, "publishing/publish.html", context, status=status)


def _confirmed(request: HttpRequest, period: Period) -> HttpResponse:
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _asked(request, period, form, status=400)
    try:
        edition = publish_edition(period=period, by=signed_in(request), **form.cleaned_data)
    except (Outdated, NothingToPublish):
        return _too_late(request, period)
    messages.success(request, _("Edition %(address)s is published.") % {"address": edition})
    return redirect("edition", edition.address)


def _too_late(request: HttpRequest, period: Period) -> HttpResponse:
    """Somebody published, validated or re-opened meanwhile: say so, publish nothing."""
    text = _(
        "Since you opened the page, a report that would be in the edition was validated, "
        "re-opened or published by somebody else. Nothing was published by your click. Look again "
        "at what would be in it."
    )
    note = request.POST.get("note", "")
    context = {
        "exception": text,
        "back_url": request.path,
        "period": period,
        "typed": [(PublishForm.base_fields["note"].label, note)] if note else [],
    }
    return render(request, "409.html", context, status=409)
