"""Rows that plans share: frameworks with their items, and institutions with their other names."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Institution, InstitutionAlias
from indicators.models import Framework, FrameworkItem
from indicators.resources.base import KeyedResource
from indicators.resources.cells import ManyCell
from indicators.resources.kin import FRAMEWORK, SIBLING_ITEM
from indicators.resources.plan import texts
from indicators.resources.tree import TreeResource


class FrameworkResource(KeyedResource):
    plan_path = ""

    class Meta:
        model = Framework
        import_id_fields = ("code",)
        fields = ("code", *texts("title"), "source")


class FrameworkItemResource(TreeResource):
    plan_path = ""
    kin = {"framework": FRAMEWORK, "parent": SIBLING_ITEM}
    related = ("framework", "parent__framework")
    order = ("framework__code", "parent__parent__code", "parent__code", "order", "code")

    class Meta:
        model = FrameworkItem
        import_id_fields = ("framework", "code")
        fields = (
            "framework",
            "code",
            "parent",
            *texts("title"),
            "pillar",
            "unit",
            "adopted_on",
            "certainty",
            "source",
            "order",
        )


class AliasCell(ManyCell):
    """The other names of an institution, as rows of their own."""

    def items(self, instance: Any) -> Iterable[Any]:
        return instance.aliases.all()

    def code(self, instance: Any, item: Any) -> str:
        return str(item.name)

    def write(self, model: Any, instances: list[Any]) -> None:
        InstitutionAlias.objects.filter(institution__in=instances).delete()
        InstitutionAlias.objects.bulk_create(
            InstitutionAlias(institution=instance, name=name)
            for instance in instances
            for name in self.get_value(instance)
        )


class InstitutionResource(KeyedResource):
    plan_path = ""
    prefetched = ("aliases",)
    aliases = AliasCell("aliases")

    class Meta:
        model = Institution
        import_id_fields = ("country", "code")
        fields = ("country", "code", *texts("name"), "kind", "aliases", "source", "note")

    def __init__(self, *, countries: Iterable[str] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.countries = None if countries is None else set(countries)

    def check(self, instance: Institution) -> Iterator[tuple[str, str]]:
        """Only institutions of countries whose plans the person keeps; None is all of them."""
        if self.countries is not None and instance.country not in self.countries:
            yield "country", _("You keep no plan of this country.")
        longest = InstitutionAlias._meta.get_field("name").max_length or 0
        for name in self.fields["aliases"].get_value(instance):
            if len(name) > longest:
                yield "aliases", _("“%s…” is too long.") % name[:40]
