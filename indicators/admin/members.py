"""Roles in plans, edited beside the plan or the person; each grant and revocation is logged."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from audit.services import record
from indicators.admin.keeping import KeptInline
from indicators.admin.logged import changes, code_of, plain
from indicators.choices import COALITION_ROLES
from indicators.models import Membership
from indicators.scope import plans_kept


class MemberFormSet(BaseInlineFormSet):
    """Nobody makes herself a judge of the plan she keeps; a new person comes with a role."""

    by: Any = None
    needs_one = False

    def clean(self) -> None:
        super().clean()
        given = [f for f in self.forms if f.has_changed() and f not in self.deleted_forms]
        for form in given:
            if self._is_self_made(form):
                form.add_error("role", self._sentence())
        if self.needs_one and not given:
            raise ValidationError(_("Give this person a role in one of your plans."))

    def _is_self_made(self, form: Any) -> bool:
        data = form.cleaned_data
        person = data.get("user") or self.instance
        return person == self.by and data.get("role") in COALITION_ROLES

    @staticmethod
    def _sentence() -> str:
        return _(
            "You cannot give yourself a role of the coalition in a plan that you keep. "
            "Ask another administrator."
        )


class MembersInline(KeptInline):
    """The roles of the plans a person keeps."""

    model = Membership
    formset = MemberFormSet

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).select_related("user", "plan", "institution")
        return rows.filter(plan__in=plans_kept(request.user).order_by())

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.by = request.user
        return formset


class MembersByPlan(MembersInline):
    """On the page of a plan."""

    fields = ("user", "role", "institution", "expires_on")


class MembersByPerson(MembersInline):
    """On the page of a person."""

    fields = ("plan", "role", "institution", "expires_on")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.needs_one = obj is None and not request.user.is_superuser
        return formset


def _told(row: Membership) -> dict[str, Any]:
    return {
        "person": row.user.email,
        "role": row.role,
        "institution": code_of(row.institution) if row.institution else None,
        "expires_on": plain(row.expires_on),
    }


def save_members(request: HttpRequest, formset: Any) -> None:
    """After a formset of roles was saved: one entry for each that changed."""
    if formset.model is not Membership:
        return
    by = request.user.email  # type: ignore[union-attr]
    for row in formset.new_objects:
        record("membership.granted", by=by, about=row.plan, **_told(row))
    for row, _names in formset.changed_objects:
        form = next(form for form in formset.forms if form.instance is row)
        record("membership.changed", by=by, about=row.plan, changed=changes(form), **_told(row))
    for row in formset.deleted_objects:
        record("membership.revoked", by=by, about=row.plan, **_told(row))
