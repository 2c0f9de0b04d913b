"""Rules between two indicators, kept as data: care given is at most cases."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.codes import validate_code
from indicators.choices import Kind, Relation, RuleScope, Severity, ValueMeaning
from indicators.models.indicator import Indicator
from indicators.models.plan import Plan
from indicators.plausibility import Measure, are_comparable


def measure_of(indicator: Indicator) -> Measure:
    """What of an indicator decides whether a figure is plausible."""
    kind, meaning = Kind(indicator.kind), ValueMeaning(indicator.value_meaning)
    return Measure(kind, meaning, indicator.floor, indicator.ceiling)


class ConsistencyRule(models.Model):
    """How the figures of two indicators must stand to each other in one report.

    Asked of a report that holds both; the figures are those of the same institution and quarter.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="consistency_rules")
    code = models.CharField(_("code"), max_length=30, validators=[validate_code])
    left = models.ForeignKey(
        Indicator, models.CASCADE, related_name="rules_left", verbose_name=_("indicator")
    )
    relation = models.CharField(_("relation"), max_length=10, choices=Relation)
    right = models.ForeignKey(
        Indicator, models.CASCADE, related_name="rules_right", verbose_name=_("other indicator")
    )
    scope = models.CharField(
        _("cells compared"), max_length=10, choices=RuleScope, default=RuleScope.TOTAL
    )
    severity = models.CharField(
        _("severity"), max_length=10, choices=Severity, default=Severity.WARNING
    )
    explanation = models.CharField(_("explanation"), max_length=300)
    is_active = models.BooleanField(_("in force"), default=True)

    class Meta:
        ordering = ["plan", "code"]
        verbose_name = _("consistency rule")
        verbose_name_plural = _("consistency rules")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="indicators_rule_code",
                violation_error_message=_("This plan already has a rule of this code."),
            ),
            models.CheckConstraint(
                condition=~models.Q(left=models.F("right")),
                name="indicators_rule_of_two_indicators",
                violation_error_message=_("A rule compares two different indicators."),
            ),
            models.CheckConstraint(
                condition=models.Q(relation__in=Relation.values),
                name="indicators_rule_relation_known",
                violation_error_message=_("The relation is one of the list."),
            ),
            models.CheckConstraint(
                condition=models.Q(severity__in=Severity.values),
                name="indicators_rule_severity_known",
                violation_error_message=_("The severity is one of the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """Refuse a comparison that says nothing.

        Raises:
            ValidationError: it names the field.
        """
        fields = self._state.fields_cache
        if fields.get("left") and fields.get("right"):
            errors = dict(rule_faults(self.left, self.right))
            if errors:
                raise ValidationError(errors)


def rule_faults(left: Indicator, right: Indicator) -> Iterator[tuple[str, str]]:
    """Field and sentence of what makes two indicators incomparable: kind, or what a value says."""
    known = all(side.kind and side.value_meaning for side in (left, right))
    if left is right or not known or are_comparable(measure_of(left), measure_of(right)):
        return
    told = {"left": left.code, "right": right.code}
    if left.value_meaning != right.value_meaning:
        sentence = _(
            "%(left)s and %(right)s say different things of time: what happened in a period"
            " is not comparable with a level or a running total."
        )
        yield "right", str(sentence % told)
        return
    kinds = {"left_kind": Kind(left.kind).label, "right_kind": Kind(right.kind).label}
    sentence = _(
        "%(left)s (%(left_kind)s) cannot be compared with %(right)s (%(right_kind)s):"
        " their figures are of different kinds."
    )
    yield "right", str(sentence % {**told, **kinds})
