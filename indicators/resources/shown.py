"""What an import would change, shown before it is stored."""

from typing import Any

from django.utils.html import format_html

from indicators.resources import cells


class PlainDiff:
    """What a row changes, without the inline styles that our policy refuses."""

    def __init__(self, resource: Any, instance: Any, new: bool) -> None:
        self.left, self.new = self._read(resource, instance), new
        self.right: list[str] = []

    @staticmethod
    def _read(resource: Any, instance: Any) -> list[str]:
        return [cells.as_text(f.export(instance)) for f in resource.get_import_fields()]

    def compare_with(self, resource: Any, instance: Any) -> None:
        self.right = self._read(resource, instance)

    def as_html(self) -> list[str]:
        return [self._cell(old, new) for old, new in zip(self.left, self.right, strict=True)]

    def _cell(self, old: str, new: str) -> str:
        if old == new:
            return format_html("{}", new)
        if self.new or not old:
            return format_html("<ins>{}</ins>", new)
        return format_html("<del>{}</del> <ins>{}</ins>", old, new)
