"""Reports in the admin: one's own to fill in or to review, and nobody else's at all."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Institution
from common.templatetags.ui import status_badge
from indicators.choices import COALITION_ROLES
from indicators.rules import holdings, holds_anywhere
from reports import rules
from reports.admin import deciding
from reports.admin.filling import load_sheet, save_sheet, with_refused
from reports.admin.reading import read
from reports.admin.reviewing import load_sitting, save_sitting
from reports.admin.words import sentence_for, typed_in
from reports.errors import Incomplete, NotAllowed, WorkflowError
from reports.forms.decisions import WORDINGS, DecisionForm
from reports.models import Period, Report

Request = HttpRequest


class _VisibleFilter(admin.SimpleListFilter):
    """By something of the reports this person sees, so that no other name is told."""

    model: Any = None
    field = ""

    def lookups(self, request: Request, model_admin: Any) -> list[tuple[str, str]]:
        seen = Report.objects.visible_to(request.user).order_by().values(self.field)
        return [(str(row.pk), str(row)) for row in self.model.objects.filter(pk__in=seen)]

    def queryset(self, request: Request, queryset: QuerySet[Report]) -> QuerySet[Report]:
        chosen = self.value() or ""
        return queryset.filter(**{self.field: chosen}) if chosen.isdecimal() else queryset


class PeriodFilter(_VisibleFilter):
    title, parameter_name, field, model = gettext_lazy("quarter"), "quarter", "period", Period


class InstitutionFilter(_VisibleFilter):
    title, parameter_name = gettext_lazy("institution"), "of"
    field, model = "institution", Institution


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    """The list of reports, and their pages; every write goes through the services."""

    list_display = ("institution", "period", "badge", "due_on", "late", "revision")
    list_display_links = ("institution",)
    list_filter = ("status", PeriodFilter, InstitutionFilter)
    list_per_page = 100
    show_full_result_count = False
    search_fields = ("institution__code", "institution__name_en", "institution__name_sq")
    actions = ["take_all", "validate_all"]

    # who

    def get_queryset(self, request: Request) -> QuerySet[Report]:
        return Report.objects.visible_to(request.user).with_names()

    def has_module_permission(self, request: Request) -> bool:
        return bool(holdings(request.user))

    def has_view_permission(self, request: Request, obj: Any = None) -> bool:
        return bool(holdings(request.user))

    def has_add_permission(self, request: Request, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Request, obj: Any = None) -> bool:
        """Never by the stock form: the pages below save through the services."""
        return False

    def has_delete_permission(self, request: Request, obj: Any = None) -> bool:
        return False

    def _get_obj_does_not_exist_redirect(self, *args: Any) -> HttpResponse:
        raise Http404

    def find(self, request: Request, object_id: str) -> Report:
        """The report, if this person may know of it; for everybody else there is no such page."""
        report = self.get_object(request, str(object_id))
        if report is None:
            raise Http404
        return report

    # the list

    @admin.display(description=gettext_lazy("Status"), ordering="status")
    def badge(self, report: Report) -> str:
        return status_badge(report.state)

    @admin.display(description=gettext_lazy("Late"))
    def late(self, report: Report) -> str:
        if report.is_overdue:
            return _("Overdue")
        return _("Came late") if report.was_late else ""

    def get_actions(self, request: Request) -> dict[str, Any]:
        found: dict[str, Any] = super().get_actions(request)
        return found if holds_anywhere(request.user, *COALITION_ROLES) else {}

    @admin.action(description=gettext_lazy("Take for review"))
    def take_all(self, request: Request, queryset: QuerySet[Report]) -> HttpResponse | None:
        return self._several(request, queryset, "take")

    @admin.action(description=gettext_lazy("Validate"))
    def validate_all(self, request: Request, queryset: QuerySet[Report]) -> HttpResponse | None:
        return self._several(request, queryset, "validate")

    def _several(
        self, request: Request, queryset: QuerySet[Report], action: str
    ) -> HttpResponse | None:
        """Ask first, then each report on its own; every outcome is told."""
        if "confirmed" not in request.POST:
            context = {
                "title": deciding.bulk_title(action),
                "choices": deciding.choices(queryset),
                "action": f"{action}_all",
                "wording": WORDINGS[action],
            }
            return self._render(request, "decide_several", context)
        for done, sentence in deciding.decide_all(action, queryset, request.POST, request.user):
            messages.add_message(request, messages.SUCCESS if done else messages.ERROR, sentence)
        return None

    # one report

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(self.decide_view)
        own = path("<int:pk>/decide/<slug:action>/", decide, name="reports_report_decide")
        return [own, *super().get_urls()]

    def change_view(
        self, request: Request, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The report's page: to fill in, to review, or to read, as the person may now."""
        report = self.find(request, object_id)
        try:
            if rules.can_edit(request.user, report):
                return self._fill(request, report)
            if rules.can_review(request.user, report):
                return self._review(request, report)
            if request.method == "POST":
                deciding.refuse_save(request.user, report)
        except WorkflowError as refusal:
            return self._refused(request, report, refusal)
        return self._page(request, report, {"kind": "read", **read(report, request.user)})

    def _fill(self, request: Request, report: Report) -> HttpResponse:
        number = _number(request)
        if request.method != "POST":
            return self._page(
                request, report, {"kind": "fill", "sheet": load_sheet(report, number)}
            )
        outcomes = save_sheet(load_sheet(report, number, request.POST), request.user)  # type: ignore[arg-type]
        if not outcomes.refused:
            return self._saved(request, number)
        sheet = with_refused(load_sheet(self.find(request, str(report.pk)), number), outcomes)
        return self._page(request, report, {"kind": "fill", "sheet": sheet}, outcomes.status)

    def _review(self, request: Request, report: Report) -> HttpResponse:
        number = _number(request)
        sitting = load_sitting(report, request.user, number)
        if request.method == "POST":
            save_sitting(sitting, request.POST, request.user)
            if not sitting.refused:
                return self._saved(request, number)
        return self._page(request, report, {"kind": "review", "sitting": sitting}, sitting.status)

    @staticmethod
    def _saved(request: Request, number: int) -> HttpResponse:
        messages.success(request, _("Saved."))
        return redirect(f"{request.path}?sheet={number}")

    def decide_view(self, request: Request, pk: int, action: str) -> HttpResponse:
        """Ask for a decision with what is missing, and carry it out once."""
        report = self.find(request, str(pk))
        if action not in WORDINGS:
            raise Http404
        try:
            return self._decide(request, report, action)
        except WorkflowError as refusal:
            return self._refused(request, report, refusal)

    def _decide(self, request: Request, report: Report, action: str) -> HttpResponse:
        if request.method != "POST":
            deciding.refuse_early(request.user, report, action)
            return self._ask(request, report, DecisionForm(action, report))
        form = DecisionForm(action, report, request.POST)
        if not form.is_valid():
            deciding.refuse_early(request.user, report, action)
            return self._ask(request, report, form, 422)
        try:
            deciding.decide(form, report, request.user)
        except Incomplete:
            return self._ask(request, report, form, 409)
        messages.success(request, str(WORDINGS[action].told))
        return redirect(deciding.page_of(report))

    def _ask(
        self, request: Request, report: Report, form: DecisionForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "title": form.wording.title,
            "form": form,
            "wording": form.wording,
            "report": report,
            **deciding.hindrances(report, form.action),
        }
        return self._render(request, "decide", context, status)

    # pages

    def _page(
        self, request: Request, report: Report, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        buttons = deciding.buttons_for(request.user, report)
        can_publish = rules.can_publish(request.user, report)
        own = {
            "title": str(report),
            "report": report,
            "buttons": buttons,
            "can_publish": can_publish,
        }
        return self._render(request, "page", {**own, **context}, status)

    def _refused(self, request: Request, report: Report, refusal: WorkflowError) -> HttpResponse:
        """403 for who may not, 409 for who came too late; what was typed stands on the page."""
        fresh = Report.objects.with_names().get(pk=report.pk)
        context = {
            "title": str(report),
            "report": report,
            "sentence": sentence_for(refusal, fresh),
            "typed": typed_in(request.POST),
        }
        status = 403 if isinstance(refusal, NotAllowed) else 409
        return self._render(request, "refused", context, status)

    def _render(
        self, request: Request, name: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        site = {**self.admin_site.each_context(request), "opts": self.opts}
        request.current_app = self.admin_site.name
        template = f"admin/reports/report/{name}.html"
        return TemplateResponse(request, template, {**site, **context}, status=status)


def _number(request: Request) -> int:
    asked = request.GET.get("sheet", "1")
    return int(asked) if asked.isdecimal() and len(asked) < 6 else 1
