"""Which texts have a column per language."""

from modeltranslation.translator import TranslationOptions, register

from indicators import models


@register([models.Framework, models.FrameworkItem, models.Dimension, models.Category])
class TitleTexts(TranslationOptions):
    fields = ("title",)


@register([models.Plan, models.Objective, models.Action])
class SourcedTexts(TranslationOptions):
    fields = ("title", "note")


@register(models.Indicator)
class IndicatorTexts(TranslationOptions):
    fields = ("title", "definition", "unit", "note")


@register(models.PlanLevel)
class LevelTexts(TranslationOptions):
    fields = ("name",)


@register(models.ConsistencyRule)
class RuleTexts(TranslationOptions):
    fields = ("explanation",)
