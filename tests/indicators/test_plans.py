"""The plans that come with the program: whole, marked for what they are, and sensible."""

import re
import unicodedata
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from indicators.choices import Direction, Frequency, Kind, Sensitivity, ValueMeaning
from tests.indicators.plan_files import read_folder

PLANS = Path(__file__).resolve().parents[2] / "plans"
NAMES = (
    "albania-2018",
    "albania-2023",
    "albania-demo",
    "drc-2019",
    "published-tables",
    "frameworks",
)
FILES = [f"{name}/{path.name}" for name in NAMES for path in sorted((PLANS / name).glob("*.csv"))]
DEFENCE = {f"ALB-C{number:02}" for number in (*range(1, 10), 18)}
DEMO = read_folder(PLANS / "albania-demo")
INDICATORS = {row["code"]: row for row in DEMO["indicators"]}
PLAN = DEMO["plan"][0]


def rows(name: str) -> dict[str, int]:
    return {sheet: len(content) for sheet, content in read_folder(PLANS / name).items()}


def parts(cell: str) -> set[str]:
    return set(cell.split(";")) - {""}


# ------------------------------------------------------------------ as much as was published


def test_the_plan_of_dr_congo_has_all_its_rows():
    assert rows("drc-2019") == {
        "plan": 1,
        "levels": 3,
        "institutions": 38,
        "objectives": 42,
        "actions": 47,
        "dimensions": 13,
        "categories": 66,
        "indicators": 40,
    }


def test_dr_congo_gives_no_baselines_and_no_targets():
    plan = read_folder(PLANS / "drc-2019")

    assert "targets" not in plan
    assert {row["baseline_state"] for row in plan["indicators"]} == {"unknown", "zero"}
    assert "baseline_value" not in plan["indicators"][0]


def test_the_indicator_of_dr_congo_that_is_cut_off_says_so():
    (torn,) = (r for r in read_folder(PLANS / "drc-2019")["indicators"] if r["code"] == "IND7.1.3")

    assert torn["certainty"] == "unverified"
    assert "do not use without another copy" in torn["note_en"]


def test_albanias_plans_have_what_was_found():
    assert rows("albania-2018") == {
        "plan": 1,
        "levels": 2,
        "institutions": 34,
        "objectives": 13,
        "indicators": 20,
    }
    assert rows("albania-2023") == {"plan": 1, "levels": 1, "objectives": 2}


def test_albanias_first_plan_has_four_policy_areas_and_nine_objectives():
    parents = Counter(row["parent"] for row in read_folder(PLANS / "albania-2018")["objectives"])

    assert parents == {"": 4, "N1.1": 3, "N1.2": 2, "N1.3": 2, "N1.4": 2}


def test_the_frameworks_have_all_their_items():
    items = Counter(
        row["framework"] for row in read_folder(PLANS / "frameworks")["framework_items"]
    )

    assert items == {"unscr": 11, "r1325": 7, "un-2010": 36, "eu-2010": 17, "sdg": 10}


def test_a_title_of_which_we_are_not_sure_is_marked():
    items = read_folder(PLANS / "frameworks")["framework_items"]
    unsure = [row for row in items if "from knowledge, unverified" in row["source"]]

    assert {row["framework"] for row in unsure} == {"un-2010", "eu-2010"}
    assert {row["certainty"] for row in unsure} == {"unverified"}


@pytest.mark.parametrize("name", ["albania-2018", "albania-demo"])
def test_published_figures_name_their_source_and_are_not_the_plans_own(name):
    published = [
        row for row in read_folder(PLANS / name)["indicators"] if row["code"].startswith("ALB-C")
    ]

    assert len(published) == 20
    for row in published:
        assert row["certainty"] == "published", row["code"]
        assert row["source"], row["code"]
        assert row["baseline_source"], row["code"]
        assert row["note_en"].startswith("Published value; NOT taken from the plan"), row["code"]
        assert row["note_sq"].startswith("Shifër e publikuar; NUK është marrë nga plani")


@pytest.mark.parametrize("name", ["albania-2018", "albania-demo"])
def test_the_ministry_of_defence_answers_for_its_published_figures(name):
    responsible = {r["code"]: r["responsible"] for r in read_folder(PLANS / name)["indicators"]}

    assert {code: responsible[code] for code in DEFENCE} == dict.fromkeys(DEFENCE, "MM")


def test_shares_with_known_numbers_keep_both_halves():
    halves = {
        code: (row["baseline_numerator"], row["baseline_denominator"])
        for code, row in INDICATORS.items()
        if row["certainty"] == "published" and row["baseline_numerator"]
    }

    assert halves == {
        "ALB-C03": ("341", "1747"),
        "ALB-C04": ("348", "2337"),
        "ALB-C05": ("561", "1578"),
        "ALB-C17": ("22", "40"),
    }


# ------------------------------------------------------------------ the demonstration


def test_the_demonstration_says_that_it_is_one():
    assert (PLAN["is_demonstration"], PLAN["certainty"]) == ("yes", "demonstration")
    assert "not a plan of the Government of Albania" in PLAN["note_en"]
    assert "nuk është plan i Qeverisë së Shqipërisë" in PLAN["note_sq"]


def test_only_the_demonstration_is_marked_as_one():
    marks = {n: read_folder(PLANS / n)["plan"][0]["is_demonstration"] for n in NAMES[:5]}

    assert marks == {
        "albania-2018": "no",
        "albania-2023": "no",
        "albania-demo": "yes",
        "drc-2019": "no",
        "published-tables": "no",
    }


def test_every_invented_row_is_marked_as_invented():
    assert {row["certainty"] for row in DEMO["actions"]} == {"demonstration"}
    assert {row["note_en"] for row in DEMO["actions"]} == {"Invented for the demonstration."}
    for code, row in INDICATORS.items():
        if code.startswith("ALB-D"):
            assert row["certainty"] == "demonstration", code
            assert row["note_en"].endswith("invented for the demonstration."), code
            assert re.search("trilluara? për demonstrim", row["note_sq"]), code
    for row in DEMO["targets"]:
        assert row["decision"].startswith("Invented for the demonstration"), row
    assert {row["certainty"] for row in DEMO["objectives"]} == {"found"}


def test_the_demonstration_shows_every_kind_direction_and_sensitivity():
    def used(column: str) -> set[str]:
        return {row[column] for row in INDICATORS.values()}

    assert used("kind") == set(Kind)
    assert used("direction") == set(Direction)
    assert used("sensitivity") == set(Sensitivity)
    assert used("value_meaning") == set(ValueMeaning)
    assert used("frequency") == set(Frequency)
    assert used("baseline_state") == {"known", "unknown", "zero"}


def test_a_part_of_the_money_is_without_a_source():
    planned = sum(Decimal(row["planned"]) for row in DEMO["funding"])
    unfunded = sum(
        Decimal(row["planned"]) for row in DEMO["funding"] if row["source"].startswith("Unfunded")
    )

    assert Decimal("0.1") < unfunded / planned < Decimal("0.3")
    assert {row["action"] for row in DEMO["funding"]} == {row["code"] for row in DEMO["actions"]}


def test_every_action_has_a_lead_and_lies_within_the_plan():
    known = {row["code"] for row in read_folder(PLANS / "albania-2018")["institutions"]}
    for row in DEMO["actions"]:
        assert row["lead"] in known, row["code"]
        assert row["lead"] not in parts(row["supporting"]), row["code"]
        assert PLAN["starts_on"] <= row["starts_on"] < row["ends_on"] <= PLAN["ends_on"]


def test_every_objective_at_the_lowest_level_has_an_action():
    lowest = {row["code"] for row in DEMO["objectives"] if row["parent"]}

    assert {row["objective"] for row in DEMO["actions"]} == lowest


def test_every_indicator_stands_where_its_action_stands():
    objectives = {row["code"]: row["objective"] for row in DEMO["actions"]}
    for code, row in INDICATORS.items():
        if row["action"]:
            assert objectives[row["action"]] == row["objective"], code


# ------------------------------------------------------------------ targets

TRAJECTORIES: dict[tuple[str, str, str], list[tuple[date, Decimal]]] = {}
for target in DEMO["targets"]:
    line = (target["indicator"], target["cell"], target["version"])
    TRAJECTORIES.setdefault(line, []).append(
        (date.fromisoformat(target["as_of"]), Decimal(target["value"]))
    )


def baseline(row: dict[str, str]) -> Decimal:
    if row["baseline_numerator"]:
        return 100 * Decimal(row["baseline_numerator"]) / Decimal(row["baseline_denominator"])
    return Decimal(row["baseline_value"] or 0)


@pytest.mark.parametrize("line", TRAJECTORIES, ids=" ".join)
def test_targets_lead_from_the_baseline_the_right_way(line):
    row, points = INDICATORS[line[0]], TRAJECTORIES[line]
    days, values = zip(*points)
    sign = {"increase": 1, "decrease": -1, "maintain": 0}[row["direction"]]
    start = baseline(row)

    assert list(days) == sorted(set(days))
    assert all(PLAN["starts_on"] <= day.isoformat() <= PLAN["ends_on"] for day in days)
    assert days[-1].isoformat() == PLAN["ends_on"]
    assert row["baseline_date"] < days[0].isoformat()
    steps = [sign * (after - before) for before, after in zip([start, *values], values)]
    assert min(steps) >= 0
    if sign:
        assert sign * (values[-1] - start) > 0
    else:
        assert set(values) == {start}


@pytest.mark.parametrize("line", TRAJECTORIES, ids=" ".join)
def test_targets_are_plausible(line):
    row = INDICATORS[line[0]]
    for _day, value in TRAJECTORIES[line]:
        assert not row["floor"] or value >= Decimal(row["floor"])
        assert not row["ceiling"] or value <= Decimal(row["ceiling"])


def test_what_has_no_direction_has_no_target_and_everything_else_has():
    with_target = {indicator for indicator, _cell, _version in TRAJECTORIES}

    assert with_target == {code for code, row in INDICATORS.items() if row["direction"] != "none"}


def test_a_target_of_women_is_below_that_of_everybody():
    women = dict(TRAJECTORIES["ALB-D02", "sex=f", "1"])
    everybody = dict(TRAJECTORIES["ALB-D02", "", "1"])

    assert women.keys() == everybody.keys()
    assert all(value < everybody[day] for day, value in women.items())


def test_a_revised_target_keeps_the_first_and_gives_a_reason():
    revised = [row for row in DEMO["targets"] if row["version"] != "1"]

    assert {row["indicator"] for row in revised} == {"ALB-D08"}
    for row in revised:
        first = dict(TRAJECTORIES[row["indicator"], row["cell"], "1"])
        assert Decimal(row["value"]) < first[date.fromisoformat(row["as_of"])]
        assert row["reason"]


# ------------------------------------------------------------------ the files themselves


@pytest.mark.parametrize("name", FILES)
def test_files_are_plain_utf8_with_composed_letters(name):
    data = (PLANS / name).read_bytes()

    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert data.endswith(b"\n")
    text = data.decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert "\N{REPLACEMENT CHARACTER}" not in text
    assert not re.search(r"Ã|Ä|â€", text), "letters of another encoding"


# Albanian words that exist only with ë or ç; without it somebody forgot the letter.
BARE = """
    barazise bashkepunim bashkepunimi cdo ceshtje ceshtjet dhune dhunes drejtesise emeruesi
    eshte gjinise grate jane keshilli keshilltar ministrise ndergjegjesimit ndermjetesve
    ndertimin nje numeruesi per perfaqesim pergjegjes permiresimi perqindje pershtatje
    pjesemarrja policise punonjes qe shendetesise sherbim sherbimi shkolles shoqerise udhezim
    udhezues vlere
"""


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith("drc")])
def test_albanian_is_written_with_its_own_letters(name):
    content = read_folder(PLANS / name.split("/")[0])[Path(name).stem]
    texts = [row[column] for row in content for column in row if column.endswith("_sq")]
    words = {word.lower() for text in texts for word in re.findall(r"[^\W\d_]+", text)}

    assert words & set(BARE.split()) == set()


def test_what_is_written_in_albanian_is_not_english():
    same = {
        row["title_en"]
        for name in NAMES
        for content in read_folder(PLANS / name).values()
        for row in content
        if row.get("title_sq") and row["title_sq"] == row["title_en"]
    }

    assert same == set()


def test_every_text_of_the_demonstration_is_there_in_both_languages():
    for sheet, content in DEMO.items():
        for row in content:
            for column in row:
                if column.endswith("_en"):
                    twin = f"{column[:-3]}_sq"
                    assert bool(row[column]) == bool(row[twin]), (sheet, row, column)
