"""Rows of the plan: itself, its levels and objectives, its actions with their money."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext as _

from indicators.models import Action, Funding, Objective, Plan, PlanLevel
from indicators.resources.base import KeyedResource
from indicators.resources.cells import Cell, TextWidget
from indicators.resources.kin import ACTION, INSTITUTION, ITEM, OBJECTIVE, PLAN
from indicators.resources.tree import TreeResource, settle


def texts(*names: str) -> tuple[str, ...]:
    """The columns of texts in every language: title_en, title_sq, …"""
    return tuple(f"{name}_{code}" for name in names for code in settings.MODELTRANSLATION_LANGUAGES)


def plan_column(path: str) -> Cell:
    """The column that says in which plan the codes of a row are to be found."""
    return Cell(attribute=path, column_name="plan", widget=TextWidget(strip=True), readonly=True)


class PlanResource(KeyedResource):
    plan_path = ""

    class Meta:
        model = Plan
        import_id_fields = ("code",)
        fields = (
            "code",
            "country",
            *texts("title"),
            "languages",
            "starts_on",
            "ends_on",
            "adopted_on",
            "time_zone",
            "cadence",
            "currency",
            "report_due_days",
            "resubmit_days",
            "on_track_at",
            "at_risk_at",
            "coverage_at",
            "small_count_below",
            "small_count_rounding",
            "is_demonstration",
            "source",
            "certainty",
            *texts("note"),
        )

    def plan_of(self, instance: Any) -> Plan:
        return instance

    def check(self, instance: Plan) -> Iterator[tuple[str, str]]:
        if instance.pk is None and not self.by.is_superuser:
            yield "code", _("A new plan is added by who runs the site; you may change your own.")
        if instance.time_zone not in available_timezones():
            yield (
                "time_zone",
                _("“%s” is not a time zone. Write one such as Europe/Tirane.")
                % (instance.time_zone[:60]),
            )
        for code in set(instance.languages) - set(settings.MODELTRANSLATION_LANGUAGES):
            told = {"text": code[:20], "values": ", ".join(settings.MODELTRANSLATION_LANGUAGES)}
            yield "languages", _("“%(text)s” is not one of: %(values)s.") % told


class PlanLevelResource(KeyedResource):
    kin = {"plan": PLAN}
    related = ("plan",)

    class Meta:
        model = PlanLevel
        import_id_fields = ("plan", "depth")
        fields = ("plan", "depth", *texts("name"))


class ObjectiveResource(TreeResource):
    kin = {"plan": PLAN, "parent": OBJECTIVE, "frameworks": ITEM}
    related = ("plan", "parent")
    prefetched = ("frameworks__framework",)
    order = ("plan__code", "depth", "order", "code")

    class Meta:
        model = Objective
        import_id_fields = ("plan", "code")
        fields = (
            "plan",
            "code",
            "parent",
            "depth",
            *texts("title"),
            "frameworks",
            "order",
            "source",
            "certainty",
            *texts("note"),
        )

    def import_instance(self, instance: Objective, row: Any, **kwargs: Any) -> None:
        """A parent says how deep an objective is, whatever the cell says."""
        super().import_instance(instance, row, **kwargs)
        instance.depth = instance.parent.depth + 1 if instance.parent else 0

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """What stands below a row that moved moves along."""
        super().after_import(dataset, result, **kwargs)
        if not result.has_errors() and not result.has_validation_errors():
            for plan in {row.instance.plan for row in result.rows}:
                settle(plan)


class ActionResource(KeyedResource):
    kin = {
        "plan": PLAN,
        "objective": OBJECTIVE,
        "lead": INSTITUTION,
        "supporting": INSTITUTION,
        "frameworks": ITEM,
    }
    related = ("plan", "objective", "lead")
    prefetched = ("supporting", "frameworks__framework")

    class Meta:
        model = Action
        import_id_fields = ("plan", "code")
        fields = (
            "plan",
            "code",
            "objective",
            *texts("title"),
            "lead",
            "supporting",
            "starts_on",
            "ends_on",
            "order",
            "frameworks",
            "source",
            "certainty",
            *texts("note"),
        )


class FundingResource(KeyedResource):
    kin = {"action": ACTION}
    plan_path = "action__plan"
    context = ("plan",)
    related = ("action__plan",)
    plan = plan_column("action__plan__code")

    class Meta:
        model = Funding
        import_id_fields = ("action", "source")
        fields = ("plan", "action", "source", "planned")
