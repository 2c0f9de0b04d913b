"""Import and export of the plan's rows: preview first, all or nothing, logged, by code."""

import json
import re
import tempfile
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Institution, InstitutionAlias, User
from audit.models import Entry
from audit.services import faults
from indicators.models import (
    Action,
    Category,
    Dimension,
    Framework,
    FrameworkItem,
    Funding,
    Indicator,
    Objective,
    Plan,
    PlanLevel,
    Target,
)
from tests import factory
from tests.conftest import World
from tests.indicators.admin_files import (
    CSV,
    XLSX,
    confirm,
    export,
    file_of,
    preview,
    rows_of,
)

OBJECTIVE = ("plan", "code", "parent", "title_en")
MODELS = (
    Plan,
    PlanLevel,
    Objective,
    Action,
    Funding,
    Dimension,
    Category,
    Indicator,
    Target,
    Framework,
    FrameworkItem,
    Institution,
    User,
)
ALL = [f"{model._meta.app_label}_{model._meta.model_name}" for model in MODELS]
DANGEROUS = ["=1+1", "==1+1", "+1", "-1+2", "@SUM(A1)", "'=1", "=cmd|' /C calc'!A0"]


@pytest.fixture
def world(world: World) -> World:
    """A plan with something in every table; everybody may use the admin."""
    framework = Framework.objects.create(code="un", title_en="=UN")
    item = FrameworkItem.objects.create(framework=framework, code="1", title_en="One")
    FrameworkItem.objects.create(framework=framework, code="1a", title_en="A", parent=item)
    below = factory.make_objective(world.plan, "1.1", world.objective)
    below.frameworks.add(item)
    sex = factory.make_dimension(world.plan, "sex", "f", "m")
    factory.split(world.indicator, sex, factory.make_dimension(world.plan, "age", "old"))
    Target.objects.create(
        indicator=world.indicator, cell="sex=f", as_of=date(2027, 12, 31), value=Decimal("12.7")
    )
    PlanLevel.objects.create(plan=world.plan, depth=0, name_en="Area")
    action = Action.objects.get(code="A1")
    action.supporting.add(world.interior)
    Funding.objects.create(action=action, source="State; @budget", planned=Decimal("12.50"))
    for name in ("a;b\\", "=cmd()"):
        InstitutionAlias.objects.create(institution=world.defence, name=name)
    User.objects.update(is_staff=True)
    return world


@pytest.fixture
def root(world: World) -> User:
    return factory.make_user("root@example.org", is_staff=True, is_superuser=True)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    tables = [*MODELS, InstitutionAlias]
    return {t.__name__: sorted(t._default_manager.values_list(), key=repr) for t in tables}


def told(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


# out and back


@pytest.mark.parametrize("form", [XLSX, CSV])
def test_an_export_imported_again_changes_nothing(world: World, root: User, form: str) -> None:
    client = world.client(root)
    before = everything()
    for model in ALL:
        data = export(client, model, form)
        seen = preview(client, model, data, form)
        assert "Store it" in seen.content.decode(), model
        confirm(client, model, seen)
        after = everything()
        after["User"] = before["User"]  # the log-in of the importer is noted there
        assert after == before, model
        entry = Entry.objects.get(action=f"{model.partition('_')[2]}.imported")
        told_of = json.loads(entry.data)
        assert (told_of["new"], told_of["updated"]) == ([], {})
        assert told_of["rows"] == len(rows_of(data, form)) > 0


@pytest.mark.parametrize("form", [XLSX, CSV])
def test_a_plan_moves_to_an_empty_database(world: World, root: User, form: str) -> None:
    client = world.client(root)
    order = [m for m in ALL if m != "accounts_user"]
    order.sort(key=lambda m: m not in ("indicators_framework", "indicators_frameworkitem"))
    order.sort(key=lambda m: m != "accounts_institution")
    files = {model: export(client, model, form) for model in order}
    texts = {m: rows_of(f, form) for m, f in files.items()}
    world.period.reports.all().delete()
    world.plan.periods.all().delete()
    for table in (Target, Indicator, Action):
        table.objects.all().delete()
    Objective.objects.exclude(parent=None).delete()
    Plan.objects.all().delete()
    FrameworkItem.objects.exclude(parent=None).delete()
    Framework.objects.all().delete()
    Institution.objects.all().delete()
    for model in order:
        answer = confirm(client, model, preview(client, model, files[model], form))
        assert answer.status_code == 302, answer.content
    assert {m: rows_of(export(client, m, form), form) for m in order} == texts


@pytest.mark.parametrize("form", [XLSX, CSV])
def test_formula_like_text_goes_out_and_back_unchanged(world: World, root: User, form: str) -> None:
    client, model = world.client(root), "indicators_indicator"
    row = Indicator.objects.filter(code="I1")
    for text in DANGEROUS:
        row.update(title_en=text, baseline_source=text)
        data = export(client, model, form)
        if form == XLSX:
            parts = zipfile.ZipFile(BytesIO(data))
            sheets = [parts.read(n).decode() for n in parts.namelist() if "worksheets/" in n]
            assert not any("<f>" in sheet or "<f " in sheet for sheet in sheets)
        row.update(title_en="x", baseline_source="x")
        confirm(client, model, preview(client, model, data, form))
        assert row.filter(title_en=text, baseline_source=text).count() == 1, text


def test_numbers_and_dates_leave_as_numbers_and_dates(world: World, root: User) -> None:
    row = rows_of(export(world.client(root), "indicators_target"))[-1]
    assert isinstance(row["value"], Decimal)
    assert isinstance(row["as_of"], date)


def test_an_albanian_csv_keeps_its_numbers(world: World, root: User) -> None:
    root.language = "sq"
    root.save()
    client, model = world.client(root), "indicators_target"
    data = export(client, model, CSV)
    before = everything()
    confirm(client, model, preview(client, model, data, CSV))
    assert everything()["Target"] == before["Target"]


def test_what_is_filtered_is_what_is_exported(world: World, root: User) -> None:
    data = export(world.client(root), "indicators_indicator", query="?kind=percentage")
    assert [row["code"] for row in rows_of(data)] == ["I2"]


# preview and store


def test_a_preview_stores_nothing(world: World, root: User) -> None:
    client = world.client(root)
    before = everything()
    data = file_of(OBJECTIVE, ("AL", "9", "", "Nine"))
    response = preview(client, "indicators_objective", data)
    assert "Nothing is stored yet" in response.content.decode()
    assert "<ins>Nine</ins>" in response.content.decode()
    assert everything() == before
    assert not Entry.objects.filter(action="objective.imported").exists()


def test_a_confirmed_file_is_stored_and_logged(world: World) -> None:
    client, model = world.client(world.administrator), "indicators_objective"
    rows = [("AL", "1", "", "New title"), ("AL", "9", "", "Nine"), ("AL", "9.1", "9", "Below")]
    confirm(client, model, preview(client, model, file_of(OBJECTIVE, *rows)))
    assert Objective.objects.get(code="9.1").parent == Objective.objects.get(code="9")
    assert Objective.objects.get(code="9.1").depth == 1
    entry = Entry.objects.get(action="objective.imported")
    assert (entry.actor, entry.about_type) == (world.administrator.email, "indicators.plan")
    said = json.loads(entry.data)
    assert said["new"] == ["AL / 9", "AL / 9.1"]
    assert said["updated"] == {"AL / 1": {"title_en": ["Objective 1", "New title"]}}
    assert not list(faults())
    assert LogEntry.objects.filter(user=world.administrator).exists()


def test_storing_twice_is_harmless(world: World, root: User) -> None:
    client, model = world.client(root), "indicators_objective"
    seen = preview(client, model, file_of(OBJECTIVE, ("AL", "9", "", "Nine")))
    confirm(client, model, seen)
    again = confirm(client, model, seen)
    assert "imported already" in told(again)
    assert Objective.objects.filter(code="9").count() == 1
    assert Entry.objects.filter(action="objective.imported").count() == 1


def test_storing_by_get_is_refused(world: World, root: User) -> None:
    url = reverse("admin:indicators_objective_process_import")
    assert world.client(root).get(url).status_code == 405


def test_no_other_file_of_the_server_can_be_named(world: World, root: User) -> None:
    client, model = world.client(root), "indicators_objective"
    other = Path(gettempdir()) / "not-yours.xlsx"
    other.write_bytes(file_of(OBJECTIVE, ("AL", "9", "", "Nine")))
    seen = preview(client, model, file_of(OBJECTIVE, ("AL", "8", "", "Eight")))
    confirm(client, model, seen, import_file_name=other.name)
    assert not Objective.objects.filter(code__in=["8", "9"]).exists()
    assert other.exists()
    other.unlink()


def test_a_preview_belongs_to_who_saw_it(world: World, root: User) -> None:
    model = "indicators_objective"
    seen = preview(world.client(root), model, file_of(OBJECTIVE, ("AL", "9", "", "Nine")))
    confirm(world.client(world.administrator), model, seen)
    assert not Objective.objects.filter(code="9").exists()


def test_what_changed_since_the_preview_stores_nothing(world: World, root: User) -> None:
    client, model = world.client(root), "indicators_objective"
    rows = [("AL", "8", "", "Eight"), ("AL", "9", "1.1", "Nine")]
    seen = preview(client, model, file_of(OBJECTIVE, *rows))
    Objective.objects.get(code="1.1").delete()
    assert "Nothing was stored" in told(confirm(client, model, seen))
    assert not Objective.objects.filter(code__in=["8", "9"]).exists()


# what is refused


def fault_cells(response: Any) -> list[tuple[str, str, str]]:
    html = response.content.decode()
    assert "Store it" not in html
    return re.findall(r"<tr><td>(\d+)</td><td>(\w*)</td><td>(.*?)</td></tr>", html)


def test_a_bad_row_stores_nothing_and_is_named_with_row_and_column(
    world: World, root: User
) -> None:
    client = world.client(root)
    before = everything()
    rows = [("AL", "9", "", "Nine"), ("", "", "", ""), ("AL", "8", "77", "Eight")]
    response = preview(client, "indicators_objective", file_of(OBJECTIVE, *rows))
    assert fault_cells(response) == [("4", "parent", "“77” is not known here.")]
    assert everything() == before


def test_every_fault_is_told_at_once(world: World, root: User) -> None:
    headers = ("plan", "code", "kind", "tolerance", "baseline_date", "floor", "ceiling")
    rows = [
        ("AL", "I1", "many", Decimal(1), "31.12.2026", None, None),
        ("AL", "I2", "percentage", "a lot", None, Decimal(9), Decimal(3)),
        ("AL", "NEW", "", None, None, None, None),
    ]
    response = preview(world.client(root), "indicators_indicator", file_of(headers, *rows))
    found = {(row, column) for row, column, _text in fault_cells(response)}
    assert {("2", "kind"), ("2", "baseline_date"), ("3", "tolerance")} <= found
    assert {("4", "objective"), ("4", "title_en"), ("4", "kind")} <= found


def test_a_constraint_is_told_in_its_words(world: World, root: User) -> None:
    headers = ("plan", "code", "floor", "ceiling")
    data = file_of(headers, ("AL", "I1", Decimal(9), Decimal(3)))
    response = preview(world.client(root), "indicators_indicator", data)
    assert [c[:2] for c in fault_cells(response)] == [("2", "floor")]
    assert "above the lowest" in response.content.decode()


def test_a_row_that_stands_twice_is_refused(world: World, root: User) -> None:
    data = file_of(OBJECTIVE, ("AL", "9", "", "Nine"), ("AL", "9", "", "Nine again"))
    response = preview(world.client(root), "indicators_objective", data)
    assert "see row 2" in response.content.decode()


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        (("plan", "title_en"), "The column “code” is missing."),
        (("plan", "code", "titel"), "The column “titel” is not known."),
        (("id", "plan", "code"), "The column “id” is not known."),
    ],
)
def test_headings_are_checked(
    world: World, root: User, headers: tuple[str, ...], sentence: str
) -> None:
    data = file_of(headers, ("AL", "1", "x")[: len(headers)])
    response = preview(world.client(root), "indicators_objective", data)
    html = response.content.decode()
    assert sentence in html
    assert "Traceback" not in html
    assert "Store it" not in html


def test_a_file_that_is_no_workbook_is_refused_in_a_sentence(world: World, root: User) -> None:
    response = preview(world.client(root), "indicators_objective", b"%PDF-1.7 not rows")
    assert response.status_code == 200
    assert "PDF document" in response.content.decode()


@pytest.mark.parametrize(
    "rows",
    [
        [("1", "1")],
        [("1", "1.1")],
        [("1", "1.1.1")],
        [("1", "1.1"), ("1.1", "1")],
        [("1.1", "1.1.1"), ("1.1.1", "1.1")],
        [("1", "1.1.1"), ("1.1.1", "1.1"), ("1.1", "1")],
        [("8", "9"), ("9", "8")],
    ],
)
def test_a_circle_is_refused(world: World, root: User, rows: list[tuple[str, str]]) -> None:
    factory.make_objective(world.plan, "1.1.1", Objective.objects.get(code="1.1"))
    data = file_of(OBJECTIVE, *(("AL", code, parent, "x") for code, parent in rows))
    response = preview(world.client(root), "indicators_objective", data)
    assert fault_cells(response)
    assert {column for _row, column, _text in fault_cells(response)} == {"parent"}


def test_rows_may_stand_in_any_order(world: World, root: User) -> None:
    client, model = world.client(root), "indicators_objective"
    rows = [("AL", "9.1.1", "9.1", "C"), ("AL", "9.1", "9", "B"), ("AL", "9", "", "A")]
    confirm(client, model, preview(client, model, file_of(OBJECTIVE, *rows)))
    made = Objective.objects.filter(code__startswith="9").order_by("code")
    assert list(made.values_list("code", "parent__code", "depth")) == [
        ("9", None, 0),
        ("9.1", "9", 1),
        ("9.1.1", "9.1", 2),
    ]


def test_a_fault_keeps_its_row_whatever_the_order(world: World, root: User) -> None:
    rows = [("AL", "9.1", "9", "B"), ("AL", "9", "", ""), ("AL", "8.1", "8", "D")]
    response = preview(world.client(root), "indicators_objective", file_of(OBJECTIVE, *rows))
    found = {(row, column) for row, column, _text in fault_cells(response)}
    assert {("3", "title_en"), ("4", "parent")} <= found


def test_a_branch_moves_with_its_rows_in_any_order(world: World, root: User) -> None:
    client, model = world.client(root), "indicators_objective"
    data = file_of(OBJECTIVE[:3], ("AL", "1.1", "1"), ("AL", "1", "0"))
    factory.make_objective(world.plan, "0")
    confirm(client, model, preview(client, model, data))
    tree = Objective.objects.filter(plan=world.plan).order_by("code")
    assert list(tree.values_list("code", "depth")) == [("0", 0), ("1", 1), ("1.1", 2)]


def test_a_refused_file_leaves_no_copy(
    world: World, root: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    client, model = world.client(root), "indicators_objective"
    preview(client, model, file_of(OBJECTIVE, ("XX", "1", "", "")))
    assert list(folder.iterdir()) == []
    preview(client, model, file_of(OBJECTIVE, ("AL", "9", "", "Nine")))
    assert len(list(folder.iterdir())) == 1  # what can be confirmed is kept, and here


def test_a_blank_text_stays_text_and_a_missing_column_stays_as_it_is(
    world: World, root: User
) -> None:
    client, model = world.client(root), "indicators_indicator"
    Indicator.objects.filter(code="I1").update(baseline_source="somewhere", source="here")
    data = file_of(("plan", "code", "baseline_source"), ("AL", "I1", None))
    confirm(client, model, preview(client, model, data))
    stored = Indicator.objects.get(code="I1")
    assert (stored.baseline_source, stored.source) == ("", "here")
    assert stored.responsible.count() == 2
    assert [split.dimension.code for split in stored.splits.all()] == ["sex", "age"]


def test_lists_are_replaced_by_what_the_cell_says(world: World, root: User) -> None:
    client, model = world.client(root), "indicators_indicator"
    headers = ("plan", "code", "responsible", "dimensions", "frameworks")
    data = file_of(headers, ("AL", "I1", "MM; AL:MM", "age;sex", "un:1a"))
    confirm(client, model, preview(client, model, data))
    stored = Indicator.objects.get(code="I1")
    assert [i.code for i in stored.responsible.all()] == ["MM"]
    assert [split.dimension.code for split in stored.splits.all()] == ["age", "sex"]
    assert [item.code for item in stored.frameworks.all()] == ["1a"]


# targets


TARGET = ("plan", "indicator", "cell", "as_of", "value", "version", "reason")


def test_a_target_is_not_overwritten_by_a_file(world: World, root: User) -> None:
    data = file_of(TARGET, ("AL", "I1", "", date(2027, 12, 31), Decimal(50), 1, ""))
    response = preview(world.client(root), "indicators_target", data)
    assert [c[:2] for c in fault_cells(response)] == [("2", "value")]
    assert "never overwritten" in response.content.decode()


def test_a_new_version_comes_with_a_reason(world: World, root: User) -> None:
    client, model = world.client(root), "indicators_target"
    row = ("AL", "I1", "", date(2027, 12, 31), Decimal(50), 2)
    refused = preview(client, model, file_of(TARGET, (*row, "")))
    assert "needs a reason" in refused.content.decode()
    confirm(client, model, preview(client, model, file_of(TARGET, (*row, "Less money."))))
    assert [t.value for t in Target.objects.filter(cell="").order_by("version")] == [100, 50]


def test_a_target_names_a_cell_of_its_indicator(world: World, root: User) -> None:
    data = file_of(TARGET, ("AL", "I1", "sex=x", date(2027, 12, 31), Decimal(5), 1, ""))
    response = preview(world.client(root), "indicators_target", data)
    assert [c[:2] for c in fault_cells(response)] == [("2", "cell")]


# cost


def cost(client: Client, number: int, new: bool) -> int:
    start = 1_000 * number
    rows = [("AL", f"Z{start + n}", "", f"Row {n}") for n in range(number)]
    data = file_of(OBJECTIVE, *rows)
    if not new:
        confirm(client, "indicators_objective", preview(client, "indicators_objective", data))
    with CaptureQueriesContext(connection) as queries:
        preview(client, "indicators_objective", data)
    return len(queries)


@pytest.mark.parametrize("new", [True, False])
def test_a_preview_costs_the_same_for_few_and_many_rows(
    world: World, root: User, new: bool
) -> None:
    client = world.client(root)
    cost(client, 1, new)
    few, many = (cost(client, number, new) for number in (2, 20))
    assert many == few
