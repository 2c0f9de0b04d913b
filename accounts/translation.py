"""Which texts have a column per language."""

from modeltranslation.translator import TranslationOptions, register

from accounts.models import Institution


@register(Institution)
class InstitutionTexts(TranslationOptions):
    fields = ("name",)
