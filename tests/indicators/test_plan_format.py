"""The document of the plan's shape says what the loader does."""

import re
from pathlib import Path

import pytest

from accounts.models import InstitutionAlias
from indicators.choices import Certainty, Kind, ValueMeaning
from indicators.combine import rules_over_time, rules_over_units
from indicators.loading import load
from indicators.loading.shape import BY_NAME, SHEETS, Column, Sheet
from indicators.models import Indicator, Target

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "plan-format.md").read_text("utf-8")
ALIAS = InstitutionAlias._meta.get_field("name")


def section(title: str) -> str:
    return re.split(r"^##+ ", DOCUMENT.split(f"\n## {title}\n")[1], flags=re.MULTILINE)[0]


def table(text: str) -> list[list[str]]:
    """The rows of a table below its headings."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def documented(sheet: str) -> dict[str, tuple[str, str]]:
    """For each column whether it is needed, and what to write."""
    return {
        name: (needed, words)
        for columns, needed, words in table(section(sheet))
        for name in re.findall(r"`(\w+)`", columns)
    }


def field(sheet: Sheet, column: Column):
    return ALIAS if column.name == "aliases" else sheet.field(column)


def test_every_sheet_has_its_section_and_is_named_at_the_top():
    top = DOCUMENT.split("\n## ")[0]

    assert set(re.findall(r"\[(\w+)\]\(#\1\)", top)) == set(BY_NAME)
    assert all(f"\n## {name}\n" in DOCUMENT for name in BY_NAME)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_column_is_documented_and_no_other(sheet):
    assert list(documented(sheet.name)) == [column.name for column in sheet.columns]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_it_is_told_which_columns_are_needed(sheet):
    needed = {name: words for name, (words, _text) in documented(sheet.name).items()}
    texts = {f"{text}_{code}" for text in sheet.texts for code in ("en", "sq", "fr")}

    for column in sheet.columns:
        expected = "one of them" if column.name in texts else "yes" if column.required else ""
        assert needed[column.name] == expected, column.name


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_it_is_told_by_what_a_row_is_known(sheet):
    known = re.search(r"Known by\s+(.*?)\.\n", section(sheet.name), re.DOTALL)

    assert tuple(re.findall(r"`(\w+)`", known[1])) == sheet.key


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_allowed_word_length_and_kind_of_cell_is_told(sheet):
    for column in sheet.columns:
        words, model_field = documented(sheet.name)[column.name][1], field(sheet, column)
        where = f"{sheet.name}.{column.name}"
        if column.name == "certainty":
            assert "see [below](#certainty)" in words, where
        elif model_field.choices:
            allowed = {value for value, _label in model_field.flatchoices}
            assert allowed <= set(re.findall(r"`([\w-]+)`", words)), where
        elif model_field.get_internal_type() in {"DateField", "BooleanField"}:
            assert re.search("date|yes or no", words), where
        elif "Integer" in model_field.get_internal_type():
            assert "whole number" in words, where
        elif model_field.get_internal_type() == "DecimalField":
            assert "number" in words, where
        elif model_field.max_length and column.name not in {"country", "time_zone", "currency"}:
            assert f"up to {model_field.max_length}" in words, where
        elif column.refers:
            assert ("several codes" if column.many else "code of") in words, where


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_default_is_told(sheet):
    for column in sheet.columns:
        model_field = field(sheet, column)
        default = model_field.get_default() if model_field.has_default() else None
        if column.refers or default in (None, "", []) or column.name == "order":
            continue
        words = documented(sheet.name)[column.name][1].replace("`", "")
        shown = {"True": "yes", "False": "no"}.get(str(default), str(default))
        told = {f"default {shown}", f"{shown} (default"}
        assert any(text in words for text in told), f"{sheet.name}.{column.name}"


def test_every_degree_of_certainty_is_told():
    assert [re.findall(r"`(\w+)`", row[0])[0] for row in table(section("certainty"))] == list(
        Certainty
    )


def test_the_table_of_fitting_rules_is_the_one_that_is_kept():
    fitting = DOCUMENT.split("### Which rules fit")[1].split("\n## ")[0]
    rules = {
        row[0]: [set(re.findall(r"`(\w+)`", cell)) for cell in row[1:]] for row in table(fitting)
    }

    snapshot, in_period = ValueMeaning.SNAPSHOT, ValueMeaning.IN_PERIOD
    for kind in Kind:
        told = next((row for name, row in rules.items() if kind in name.split(", ")), None)
        for meaning, name in ((in_period, "in_period"), (snapshot, "snapshot")):
            over_time, over_units = told or rules[f"any other, {name}"]
            assert over_time == rules_over_time(kind, meaning), (kind, meaning)
            assert over_units == rules_over_units(kind), kind
        assert rules["every running_total"][0] == rules_over_time(kind, ValueMeaning.RUNNING_TOTAL)


@pytest.mark.django_db
def test_the_example_is_a_complete_plan(tmp_path):
    files = re.findall(r"^`(\w+\.csv)`:\n\n```csv\n(.*?)```", DOCUMENT, re.DOTALL | re.MULTILINE)
    for name, content in files:
        (tmp_path / name).write_text(content, encoding="utf-8")

    outcome = load(tmp_path, commit=True)

    assert len(files) == 6
    assert (outcome.errors, outcome.total_created) == ((), 8)
    assert Indicator.objects.get().title_sq == "Gratë mes oficerëve"
    assert Target.objects.count() == 2
