"""Which texts of a model have a column per language."""

from django.db.models import Model
from modeltranslation.translator import translator


def texts_of(model: type[Model]) -> list[str]:
    """The names of the texts, such as title; none for a model without."""
    if model not in translator.get_registered_models(abstract=False):
        return []
    return list(translator.get_options_for_model(model).all_fields)
