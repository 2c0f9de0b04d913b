"""What stands in a snapshot, and that the same facts give the same bytes."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override

from common import clock
from common.canonical import canonical, sha256
from indicators.models import Plan
from indicators.progress import RULES_VERSION
from publishing.models import Edition
from publishing.snapshot import FORMAT, Stamp, build, snapshot_of
from reports.models import Line, Observation, Period, Report, Revision
from tests import factory
from tests.publishing.lived import AT, FIRST, LATE, SECOND, Lived

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 9, 1, 12, tzinfo=UTC)
STAMP = Stamp("AL-2026-Q2-2", 2, MOMENT, "f" * 64, "A note.")
AGAIN = "Please check the total."
HIDDEN = "88123"


def data_of(period: Period, stamp: Stamp = STAMP) -> dict[str, Any]:
    """The snapshot as a reader gets it: through its bytes."""
    return json.loads(snapshot_of(period, stamp))


def edition(period: Period) -> dict[str, Any]:
    return json.loads(Edition.objects.get(period=period, number=1).snapshot)


def line(data: dict[str, Any], place: str, quarter: str, code: str) -> dict[str, Any]:
    """One indicator in one report."""
    report = next(r for r in data["reports"] if (r["institution"], r["period"]) == (place, quarter))
    return next(row for row in report["lines"] if row["indicator"] == code)


def missing(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(m["institution"], m["period"], m["lies_with"]) for m in data["missing"]]


def test_it_has_these_parts_and_no_others(told: Lived) -> None:
    data = edition(told.second)
    assert set(data) == {
        *("format", "rules_version", "edition", "plan", "objectives", "actions", "indicators"),
        *("frameworks", "institutions", "periods", "reports", "missing", "assessments"),
    }
    assert (data["format"], data["rules_version"]) == (FORMAT, RULES_VERSION)


def test_the_act_of_publishing_is_stamped_on_it(told: Lived) -> None:
    data = data_of(told.second)
    assert data["edition"] == {
        "address": "AL-2026-Q2-2",
        "number": 2,
        "published_at": "2026-09-01T12:00:00.000000+00:00",
        "audit_head": "f" * 64,
        "note": "A note.",
        "period": "2026-Q2",
    }


def test_the_stamp_is_all_that_differs_between_two_of_the_same_facts(told: Lived) -> None:
    other = Stamp("X", 9, datetime(2027, 1, 1, tzinfo=UTC), "0" * 64)
    one, two = data_of(told.second), data_of(told.second, other)
    assert one.pop("edition") != two.pop("edition")
    assert one == two


def test_a_quarter_that_is_still_to_come_is_not_in_it(told: Lived) -> None:
    """The second quarter was open already when the first was published."""
    data = edition(told.first)
    assert [p["code"] for p in data["periods"]] == ["2026-Q1"]
    assert {r["period"] for r in data["reports"]} == {"2026-Q1"}
    assert {a["period"] for a in data["assessments"]} == {"2026-Q1"}
    assert data["missing"] == []


def test_a_quarter_has_its_dates(told: Lived) -> None:
    assert edition(told.second)["periods"][1] == {
        "code": "2026-Q2",
        "year": 2026,
        "quarter": 2,
        "starts_on": "2026-04-01",
        "ends_on": "2026-06-30",
        "due_on": "2026-07-30",
    }


def test_reports_come_by_quarter_and_institution_with_their_proof(told: Lived) -> None:
    found = edition(told.second)["reports"]
    keys = [(r["period"], r["institution"], r["submitted_on"], r["was_late"]) for r in found]
    assert keys == [
        ("2026-Q1", "MB", "2026-04-20", False),
        ("2026-Q1", "MM", "2026-04-20", False),
        ("2026-Q2", "MM", "2026-08-09", True),
    ]
    rows = Revision.objects.order_by("report__period__quarter", "report__institution__code")
    assert [(r["revision"], r["sha256"]) for r in found] == [(v.number, v.sha256) for v in rows]
    assert [v.sha256 for v in rows] == [sha256(v.content) for v in rows]


def test_every_indicator_of_a_report_stands_in_it_in_order(told: Lived) -> None:
    found = edition(told.second)["reports"]
    codes = [[row["indicator"] for row in report["lines"]] for report in found]
    assert codes == [sorted(FIRST["MB"]), sorted(FIRST["MM"]), sorted(SECOND["MM"])]


# Institution, quarter, indicator: what the answer for the total says in the edition.
ANSWERS: list[tuple[str, str, str, dict[str, str]]] = [
    ("MM", "2026-Q1", "C1", {"value": "5"}),
    ("MB", "2026-Q1", "C1", {"value": "0"}),
    ("MM", "2026-Q1", "L1", {"value": "30"}),
    ("MM", "2026-Q1", "P1", {"value": "10", "numerator": "1", "denominator": "10"}),
    ("MB", "2026-Q1", "P1", {"value": "90", "numerator": "90", "denominator": "100"}),
    ("MM", "2026-Q2", "R1", {"value": "9"}),
    ("MM", "2026-Q1", "T1", {"text": "Held 3 hearings."}),
    ("MM", "2026-Q1", "S1", {"value": "15"}),
    ("MB", "2026-Q1", "S1", {"value": "20"}),
    ("MM", "2026-Q1", "S2", {"value": "17.6471", "numerator": "15", "denominator": "85"}),
]


@pytest.mark.parametrize(("place", "quarter", "code", "said"), ANSWERS)
def test_an_answer_stands_as_it_was_given_or_protected(
    told: Lived, place: str, quarter: str, code: str, said: dict[str, str]
) -> None:
    total = line(edition(told.second), place, quarter, code)["observations"][0]
    blank = {"cell": "", "state": "value", "text": "", "reason": "", "value": None}
    assert total == blank | said


def test_a_reason_stands_in_the_place_of_a_figure(told: Lived) -> None:
    assert line(edition(told.second), "MM", "2026-Q2", "C1")["observations"] == [
        {
            "cell": "",
            "state": "not_available",
            "text": "",
            "reason": "The registry of 7 offices is closed until 2027.",
            "value": None,
        }
    ]


def test_the_cells_stand_beside_the_total(told: Lived) -> None:
    found = line(edition(told.second), "MM", "2026-Q2", "S1")["observations"]
    assert [(o["cell"], o["value"]) for o in found] == [
        ("", "25"),
        ("sex=f", "20"),
        ("sex=m", "<10"),
    ]


@pytest.mark.parametrize(
    ("quarter", "code", "ministry", "coalition"),
    [
        ("2026-Q1", "P1", ("at_risk", "Too few posts."), ("off_track", "Nobody was hired.")),
        ("2026-Q1", "C1", ("on_track", "As planned."), None),
        ("2026-Q2", "C1", ("at_risk", "The books are closed."), ("at_risk", "Seen as well.")),
    ],
)
def test_both_sides_stand_side_by_side_and_the_figures_third(
    told: Lived, quarter: str, code: str, ministry: tuple[str, str], coalition: Any
) -> None:
    data = edition(told.second)
    ratings = line(data, "MM", quarter, code)["ratings"]
    pairs = {
        side: (told["value"], told["reason"]) if told else None for side, told in ratings.items()
    }
    assert pairs == {"ministry": ministry, "coalition": coalition}
    computed = [a for a in data["assessments"] if (a["indicator"], a["period"]) == (code, quarter)]
    assert len(computed) == 1
    assert "status" in computed[0]


def test_money_and_words_of_a_report_stand_in_it(told: Lived) -> None:
    mb, mm = edition(told.first)["reports"]
    assert mm["actions"] == [
        {
            "action": "A1",
            "status": "in_progress",
            "allocated": "1000",
            "spent": "700",
            "note": "The books do not part the sources.",
        }
    ]
    assert mb["actions"] == []
    assert mm["narrative"] == {
        "done": "Trained the police.",
        "gap": "",
        "challenge": "",
        "lesson": "",
        "next_step": "Train the army.",
    }


def test_evidence_stays_with_the_reviewers(told: Lived) -> None:
    content = json.loads(Revision.objects.latest("pk").content)
    assert "evidence" in content["lines"][0]
    assert '"evidence"' not in Edition.objects.latest("pk").snapshot


def test_one_assessment_per_indicator_and_quarter_each_over_all_that_is_known(told: Lived) -> None:
    told_of = {(a["period"], a["indicator"]): a for a in edition(told.second)["assessments"]}
    assert len(told_of) == 16
    r1, p1 = told_of["2026-Q2", "R1"], told_of["2026-Q1", "P1"]
    assert (r1["value"], r1["coverage"], r1["marks"]) == (
        "16",
        {"reported": 1, "expected": 2},
        ["provisional"],
    )
    assert (p1["value"], p1["numerator"], p1["denominator"]) == ("82.7273", "91", "110")
    assert told_of["2026-Q2", "L1"]["value"] == "32"
    assert told_of["2026-Q1", "T1"]["coverage"] == {"reported": 1, "expected": 1}


# How far the other ministry's report of the second quarter came, and on whose table it lies.
PLACES = [
    ([], "ministry"),
    (["submit"], "coalition"),
    (["submit", "take"], "coalition"),
    (["submit", "take", "return"], "ministry"),
]


@pytest.mark.parametrize(("steps", "side"), PLACES)
def test_a_missing_report_says_on_whose_table_it_lies_and_none_of_its_figures(
    told: Lived, steps: list[str], side: str
) -> None:
    said = {**FIRST["MB"], "C1": (HIDDEN, "on_track", f"We saw {HIDDEN} of them.")}
    with clock.at(LATE):
        told.fill(told.report("MB", told.second), said)
        for step in steps:
            by = told.people["MB" if step == "submit" else "reviewer"]
            reason = AGAIN if step == "return" else ""
            factory.decide(step, told.report("MB", told.second), by, reason=reason)
    text = snapshot_of(told.second, STAMP)
    assert missing(json.loads(text)) == [("MB", "2026-Q2", side)]
    assert HIDDEN not in text
    assert AGAIN not in text


def test_control_the_same_figures_stand_in_it_once_published(told: Lived) -> None:
    said = {**FIRST["MB"], "C1": (HIDDEN, "on_track", f"We saw {HIDDEN} of them.")}
    with clock.at(LATE):
        told.validate("MB", told.second, said)
        assert HIDDEN not in snapshot_of(told.second, STAMP)
        text = told.release(told.second).snapshot
    assert text.count(HIDDEN) == 2
    assert missing(json.loads(text)) == []


def test_a_report_that_is_being_corrected_falls_out_until_it_is_validated_again(
    told: Lived,
) -> None:
    with clock.at(LATE):
        factory.decide("reopen", told.report("MB", told.first), told.people["lead"], reason=AGAIN)
        assert missing(data_of(told.second)) == [
            ("MB", "2026-Q1", "ministry"),
            ("MB", "2026-Q2", "ministry"),
        ]
        told.validate("MB", told.first, {**FIRST["MB"], "C1": ("2", "on_track", "Two came.")})
    report = data_of(told.second)["reports"][0]
    assert (report["period"], report["institution"], report["revision"]) == ("2026-Q1", "MB", 2)
    assert line(data_of(told.second), "MB", "2026-Q1", "C1")["observations"][0]["value"] == "2"
    assert report["submitted_on"] == "2026-04-20"


def test_what_was_reviewed_is_published_and_not_what_stands_in_the_form(told: Lived) -> None:
    before = snapshot_of(told.second, STAMP)
    rows = Observation.objects.filter(line__report__period__plan=told.plan, value__isnull=False)
    assert rows.update(value=F("value") + 1) > 5
    Line.objects.update(note=HIDDEN)
    assert snapshot_of(told.second, STAMP) == before


def test_another_plan_leaves_no_trace(told: Lived) -> None:
    before = snapshot_of(told.second, STAMP)
    other = factory.make_plan("XK", title_en=HIDDEN)
    objective = factory.make_objective(other, "1")
    factory.make_indicator(other, "C1", told.places["MM"], objective=objective)
    factory.open_quarter(other, 2026, 2)
    assert snapshot_of(told.second, STAMP) == before


def test_it_comes_out_alike_in_every_language_time_and_time_zone(told: Lived) -> None:
    before = snapshot_of(told.second, STAMP)
    with override("sq"), timezone.override("Pacific/Auckland"), clock.at(AT):
        assert snapshot_of(told.second, STAMP) == before


def test_it_is_written_in_the_one_canonical_way(told: Lived) -> None:
    text = snapshot_of(told.second, STAMP)
    assert canonical(json.loads(text)) == text
    assert text == canonical(build(told.second, STAMP))
    assert "\n" not in text


@pytest.mark.parametrize(
    ("sent", "day", "late"),
    [
        (datetime(2026, 4, 30, 22, 59, tzinfo=UTC), "2026-04-30", False),
        (datetime(2026, 4, 30, 23, 0, tzinfo=UTC), "2026-05-01", True),
    ],
)
def test_a_deadline_ends_at_midnight_in_the_plans_own_time_zone(
    told: Lived, sent: datetime, day: str, late: bool
) -> None:
    Plan.objects.update(time_zone="Africa/Kinshasa")
    Report.objects.filter(pk=told.report("MB", told.first).pk).update(first_submitted_at=sent)
    found = data_of(told.second)["reports"][0]
    assert (found["submitted_on"], found["was_late"]) == (day, late)


def test_only_who_has_a_part_in_the_plan_is_named(told: Lived) -> None:
    assert [i["code"] for i in edition(told.second)["institutions"]] == ["MB", "MM", "SUP"]


def test_who_has_reported_stays_named_after_losing_every_part(told: Lived) -> None:
    for row in told.rows.values():
        row.responsible.remove(told.places["MB"])
    data = data_of(told.second)
    assert [i["code"] for i in data["institutions"]] == ["MB", "MM", "SUP"]
    assert data["reports"][0]["institution"] == "MB"


def test_a_quarter_in_which_nobody_owed_anything_can_be_written_down(told: Lived) -> None:
    empty = factory.make_plan("XK")
    period = factory.open_quarter(empty, 2026, 2)
    data = data_of(period)
    parts = ("objectives", "actions", "indicators", "reports", "missing", "assessments")
    assert [data[name] for name in parts] == [[]] * 6
    assert data["plan"]["starts_on"] == date(2024, 1, 1).isoformat()
