"""What stands in the cells of the working workbooks: the database, typed."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from audit.services import head_hash
from indicators.choices import BaselineState, Direction, Kind, OverUnits, ValueMeaning
from indicators.models import Funding
from publishing.assessing import answered, assessments, observed
from publishing.loading import load_plan, load_reports
from reports.models import Observation
from reports.services import save_line
from tests import factory
from tests.conftest import World
from tests.reports.exporting import (
    add_line,
    fetched,
    indicators,
    remark,
    rows,
    sheets,
    summary,
)

QUARTER = [
    "Summary",
    "Reports",
    "Indicators",
    "Values by cell",
    "Actions and money",
    "Narrative",
    "Ratings",
    "Reviews",
]


def fill_other(world: World, number: int = 7) -> None:
    factory.fill_in(world.now(world.other_report), world.other_contributor, number)


def test_the_quarter_has_a_sheet_for_each_topic(world: World) -> None:
    world.validated()
    assert list(sheets(fetched(world, world.lead, world.period))) == QUARTER


def test_the_summary_says_what_who_when_and_what_is_missing(world: World) -> None:
    world.validated()
    told = summary(fetched(world, world.lead, world.period))
    made = told.pop("Made on")
    assert abs(made - timezone.localtime().replace(tzinfo=None)).total_seconds() < 60
    assert told == {
        "Plan": "Plan AL",
        "Quarter": "2026 Q3",
        "From": datetime(2026, 7, 1),
        "To": datetime(2026, 9, 30),
        "Reports due": datetime(2026, 10, 30),
        "Made for": "Lead.Al (lead.al@example.org)",
        "Roles in this plan": "Lead",
        "Reports: draft": 1,
        "Reports: validated": 1,
        "Still with the ministry": "Ministry of Interior",
        "Figures": "Of validated reports only.",
        "Head of the log": head_hash(),
    }


def test_what_is_not_validated_is_called_preliminary(world: World) -> None:
    world.submitted()
    told = summary(fetched(world, world.lead, world.period))
    assert told["Figures"].startswith("Preliminary: ")


def test_without_any_open_report_the_summary_says_so(world: World) -> None:
    told = summary(fetched(world, world.observer, world.period))
    assert told["Figures"] == "No report of this quarter is open to you yet."


def test_a_demonstration_is_labelled(world: World) -> None:
    assert "Note" not in summary(fetched(world, world.lead, world.period))
    world.plan.is_demonstration = True
    world.plan.save()
    told = summary(fetched(world, world.lead, world.period))
    assert told["Note"] == "Demonstration: invented figures."


def test_the_states_of_all_reports_stand_with_their_dates(world: World) -> None:
    report = world.validated()
    found = rows(fetched(world, world.administrator, world.period), "Reports")
    first = datetime.combine(timezone.localdate(report.first_submitted_at), datetime.min.time())
    assert found == [
        {
            "Code": "MB",
            "Institution": "Ministry of Interior",
            "State": "Draft",
            "Due": datetime(2026, 10, 30),
            "Overdue": "Yes" if world.other_report.is_overdue else "No",
            "First submitted": None,
            "Late": None,
            "Submitted": None,
            "Decided": None,
            "Revision": 0,
            "Answered": 0,
            "Asked for": 5,
            "Reviewer": None,
        },
        {
            "Code": "MM",
            "Institution": "Ministry of Defence",
            "State": "Validated",
            "Due": datetime(2026, 10, 30),
            "Overdue": "No",
            "First submitted": first,
            "Late": "Yes" if report.was_late else "No",
            "Submitted": first,
            "Decided": first,
            "Revision": 1,
            "Answered": None,
            "Asked for": None,
            "Reviewer": "Reviewer.Al",
        },
    ]


def test_values_are_those_of_the_database_as_real_numbers(world: World) -> None:
    split = factory.make_indicator(
        world.plan, "I3", world.defence, objective=world.objective, kind=Kind.AMOUNT
    )
    factory.split(split, factory.make_dimension(world.plan, "sex", "f", "m"))
    add_line(split, world.report)
    factory.fill_in(world.now(), world.contributor)
    line = world.now().lines.get(indicator=split)
    away = Observation(cell="sex=m", state="not_available", reason="Not counted.")
    answers = [factory.value("12.7"), factory.value("0", "sex=f"), away]
    save_line(line, by=world.contributor, version=line.version, answers=answers, rating=None)
    found = rows(fetched(world, world.contributor, world.period), "Values by cell")
    names = ("Indicator", "Cell", "Answer", "Value", "Numerator", "Denominator", "Percent")
    assert [tuple(row[name] for name in names) for row in found] == [
        ("I1", "Total", "Value", 5, None, None, None),
        ("I2", "Total", "Value", None, 5, 100, 5),
        ("I3", "Total", "Value", 12.7, None, None, None),
        ("I3", "F", "Value", 0, None, None, None),
        ("I3", "M", "Not available", None, None, None, None),
    ]
    assert found[4]["Reason"] == "Not counted."
    stored = {
        (o.line.indicator.code, o.cell): o.value
        for o in Observation.objects.filter(value__isnull=False).select_related("line__indicator")
    }
    assert stored == {("I1", ""): 5, ("I3", ""): Decimal("12.7"), ("I3", "sex=f"): 0}


def test_nothing_is_not_zero(world: World) -> None:
    found = rows(fetched(world, world.contributor, world.period), "Values by cell")
    assert [(row["Answer"], row["Value"], row["Percent"]) for row in found] == [
        ("Not answered", None, None),
        ("Not answered", None, None),
    ]


def test_a_third_is_a_number_with_four_decimals(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    line = world.now().lines.get(indicator=world.share)
    third = [factory.fraction(1, 3)]
    save_line(line, by=world.contributor, version=line.version, answers=third, rating=None)
    table = sheets(fetched(world, world.contributor, world.period))["Values by cell"]
    column = [cell.value for cell in table[0]].index("Percent")
    cell = table[2][column]
    assert (cell.value, cell.data_type) == (33.3333, "n")
    assert "%" in cell.number_format


def test_yes_and_no_are_words(world: World) -> None:
    asked = factory.make_indicator(
        world.plan,
        "I4",
        world.defence,
        objective=world.objective,
        kind=Kind.YES_NO,
        value_meaning=ValueMeaning.SNAPSHOT,
        over_units=OverUnits.MAX,
    )
    add_line(asked, world.report)
    factory.fill_in(world.now(), world.contributor, 1)
    data = fetched(world, world.contributor, world.report)
    assert rows(data, "Values by cell")[2]["Value"] == "Yes"
    assert indicators(data)["I4"]["Value to date"] == "Yes"


def test_the_value_before_stands_beside_the_value(world: World) -> None:
    earlier = factory.open_quarter(world.plan, 2026, 2)
    before = earlier.reports.get(institution=world.defence)
    factory.fill_in(before, world.contributor, 3)
    factory.decide("submit", before, world.approver)
    factory.fill_in(world.now(), world.contributor, 5)
    found = rows(fetched(world, world.contributor, world.period), "Values by cell")
    assert [(row["Previous"], row["Previous quarter"]) for row in found] == [
        (3, "2026 Q2"),
        (3, "2026 Q2"),
    ]


def test_a_draft_before_that_was_never_sent_is_no_previous_value(world: World) -> None:
    earlier = factory.open_quarter(world.plan, 2026, 2).reports.get(institution=world.defence)
    factory.fill_in(earlier, world.contributor, 3)
    factory.fill_in(world.now(), world.contributor, 5)
    found = rows(fetched(world, world.contributor, world.period), "Values by cell")
    assert [row["Previous"] for row in found] == [None, None]


def test_a_quarter_adds_up_with_its_coverage_and_its_status(world: World) -> None:
    world.validated()
    fill_other(world)
    found = indicators(fetched(world, world.administrator, world.period))
    first = dict(found["I1"])
    expected = first.pop("Expected now")
    assert first == {
        "Code": "I1",
        "Title": "Indicator I1",
        "Unit": "persons",
        "Responsible": "MB, MM",
        "Target": 100,
        "Target date": datetime(2027, 12, 31),
        "Value to date": 12,
        "Numerator": None,
        "Denominator": None,
        "Reported": 2,
        "Of": 2,
        "Coverage": 100,
        "Validated": 1,
        "Computed": "Off track",
        "Marks": None,
        "Ministry": "On track",
        "Coalition": None,
    }
    days = (date(2026, 9, 30) - date(2024, 1, 1)).days / (
        date(2027, 12, 31) - date(2024, 1, 1)
    ).days
    assert expected == pytest.approx(100 * days, abs=0.0001)
    share = found["I2"]
    assert (share["Value to date"], share["Numerator"], share["Denominator"]) == (5, 5, 100)


def test_a_missing_institution_lowers_the_coverage(world: World) -> None:
    world.validated()
    row = indicators(fetched(world, world.lead, world.period))["I1"]
    told = (row["Value to date"], row["Reported"], row["Of"], row["Coverage"], row["Marks"])
    assert told == (5, 1, 2, 50, "Provisional")


def test_both_sides_ratings_stand_beside_each_other(world: World) -> None:
    world.under_review()
    remark(world, "Which units?", ("off_track", "Two of ten."))
    factory.decide("return", world.report, world.reviewer, reason="See the remark.")
    fill_other(world)
    data = fetched(world, world.administrator, world.period)
    row = indicators(data)["I1"]
    assert (row["Ministry"], row["Coalition"]) == ("On track", "Off track")
    assert rows(data, "Ratings")[1] == {
        "Institution": "Ministry of Defence",
        "State": "Returned",
        "Indicator": "I1",
        "Title": "Indicator I1",
        "Computed": "Off track",
        "Ministry": "On track",
        "Its reason": "Two of ten.",
        "Coalition": "Off track",
        "They differ": "Yes",
        "Reply of the ministry": None,
    }


def test_institutions_that_disagree_are_named(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    fill_other(world)
    line = world.now(world.other_report).lines.get()
    save_line(
        line,
        by=world.other_contributor,
        version=line.version,
        answers=[factory.value(7)],
        rating=("at_risk", "Late."),
    )
    row = indicators(fetched(world, world.administrator, world.period))["I1"]
    assert row["Ministry"] == "MB: At risk; MM: On track"


def test_actions_stand_with_their_money_and_its_sources(world: World) -> None:
    action = world.now().actions.get().action
    Funding.objects.create(action=action, source="UN Women", planned=Decimal("1500.50"))
    Funding.objects.create(action=action, source="State budget", planned=Decimal(3000))
    world.validated()
    found = rows(fetched(world, world.lead, world.period), "Actions and money")
    assert found == [
        {
            "Institution": "Ministry of Defence",
            "State": "Validated",
            "Action": "A1",
            "Title": "Action A1",
            "Objective": "1",
            "Status": "In progress",
            "Planned in all, ALL": 4500.5,
            "Allocated in the quarter, ALL": 2000,
            "Spent in the quarter, ALL": 1000.5,
            "Sources of funds": "State budget: 3\u00a0000; UN Women: 1\u00a0500.5",
            "Warning": None,
            "Comment": "The books do not part the sources.",
        }
    ]


def test_the_narrative_has_a_column_for_each_question(world: World) -> None:
    world.validated()
    assert rows(fetched(world, world.lead, world.period), "Narrative") == [
        {
            "Institution": "Ministry of Defence",
            "State": "Validated",
            "What was done": "Trained the police.",
            "Reasons for gaps": None,
            "Challenges": None,
            "Lessons": None,
            "Next steps": "Train the army.",
        }
    ]


def test_rounds_and_remarks_stand_in_their_order(world: World) -> None:
    world.under_review()
    remark(world, "Which units?", None)
    due = date(2026, 12, 24)
    factory.decide("return", world.report, world.reviewer, reason="One line.", due_on=due)
    found = rows(fetched(world, world.lead, world.period), "Reviews")
    names = ("Round", "Outcome", "New due date", "Part", "Code", "Verdict", "Remark", "Reviewer")
    start, end = (1, "Returned", datetime(2026, 12, 24)), "Reviewer.Al"
    assert [tuple(row[name] for name in names) for row in found] == [
        (*start, "Whole report", None, None, "One line.", end),
        (*start, "Indicator", "I1", "To correct", "Which units?", end),
        (*start, "Narrative", None, "Accepted", "Which units? words", end),
    ]
    assert all(isinstance(row["Taken"], datetime) for row in found)


def test_one_report_has_the_same_sheets_and_what_it_lacks(world: World) -> None:
    data = fetched(world, world.contributor, world.report)
    assert list(sheets(data)) == [*QUARTER[:2], "Missing", *QUARTER[2:]]
    assert summary(data)["Institution"] == "Ministry of Defence"
    assert summary(data)["Answers missing"] == 7
    gaps = rows(data, "Missing")
    assert len(gaps) == 8
    assert gaps[0] == {
        "Part": "I1 Indicator I1",
        "What is missing": "Value: no value and no reason for its absence.",
    }


def test_one_report_holds_only_that_institution(world: World) -> None:
    world.validated()
    fill_other(world)
    data = fetched(world, world.administrator, world.report)
    for title in ("Reports", "Values by cell", "Actions and money", "Narrative", "Ratings"):
        names = {row["Institution"] for row in rows(data, title)}
        assert names == {"Ministry of Defence"}, title
    row = indicators(data)["I1"]
    assert (row["Value to date"], row["Reported"], row["Of"]) == (5, 1, 2)


def test_a_part_is_not_held_against_the_target_of_the_whole(world: World) -> None:
    """The ministry reads its own share of I1, to which another contributes; I2 is its own."""
    world.validated()
    for about in (world.period, world.report):
        found = indicators(fetched(world, world.contributor, about))
        assert found["I1"]["Computed"] is None
        assert found["I2"]["Computed"] == "Reported, not rated"


def test_content_is_in_the_language_of_who_asks(world: World) -> None:
    world.validated()
    world.lead.language = "sq"
    world.lead.save()
    table = list(sheets(fetched(world, world.lead, world.period)).values())[2]
    assert [row[1].value for row in table[3:]] == ["Treguesi I1", "Treguesi I2"]
    assert table[3][5].number_format == "dd.mm.yyyy"


def test_figures_and_statuses_agree_with_those_of_publication(world: World) -> None:
    """Two modules judge by the same rules; where one changes, the other must."""
    kinds = [
        {"direction": Direction.DECREASE, "baseline_state": BaselineState.UNKNOWN},
        {"value_meaning": ValueMeaning.RUNNING_TOTAL, "baseline_date": date(2025, 1, 1)},
        {
            "value_meaning": ValueMeaning.SNAPSHOT,
            "direction": Direction.MAINTAIN,
            "baseline_state": BaselineState.KNOWN,
            "baseline_value": Decimal(5),
            "tolerance": Decimal(1),
        },
    ]
    for number, fields in enumerate(kinds):
        extra = factory.make_indicator(
            world.plan,
            f"K{number}",
            world.defence,
            world.interior,
            objective=world.objective,
            **fields,
        )
        factory.make_target(extra, 5 + number)
        add_line(extra, world.report, world.other_report)
    world.published()
    found = indicators(fetched(world, world.lead, world.period))
    plan, reports = load_plan(world.now().period.plan), load_reports(world.period)
    official = assessments(plan.indicators, reports.periods, answered(reports, observed(reports)))
    assert {row["indicator"] for row in official} == set(found) == {"I1", "I2", "K0", "K1", "K2"}
    for row in official:
        ours = found[row["indicator"]]
        assert ours["Computed"] == row["status"].label
        assert ours["Marks"] == (", ".join(str(m.label) for m in row["marks"]) or None)
        assert ours["Value to date"] == row["value"]
        assert ours["Reported"] == row["coverage"]["reported"]
        assert ours["Of"] == row["coverage"]["expected"]
