"""The admin's import and export: typed out, safe in, and every text back as it was."""

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import tablib
from django.contrib.admin import AdminSite
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from import_export import fields, widgets

from common.import_admin import SafeImportExportAdmin, SafeImportForm
from common.import_formats import SAFE_FORMATS, SafeCSV, SafeODS, SafeXLSX, TypedResource
from common.reader import FileError, read_sheets
from tests.common.hostile import cell, ods, ods_cell, ods_row, ods_table, xlsx
from tests.common.test_workbook import FORMULA_LIKE, TEXTS, no_formula

HEADERS = ["code", "title", "value", "on"]


def dataset(*rows: list[Any]) -> tablib.Dataset:
    return tablib.Dataset(*rows, headers=HEADERS, title="Group")


def test_a_workbook_keeps_numbers_and_dates() -> None:
    row = ["0012", "=1+1", Decimal("12.7000"), date(2026, 9, 30)]
    data = SafeXLSX().export_data(dataset(row))
    assert no_formula(data)
    assert read_sheets(data, "a.xlsx")[0].rows == [
        HEADERS,
        ["0012", "=1+1", Decimal("12.7"), date(2026, 9, 30)],
    ]


def test_a_csv_keeps_numbers_and_disarms_text() -> None:
    data = SafeCSV().export_data(dataset(["-1", "=1+1", Decimal(-1), None]))
    assert data.decode("utf-8-sig").splitlines()[1] == "'-1,'=1+1,-1,"


@pytest.mark.parametrize("kind", [SafeXLSX, SafeCSV])
@settings(max_examples=60)
@given(texts=st.lists(st.one_of(TEXTS, st.sampled_from(FORMULA_LIKE), st.just("")), min_size=1))
def test_every_text_comes_back_and_a_blank_is_an_empty_text(kind: Any, texts: list[str]) -> None:
    data = kind().export_data(dataset(*([f"c{i}", text, "", ""] for i, text in enumerate(texts))))
    back = kind().create_dataset(data)
    assert back.headers == HEADERS
    assert [list(row) for row in back] == [[f"c{i}", t, "", ""] for i, t in enumerate(texts)]


def test_an_ods_is_read_and_never_written() -> None:
    body = ods_row(ods_cell("code") + ods_cell("title")) + ods_row(ods_cell("a"))
    back = SafeODS().create_dataset(ods(ods_table(body)))
    assert (back.headers, list(back)) == (["code", "title"], [("a", "")])
    assert [kind().get_extension() for kind in SAFE_FORMATS if kind().can_export()] == [
        *("xlsx", "csv")
    ]
    assert all(kind().can_import() and kind().is_binary() for kind in SAFE_FORMATS)


def test_a_hidden_sheet_and_empty_rows_and_columns_are_not_data() -> None:
    line = '<c t="inlineStr"><is><t>{}</t></is></c>'.format
    rows = (
        f"<row/><row>{line('code')}{line('title')}{line(' ')}</row>"
        f"<row>{line('a')}</row><row/><row>{line('b')}{line('x')}</row><row/>"
    )
    back = SafeXLSX().create_dataset(xlsx(rows.replace("> <", "><")))
    assert (back.headers, list(back)) == (["code", "title"], [("a", ""), ("b", "x")])


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("code,,title\n1,2,3\n", "heading_missing", "The cell B1"),
        ("code,title\n1,2,3\n", "heading_missing", "The cell C1"),
        ("code,title,code\n1,2,3\n", "heading_twice", "“code”"),
        ("=1,2\n\x00", "encoding", "UTF-8"),
    ],
)
def test_a_table_without_clear_headings_is_refused(text: str, code: str, where: str) -> None:
    with pytest.raises(FileError) as refused:
        SafeCSV().create_dataset(text.encode())
    assert refused.value.code == code
    assert where in str(refused.value)


@pytest.mark.parametrize("kind", [SafeXLSX, SafeODS])
def test_a_hostile_workbook_is_refused_in_the_admin_too(kind: Any) -> None:
    with pytest.raises(FileError):
        kind().create_dataset(xlsx('<row><c r="A1"><f>1</f><v>1</v></c></row>'))


def test_an_empty_export_is_read_as_no_rows() -> None:
    for kind in (SafeXLSX, SafeCSV):
        back = kind().create_dataset(kind().export_data(dataset()))
        assert (back.headers, len(back)) == (HEADERS, 0)


class GroupResource(TypedResource):
    weight = fields.Field(attribute="weight", widget=widgets.DecimalWidget())
    since = fields.Field(attribute="since", widget=widgets.DateWidget())

    class Meta:
        model = Group
        fields = ("name", "weight", "since")
        import_id_fields = ("name",)


def test_a_typed_resource_hands_out_numbers_and_dates() -> None:
    group = Group(name="=1+1")
    group.weight, group.since = Decimal("12.70"), date(2026, 9, 30)  # type: ignore[attr-defined]
    row = dict(GroupResource().export([group]).dict[0])
    assert row == {"name": "=1+1", "weight": Decimal("12.70"), "since": date(2026, 9, 30)}


def test_a_round_through_a_workbook_changes_nothing(db: None) -> None:
    for name in FORMULA_LIKE[:20]:
        Group.objects.create(name=name)

    class Names(TypedResource):
        class Meta:
            model = Group
            fields = ("id", "name")
            skip_unchanged = True

    for kind in (SafeXLSX, SafeCSV):
        data = kind().export_data(Names().export())
        result = Names().import_data(kind().create_dataset(data), dry_run=True)
        assert not result.has_errors()
        assert result.totals["skip"] == 20


def upload(data: bytes, size: int | None = None) -> Any:
    file = SimpleUploadedFile("a.xlsx", data)
    file.size = len(data) if size is None else size
    return SafeImportForm(
        SAFE_FORMATS, [GroupResource], data={"format": "0"}, files={"import_file": file}
    )


def test_the_admin_refuses_a_file_that_is_too_large_before_copying_it() -> None:
    assert "import_file" not in upload(xlsx(cell("A1"))).errors
    [error] = upload(b"x", size=10 * 1024 * 1024 + 1).errors["import_file"]
    assert error.startswith("The file is larger than 10 MB.")


def test_the_admin_says_what_the_reader_said_and_keeps_no_copy(
    tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    admin = SafeImportExportAdmin(Group, AdminSite())
    form = upload(b"x")
    assert form.is_valid() or form.errors.keys() == {"resource"}
    storage = admin.write_to_tmp_storage(form.cleaned_data["import_file"], SafeXLSX())
    form.cleaned_data["import_file"].tmp_storage_name = storage.name
    assert len(list(tmp_path.iterdir())) == 1
    admin.add_data_read_fail_error_to_form(form, FileError("Cell B3 holds a formula.", code="f"))
    assert form.errors["import_file"] == ["Cell B3 holds a formula."]
    assert list(tmp_path.iterdir()) == []


def test_another_failure_is_told_by_import_export_itself() -> None:
    form = upload(b"x")
    form.full_clean()
    SafeImportExportAdmin(Group, AdminSite()).add_data_read_fail_error_to_form(form, KeyError())
    assert "KeyError" in form.errors["import_file"][0]


def test_the_admin_offers_the_safe_formats_only() -> None:
    admin = SafeImportExportAdmin(Group, AdminSite())
    assert admin.get_import_formats() == SAFE_FORMATS
    assert admin.get_export_formats() == [SafeXLSX, SafeCSV]
    assert [kind().get_title() for kind in SAFE_FORMATS] == ["xlsx", "csv", "ods"]
