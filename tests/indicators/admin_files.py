"""Files that go in and out of the admin, as a browser sends and gets them."""

import re
from collections.abc import Sequence
from html import unescape
from typing import Any

import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from common.import_formats import SafeCSV, SafeXLSX

XLSX, CSV = "0", "1"
FORMATS = {XLSX: SafeXLSX, CSV: SafeCSV}
INPUT = re.compile(r"<input ([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def hidden_fields(html: str) -> dict[str, str]:
    """The hidden fields of a page, as a browser sends them back."""
    tags = (dict(ATTRIBUTE.findall(tag)) for tag in INPUT.findall(html))
    hidden = (tag for tag in tags if tag.get("type") == "hidden" and "name" in tag)
    return {tag["name"]: unescape(tag.get("value", "")) for tag in hidden}


def file_of(headers: Sequence[str], *rows: Sequence[Any], form: str = XLSX) -> bytes:
    """A file as our own writer makes it."""
    return FORMATS[form]().export_data(tablib.Dataset(*rows, headers=headers))


def preview(client: Client, model: str, data: bytes, form: str = XLSX) -> Any:
    """Choose a file; nothing is stored yet."""
    name = f"rows.{FORMATS[form].extension}"
    sent = {"import_file": SimpleUploadedFile(name, data), "format": form, "resource": "0"}
    return client.post(reverse(f"admin:{model}_import"), sent)


def confirm(client: Client, model: str, previewed: Any, **changed: str) -> Any:
    """Store what was previewed."""
    data = hidden_fields(previewed.content.decode()) | changed
    return client.post(reverse(f"admin:{model}_process_import"), data)


def export(client: Client, model: str, form: str = XLSX, query: str = "") -> bytes:
    """Download what the list shows."""
    url = reverse(f"admin:{model}_export") + query
    response = client.post(url, {"format": form, "resource": "0"})
    assert response.status_code == 200, response.content
    assert "attachment" in response.headers["Content-Disposition"], response.content
    return response.content


def rows_of(data: bytes, form: str = XLSX) -> list[dict[str, Any]]:
    """The rows of a file, read by the safe reader."""
    return FORMATS[form]().create_dataset(data).dict  # type: ignore[no-any-return]
