"""Loading a plan: what is stored, what a second load changes, and what it costs."""

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Institution, InstitutionAlias
from audit.models import Entry
from audit.services import faults
from indicators.loading import load, load_all
from indicators.loading.shape import SHEETS
from indicators.models import (
    Action,
    Category,
    Dimension,
    FrameworkItem,
    Funding,
    Indicator,
    Objective,
    Plan,
    PlanLevel,
    Target,
)
from tests.indicators import plan_files

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
PLANS = ROOT / "plans"
ROWS = sum(map(len, plan_files.sheets().values()))
TITLED = {"objectives": Objective, "actions": Action, "indicators": Indicator}


@pytest.fixture
def content() -> plan_files.Sheets:
    return plan_files.sheets()


@pytest.fixture
def folder(tmp_path, content) -> Path:
    return plan_files.write_folder(tmp_path / "plan", content)


def stored() -> dict[str, list]:
    """Everything a plan's files can put into the database, without keys."""
    tables = {sheet.name: rows_of(sheet) for sheet in SHEETS}
    tables["aliases"] = sorted(InstitutionAlias.objects.values_list("institution__code", "name"))
    return tables


def rows_of(sheet) -> list[dict]:
    return sorted(
        (row_of(sheet, record) for record in sheet.model.objects.all()),
        key=lambda row: [str(row[name]) for name in sheet.key],
    )


def row_of(sheet, record) -> dict:
    row = {}
    for column in sheet.columns:
        if column.name == "aliases":
            continue
        value = getattr(record, column.name)
        if column.refers and column.many:
            value = [linked.code for linked in value.all()]
        elif column.refers:
            value = value and value.code
        row[column.name] = value
    return row


# ------------------------------------------------------------------ what is stored


def test_every_row_of_every_sheet_is_stored(folder, content):
    outcome = load(folder, commit=True)

    assert outcome.errors == ()
    assert outcome.stored
    assert {name: len(rows) for name, rows in stored().items() if name != "aliases"} == {
        name: len(rows) for name, rows in content.items()
    }
    assert outcome.total_created == sum(len(rows) for rows in content.values())
    assert (outcome.total_changed, outcome.total_unchanged) == (0, 0)


def test_cells_are_stored_as_their_own_types(folder):
    load(folder, commit=True)

    plan, action = Plan.objects.get(), Action.objects.get(code="A1")
    assert (plan.country, plan.starts_on, plan.languages) == ("AL", date(2024, 1, 1), ["sq", "en"])
    assert (action.starts_on, action.ends_on) == (date(2024, 3, 1), date(2026, 12, 31))
    assert Action.objects.get(code="A2").ends_on is None
    assert Funding.objects.get(source="State budget").planned == Decimal("1200000.50")
    share = Indicator.objects.get(code="I2")
    assert (share.baseline_value, share.baseline_numerator) == (None, Decimal(341))
    assert Indicator.objects.get(code="I3").baseline_value == Decimal("12.5")


def test_what_is_left_blank_gets_the_default(folder):
    load(folder, commit=True)

    plan, indicator = Plan.objects.get(), Indicator.objects.get(code="I3")
    assert (plan.time_zone, plan.on_track_at) == ("Europe/Tirane", Decimal("0.95"))
    assert (indicator.frequency, indicator.sensitivity) == ("quarterly", "public")
    assert (indicator.tolerance, indicator.floor) == (Decimal(0), None)


def test_objectives_find_their_parents_and_depths(folder):
    load(folder, commit=True)

    tree = Objective.objects.values_list("code", "parent__code", "depth", "order")
    assert list(tree) == [("1", None, 0, 1), ("1.1", "1", 1, 2), ("1.1.1", "1.1", 2, 3)]


def test_a_row_may_name_a_later_row_as_its_parent(tmp_path, content):
    content["objectives"].reverse()

    outcome = load(plan_files.write_folder(tmp_path / "plan", content), commit=True)

    assert outcome.errors == ()
    assert dict(Objective.objects.values_list("code", "depth")) == {"1": 0, "1.1": 1, "1.1.1": 2}


def test_links_keep_what_the_files_name(folder):
    load(folder, commit=True)

    indicator = Indicator.objects.get(code="I1")
    assert indicator.action == Action.objects.get(code="A1")
    assert [i.code for i in indicator.responsible.order_by("code")] == ["MB", "MM"]
    assert [s.dimension.code for s in indicator.splits.order_by("order")] == ["sex", "age"]
    assert [str(f.code) for f in indicator.frameworks.order_by("code")] == ["1325", "1820"]
    assert Action.objects.get(code="A1").lead.code == "MM"


def test_an_institution_without_a_country_is_one_of_the_plans(folder):
    load(folder, commit=True)

    assert set(Institution.objects.values_list("country", flat=True)) == {"AL"}


def test_a_revised_target_stands_beside_the_first(folder):
    load(folder, commit=True)

    versions = Target.objects.filter(indicator__code="I1", cell="").values_list(
        "version", "value", "reason"
    )
    assert sorted(versions) == [(1, Decimal(100), ""), (2, Decimal(80), "Less money")]


# ------------------------------------------------------------------ the plan of DR Congo


@pytest.fixture
def congo() -> dict[str, list[dict[str, str]]]:
    """The plan loaded; what its files say."""
    assert load(PLANS / "drc-2019", commit=True).errors == ()
    return plan_files.read_folder(PLANS / "drc-2019")


def test_the_plan_of_dr_congo_is_stored_whole(congo):
    kept = {name: len(rows) for name, rows in stored().items() if rows}

    assert kept.pop("aliases") > 0
    assert kept == {name: len(rows) for name, rows in congo.items()}
    assert (kept["objectives"], kept["actions"]) == (42, 47)
    assert (kept["indicators"], kept["institutions"]) == (40, 38)


def test_every_title_of_dr_congo_is_stored_in_french_and_english(congo):
    for sheet, model in TITLED.items():
        kept = model.objects.values_list("code", "title_fr", "title_en")
        assert sorted(kept) == sorted(
            (r["code"], r["title_fr"], r["title_en"]) for r in congo[sheet]
        )
        assert all(french and english for _code, french, english in kept)


def test_dr_congos_tree_has_four_axes_eleven_objectives_and_27_results(congo):
    depths = list(Objective.objects.values_list("depth", flat=True))

    assert [depths.count(depth) for depth in range(4)] == [4, 11, 27, 0]


def test_every_title_of_the_demonstration_is_stored_in_albanian_and_english():
    load_all([PLANS / "frameworks", PLANS / "albania-2018", PLANS / "albania-demo"], commit=True)
    files = plan_files.read_folder(PLANS / "albania-demo")

    for sheet, model in TITLED.items():
        rows = [(row["code"], row["title_sq"], row["title_en"]) for row in files[sheet]]
        kept = model.objects.filter(plan__code="AL").values_list("code", "title_sq", "title_en")
        assert sorted(kept) == sorted(rows)
        assert all(albanian and english for _code, albanian, english in kept)


# ------------------------------------------------------------------ twice, and after a change


def test_loading_twice_changes_nothing(folder):
    load(folder, commit=True)
    before, entries = stored(), Entry.objects.count()

    outcome = load(folder, commit=True)

    assert (outcome.total_created, outcome.total_changed) == (0, 0)
    assert stored() == before
    assert Entry.objects.count() == entries


def test_loading_all_our_plans_twice_changes_nothing():
    names = (
        "frameworks",
        "albania-2018",
        "albania-2023",
        "albania-demo",
        "drc-2019",
        "published-tables",
    )
    load_all([PLANS / name for name in names], commit=True)

    for name, outcome in zip(names, load_all([PLANS / name for name in names], commit=True)):
        assert (outcome.errors, outcome.total_created, outcome.total_changed) == ((), 0, 0)
        rows = plan_files.read_folder(PLANS / name)
        assert outcome.total_unchanged == sum(map(len, rows.values()))


@pytest.mark.parametrize(
    ("sheet", "model", "code", "field", "value"),
    [
        ("plan", Plan, "T1", "languages", ["en"]),
        ("plan", Plan, "T1", "ends_on", date(2028, 1, 1)),
        ("levels", PlanLevel, "0", "name_sq", "Tjetër"),
        ("institutions", Institution, "AL/MM", "name_en", "Other"),
        ("objectives", Objective, "1.1", "title_sq", "Tjetër"),
        ("actions", Action, "A1", "ends_on", None),
        ("actions", Action, "A1", "lead", None),
        ("funding", Funding, "A1/Unfunded", "planned", Decimal(1)),
        ("dimensions", Dimension, "age", "total_rule", "summed"),
        ("categories", Category, "age/u25", "title_en", "Other"),
        ("indicators", Indicator, "I1", "action", None),
        ("indicators", Indicator, "I3", "baseline_value", Decimal("12.4999")),
        ("indicators", Indicator, "I2", "ceiling", None),
        ("targets", Target, "I1/2025-12-31/2", "reason", "Other"),
        ("framework_items", FrameworkItem, "unscr/1820", "parent", None),
    ],
)
def test_exactly_what_was_touched_is_reported_and_restored(
    folder, sheet, model, code, field, value
):
    load(folder, commit=True)
    before = stored()
    record = next(r for r in model.objects.all() if label(sheet, r) == code)
    setattr(record, field, value)
    model.objects.bulk_update([record], [field])
    assert stored() != before

    outcome = load(folder, commit=True)

    assert {name: rows for name, rows in outcome.changed.items() if rows} == {
        sheet: {code: [field]}
    }
    assert outcome.total_created == 0
    assert stored() == before


def label(name: str, record) -> str:
    sheet = next(sheet for sheet in SHEETS if sheet.name == name)
    parts = [getattr(record, part) for part in sheet.key]
    return "/".join(str(getattr(part, "code", part)) for part in parts if part != "")


@pytest.mark.parametrize("column", ["responsible", "dimensions", "frameworks"])
def test_links_that_were_taken_away_are_reported_and_restored(folder, column):
    load(folder, commit=True)
    before = stored()
    getattr(Indicator.objects.get(code="I1"), column).clear()

    outcome = load(folder, commit=True)

    assert outcome.changed["indicators"] == {"I1": [column]}
    assert stored() == before


def test_an_objective_that_moves_takes_its_branch_along(tmp_path, folder, content):
    load(folder, commit=True)
    content["objectives"] = [{**content["objectives"][1], "parent": ""}]

    outcome = load(plan_files.write_folder(tmp_path / "other", content), commit=True)

    assert outcome.changed["objectives"] == {"1.1": ["parent", "depth"]}
    assert dict(Objective.objects.values_list("code", "depth")) == {"1": 0, "1.1": 0, "1.1.1": 1}


def test_nothing_is_deleted_when_rows_and_files_are_left_out(tmp_path, folder, content):
    load(folder, commit=True)
    before = stored()
    short = {"plan": content["plan"], "actions": content["actions"][:1]}

    outcome = load(plan_files.write_folder(tmp_path / "short", short), commit=True)

    assert (outcome.total_created, outcome.total_changed, outcome.total_unchanged) == (0, 0, 2)
    assert stored() == before


def test_a_column_left_out_keeps_its_values_and_a_blank_cell_clears_them(tmp_path, folder, content):
    load(folder, commit=True)
    row = content["actions"][0]
    row["ends_on"] = ""
    del row["starts_on"], row["supporting"]
    short = {"plan": content["plan"], "actions": [row]}

    outcome = load(plan_files.write_folder(tmp_path / "short", short), commit=True)

    assert outcome.changed["actions"] == {"A1": ["ends_on"]}
    action = Action.objects.get(code="A1")
    assert (action.starts_on, action.ends_on) == (date(2024, 3, 1), None)
    assert [i.code for i in action.supporting.all()] == ["MB"]


def test_an_institutions_names_are_added_and_never_taken_away(tmp_path, folder, content):
    load(folder, commit=True)
    content["institutions"][0]["aliases"] = "Ushtria"

    outcome = load(plan_files.write_folder(tmp_path / "other", content), commit=True)

    assert outcome.changed["institutions"] == {"AL/MM": ["aliases"]}
    names = InstitutionAlias.objects.filter(institution__code="MM").values_list("name", flat=True)
    assert sorted(names) == ["Mbrojtja", "MoD", "Ushtria"]


def test_two_plans_may_use_the_same_codes(tmp_path, folder, content):
    load(folder, commit=True)
    content["plan"][0]["code"] = "T2"

    outcome = load(plan_files.write_folder(tmp_path / "second", content), commit=True)

    assert outcome.errors == ()
    assert outcome.unchanged["institutions"] == 2
    assert Objective.objects.filter(code="1.1").count() == 2
    assert Institution.objects.count() == 2


# ------------------------------------------------------------------ dry run, log


def test_a_dry_run_stores_nothing(folder):
    nothing = stored()

    outcome = load(folder, commit=False)

    assert outcome.total_created == ROWS
    assert not outcome.stored
    assert stored() == nothing == {name: [] for name in nothing}
    assert Entry.objects.count() == 0


def test_a_dry_run_says_what_a_load_then_does(folder):
    dry, real = load(folder, commit=False), load(folder, commit=True)

    assert (dry.created, dry.changed, dry.unchanged) == (real.created, real.changed, real.unchanged)


def test_a_load_leaves_one_entry_in_the_log(folder):
    load(folder, commit=True, by="agron@example.org")

    entry = Entry.objects.get()
    assert (entry.action, entry.actor) == ("plan.loaded", "agron@example.org")
    assert (entry.about_type, entry.about_id) == ("indicators.plan", str(Plan.objects.get().pk))
    data = json.loads(entry.data)
    assert data["source"] == "plan"
    assert data["created"]["actions"] == ["A1", "A2"]
    assert (data["changed"], data["unchanged"]) == ({}, 0)
    assert list(faults()) == []


def test_the_log_names_what_a_second_load_changed(folder):
    load(folder, commit=True)
    Action.objects.filter(code="A2").update(title_en="Other")

    load(folder, commit=True)

    data = json.loads(Entry.objects.order_by("sequence").last().data)
    assert (data["created"], data["changed"]) == ({}, {"actions": {"A2": ["title_en"]}})


# ------------------------------------------------------------------ workbooks


def test_a_workbook_says_what_the_folder_says(tmp_path, folder, content):
    load(folder, commit=True)
    before = stored()

    outcome = load(plan_files.write_book(tmp_path / "plan.xlsx", content), commit=True)

    assert outcome.errors == ()
    assert (outcome.total_created, outcome.total_changed) == (0, 0)
    assert outcome.total_unchanged == ROWS
    assert stored() == before


def test_a_plan_can_come_from_a_workbook_alone(tmp_path, folder, content):
    book = plan_files.write_book(tmp_path / "plan.xlsx", content)
    assert load(book, commit=True).total_created == ROWS

    outcome = load(folder, commit=True)

    assert (outcome.total_created, outcome.total_changed) == (0, 0)


def test_the_demonstration_as_a_workbook_equals_its_folder(tmp_path):
    load_all([PLANS / "frameworks", PLANS / "albania-2018", PLANS / "albania-demo"], commit=True)
    rows = plan_files.read_folder(PLANS / "albania-demo")

    outcome = load(plan_files.write_book(tmp_path / "demo.xlsx", rows), commit=True)

    assert (outcome.errors, outcome.total_created, outcome.total_changed) == ((), 0, 0)
    assert outcome.total_unchanged == sum(map(len, rows.values()))


def test_headings_may_have_capitals_and_blank_columns_after_them(tmp_path, folder):
    (folder / "levels.csv").write_text("Depth;Name_EN;name_sq;;\n0;Area;Fushë\n\n1;Goal;Synim;;\n")

    assert load(folder, commit=True).errors == ()
    assert dict(PlanLevel.objects.values_list("depth", "name_en")) == {0: "Area", 1: "Goal"}


def test_hidden_files_of_a_folder_are_passed_over(folder):
    (folder / "._plan.csv").write_bytes(b"\x00\x05")
    (folder / "~$plan.xlsx").write_bytes(b"")
    (folder / "README.md").write_text("About this plan")

    assert load(folder, commit=True).errors == ()


# ------------------------------------------------------------------ cost


def many(content: plan_files.Sheets, number: int) -> plan_files.Sheets:
    parent = content["objectives"][0]
    content["objectives"] += [
        {**parent, "code": f"X{n}", "parent": "1", "title_en": f"Objective {n}"}
        for n in range(number)
    ]
    return content


def cost(path: Path, *, commit: bool = True) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        load(path, commit=commit)
    return len(queries)


@pytest.mark.parametrize("number", [1, 10, 100, 300])
def test_a_load_that_changes_nothing_costs_the_same_for_any_number_of_rows(
    tmp_path, content, number
):
    path = plan_files.write_folder(tmp_path / "plan", many(content, number))
    load(path, commit=True)

    assert cost(path) == 24


def test_storing_does_not_cost_a_query_a_row(tmp_path):
    costs = []
    for number in (10, 100):
        content = many(plan_files.sheets(), number)
        path = plan_files.write_folder(tmp_path / str(number), content)
        costs.append(cost(path, commit=False))

    # SQLite takes at most 999 values at once, so a long sheet is written in a few parts.
    assert costs[0] <= 40
    assert 0 <= costs[1] - costs[0] <= 3


# ------------------------------------------------------------------ the command


def told(*args: object, **options: object) -> list[str]:
    out = StringIO()
    call_command("load_plan", *map(str, args), stdout=out, **options)
    return out.getvalue().splitlines()


def test_the_command_stores_only_when_told_to(folder):
    assert told(folder)[-1] == (
        "This was a trial: nothing was stored. Repeat it with --commit to store it."
    )
    assert Plan.objects.count() == 0

    assert told(folder, commit=True)[-1] == "It is stored."
    assert Plan.objects.count() == 1

    assert told(folder)[-1] == "There is nothing to store: all of it is stored already."


def test_the_command_counts_each_sheet_and_names_what_changes(folder):
    load(folder, commit=True)
    Action.objects.filter(code="A2").update(title_en="Other", title_sq="Tjetër")

    lines = told(folder)

    assert lines[0] == str(folder)
    assert "  actions          0 created, 1 changed, 1 unchanged" in lines
    assert "    A2: title_en, title_sq" in lines


def test_the_command_can_be_silent(folder):
    assert told(folder, commit=True, verbosity=0) == []
    assert Plan.objects.count() == 1


def test_a_path_that_is_not_there_gives_one_line(tmp_path):
    with pytest.raises(CommandError) as refusal:
        told(tmp_path / "nowhere")

    assert str(refusal.value) == (
        f"{tmp_path}/nowhere: There is no such folder or file. Nothing was stored."
    )


def test_errors_end_the_command_with_a_code_that_is_not_zero(tmp_path):
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "manage.py", "load_plan", "/nowhere"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "CommandError: /nowhere: There is no such folder or file. Nothing was stored.\n"
    )


def test_all_paths_are_stored_or_none(tmp_path, folder):
    with pytest.raises(CommandError, match="There is no such folder or file"):
        told(folder, tmp_path / "nowhere", commit=True)

    assert Plan.objects.count() == 0


def test_a_later_path_may_build_on_an_earlier_one(tmp_path, content):
    first = {name: content.pop(name) for name in ("frameworks", "framework_items")}
    paths = [
        plan_files.write_folder(tmp_path / "frameworks", first),
        plan_files.write_folder(tmp_path / "plan", content),
    ]

    assert told(*paths, commit=True)[-1] == "It is stored."
    assert Indicator.objects.get(code="I1").frameworks.count() == 2
