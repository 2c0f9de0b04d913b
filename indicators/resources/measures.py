"""Rows of what is measured: dimensions with their categories, indicators, targets."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from indicators.choices import Kind, ValueMeaning
from indicators.combine import rules_over_time, rules_over_units
from indicators.models import Category, ConsistencyRule, Dimension, Indicator, Target
from indicators.models.consistency import rule_faults
from indicators.resources.base import KeyedResource
from indicators.resources.cells import ManyCell
from indicators.resources.kin import (
    ACTION,
    DIMENSION,
    INDICATOR,
    INSTITUTION,
    ITEM,
    OBJECTIVE,
    PLAN,
)
from indicators.resources.plan import plan_column, texts
from indicators.targets import target_faults


def combination_faults(indicator: Indicator) -> Iterator[tuple[str, str]]:
    """How values are combined must fit what they are: column and sentence of what does not."""
    kind, meaning = Kind(indicator.kind), ValueMeaning(indicator.value_meaning)
    allowed = {
        "over_time": {str(rule) for rule in rules_over_time(kind, meaning)},
        "over_units": {str(rule) for rule in rules_over_units(kind)},
    }
    for column, rules in allowed.items():
        value = getattr(indicator, column)
        if value not in rules:
            told = {"value": value, "kind": kind.value, "allowed": ", ".join(sorted(rules))}
            yield column, _("“%(value)s” does not fit %(kind)s. Fitting: %(allowed)s.") % told


class DimensionResource(KeyedResource):
    kin = {"plan": PLAN}
    related = ("plan",)

    class Meta:
        model = Dimension
        import_id_fields = ("plan", "code")
        fields = ("plan", "code", *texts("title"), "total_rule")


class CategoryResource(KeyedResource):
    kin = {"dimension": DIMENSION}
    plan_path = "dimension__plan"
    context = ("plan",)
    related = ("dimension__plan",)
    plan = plan_column("dimension__plan__code")

    class Meta:
        model = Category
        import_id_fields = ("dimension", "code")
        fields = ("plan", "dimension", "code", *texts("title"), "order")


class SplitCell(ManyCell):
    """An indicator's dimensions, in the order in which its cells name them."""

    ordered = True

    def items(self, instance: Any) -> Iterable[Any]:
        return [split.dimension for split in instance.splits.all()]

    def pair(
        self, through: Any, source: str, target: str, instance: Any, number: int, code: str
    ) -> Any:
        dimension = self.named(instance, code)
        return through(indicator=instance, dimension=dimension, order=number)


class IndicatorResource(KeyedResource):
    kin = {
        "plan": PLAN,
        "objective": OBJECTIVE,
        "action": ACTION,
        "responsible": INSTITUTION,
        "frameworks": ITEM,
    }
    related = ("plan", "objective", "action")
    prefetched = ("responsible", "frameworks__framework", "splits__dimension")
    dimensions = SplitCell("dimensions", DIMENSION)

    class Meta:
        model = Indicator
        import_id_fields = ("plan", "code")
        fields = (
            "plan",
            "code",
            "objective",
            "action",
            *texts("title", "definition", "unit"),
            "kind",
            "direction",
            "value_meaning",
            "over_time",
            "over_units",
            "frequency",
            "baseline_state",
            "baseline_value",
            "baseline_numerator",
            "baseline_denominator",
            "baseline_date",
            "baseline_source",
            "tolerance",
            "floor",
            "ceiling",
            "sensitivity",
            "on_track_at",
            "at_risk_at",
            "threshold_reason",
            "responsible",
            "dimensions",
            "cell_layout",
            "order",
            "frameworks",
            "source",
            "certainty",
            *texts("note"),
        )

    def check(self, instance: Indicator) -> Iterator[tuple[str, str]]:
        return combination_faults(instance)


class TargetResource(KeyedResource):
    kin = {"indicator": INDICATOR}
    plan_path = "indicator__plan"
    context = ("plan",)
    related = ("indicator__plan",)
    plan = plan_column("indicator__plan__code")

    class Meta:
        model = Target
        import_id_fields = ("indicator", "cell", "as_of", "version")
        fields = ("plan", "indicator", "cell", "as_of", "value", "version", "reason", "decision")

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        self.values = {target.pk: target.value for target in self.stored.values()}

    def check(self, instance: Target) -> Iterator[tuple[str, str]]:
        """A stored value stays; a change of mind is a new version."""
        yield from target_faults(instance, self.values.get(instance.pk))


class ConsistencyResource(KeyedResource):
    kin = {"plan": PLAN, "left": INDICATOR, "right": INDICATOR}
    related = ("plan", "left", "right")

    class Meta:
        model = ConsistencyRule
        import_id_fields = ("plan", "code")
        fields = (
            "plan",
            "code",
            "left",
            "relation",
            "right",
            "scope",
            "severity",
            *texts("explanation"),
            "is_active",
        )

    def check(self, instance: ConsistencyRule) -> Iterator[tuple[str, str]]:
        return rule_faults(instance.left, instance.right)
