"""A whole quarter: a ministry reports, the coalition returns and validates, the lead publishes,
and a stranger reads and downloads exactly what was reported."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import Locator, expect

from tests.journeys.filling import act, answer, no_value, part, rate, share, shares, told, version
from tests.journeys.filling import wait_for_save as saved
from tests.journeys.people import Person
from tests.journeys.site import Site

Enter = Callable[..., Person]

MINISTRY = "Ministry of Defence"
QUARTER = "2026 Q3"
SHARES = shares()
TYPED_WRONG = (348, 2237)
"""What the contributor first types for the non-commissioned officers: a slip of one digit."""
SECRET = "Known to three people in the personnel department."
FIRST_REMARK = "Your table of 2020 says 2 337 in all. Please check the denominator."
SECOND_REMARK = "Which training was this? The list of participants is missing."

DATABASE = """
from reports.models import Report
report = Report.objects.get(institution__code="MM", period__year=2026, period__quarter=3)
answer = {
    "status": report.status,
    "values": [
        [o.line.indicator.code, o.cell, o.state, o.value, o.numerator, o.denominator, o.reason]
        for line in report.lines.all() for o in line.observations.all()
    ],
    "money": [[a.action.code, a.allocated, a.spent] for a in report.actions.all()],
    "rounds": [[r.round, r.outcome] for r in report.reviews.order_by("round")],
    "revisions": report.revisions.count(),
    "edition": report.period.editions.order_by("number").last().address,
}
"""


def test_a_quarter_from_the_first_figure_to_the_published_workbook(
    enter: Enter, site: Site, tmp_path: Path
) -> None:
    contributor, approver = enter("contributor"), enter("approver")
    reviewer, lead = enter("reviewer"), enter("lead")
    contributor_fills_in(contributor)
    approver_is_told_what_is_missing(approver)
    approver_submits(approver)
    reviewer_returns_two_lines(reviewer)
    contributor_corrects(contributor)
    approver_submits(approver)
    reviewer_sees_the_changes_and_validates(reviewer)
    lead_publishes(lead)
    stored = site.ask(DATABASE)
    assert stored["status"] == "published"
    assert stored["rounds"] == [[1, "returned"], [2, "validated"]]
    assert stored["revisions"] == 2
    anybody = enter()
    anybody_reads_the_figures(anybody)
    rows = anybody_downloads_the_workbook(anybody, stored["edition"], tmp_path)
    the_workbook_says_what_the_database_says(rows, stored)


UNUSUAL = (
    "Total: 60 is far from the 6 values before, which lie from 25 to 41.",
    "Men: 35 is far from the 6 values before, which lie from 11 to 18.",
)
"""What the figures of ALB-D03 ask for a comment for, held against the demonstration's own."""


def contributor_fills_in(person: Person) -> None:
    person.open("/reports/")
    expect(person.row(QUARTER)).to_contain_text("Draft")
    person.follow("Begin", person.row(QUARTER))
    for code, (numerator, denominator) in {**SHARES, "ALB-C04": TYPED_WRONG}.items():
        section, before = part(person, code), version(part(person, code))
        answer(section, share(numerator, denominator))
        rate(section, "On track", "As counted by the personnel department.")
        saved(person, section, before)
    section = part(person, "ALB-C09")
    no_value(section, "Not available", "The source gives only the share, 5 percent.")
    rate(section, "At risk", "Few posts were open to women.")
    saved(person, section, 0)
    section = part(person, "ALB-C18")
    answer(section, {"Total: Value": 4})
    rate(section, "Achieved", "One more officer was sent in July.")
    saved(person, section, 0)
    section = part(person, "ALB-D03")
    answer(section, {"Total: Value": 60, "Women: Value": 25, "Men: Value": 35})
    saved(person, section, 0)  # its rating is forgotten
    section = part(person, "ALB-D13")
    answer(section, {"Total: Value": 3})
    section.get_by_label("Comment on the figures").fill(SECRET)
    rate(section, "At risk", "The number says little yet.")
    saved(person, section, 0)
    person.look()
    person.press("Save and continue")
    for code, spent in {"1.2.1": 180_000, "2.1.1": "225 000.50", "2.2.1": ""}.items():
        act(part(person, code), "In progress", 250_000, spent)
        saved(person, part(person, code), 0)
    person.press("Save and continue")
    section = person.page.get_by_role("group", name="The quarter in words")
    section.get_by_label("What was done").fill("Two courses were held.\nThe order was signed.")
    section.get_by_label("Challenges").fill("Trained staff are moved to other units.")
    saved(person, section, 0)
    person.press("Save and continue")
    person.page.locator("input[type=file]").set_input_files(
        {
            "name": "Personeli 2020.csv",
            "mimeType": "text/csv",
            "buffer": b"group,women,total\nofficers,341,1747\n",
        }
    )
    backed = person.page.get_by_label("What does it back?")
    backed.select_option(label="ALB-C03 Women among officers")
    person.press("Add the file")
    person.sees("Personeli 2020.csv was added.")
    person.follow("On to the report")
    person.sees("22 of 25 answered")


def approver_is_told_what_is_missing(person: Person) -> None:
    person.open("/reports/")
    person.follow(QUARTER)
    person.follow("Submit the report")
    missing = person.page.get_by_role("alert")
    gaps = missing.get_by_role("link")
    assert [re.sub(r"\s+", " ", text).strip() for text in gaps.all_inner_texts()] == [
        "ALB-D03 Staff of security institutions trained on Resolution 1325:"
        " Your own rating is missing.",
        *(
            f"ALB-D03 Staff of security institutions trained on Resolution 1325: {doubt}"
            " If it is right, say why in the comment."
            for doubt in UNUSUAL
        ),
        "2.2.1 Mentoring for women officers on their way to command:"
        " The money spent is missing; write 0 when none was spent.",
        "Narrative: Not written yet: next steps.",
    ]
    expect(person.page.get_by_role("button", name="Submit to the coalition")).to_have_count(0)
    fills = {
        "ALB-D03": rate_and_explain,
        "2.2.1": lambda section: told(section.get_by_label("Spent in the quarter"), 0),
        "Narrative": lambda section: section.get_by_label("Next steps").fill("A third course."),
    }
    asking = person.path
    for code, fill in fills.items():
        person.open(asking)
        fill_where_the_link_leads(person, code, fill)


def rate_and_explain(section: Locator) -> None:
    rate(section, "On track", "All who were invited came.")
    section.get_by_label("Comment on the figures").fill("Two courses were held in one quarter.")


def fill_where_the_link_leads(person: Person, code: str, fill: Callable[[Locator], Any]) -> None:
    person.follow(re.compile(rf"^{re.escape(code)}"), person.page.get_by_role("alert"))
    field = person.page.locator(":target")
    expect(field).to_be_in_viewport()
    section = person.page.locator("[data-section]").filter(has=field)
    before = version(section)
    fill(section)
    saved(person, section, before)


def approver_submits(person: Person) -> None:
    person.open("/reports/")
    person.follow("Check and submit", person.row(QUARTER))
    person.sees("Nothing is missing.")
    person.press("Submit to the coalition")
    person.sees("The report was submitted.", "Submitted")
    expect(person.page.get_by_role("main").get_by_role("link", name="Fill in")).to_have_count(0)


def verdict(section: Locator, which: str, remark: str = "") -> None:
    section.get_by_label(which, exact=True).check()
    if remark:
        section.get_by_label("Remark").fill(remark)


def take(person: Person) -> None:
    person.open("/review/")
    person.press("Take for review", person.row(MINISTRY, QUARTER))
    person.sees("Under review", "taken by Rezarta Reviewer")


def reviewed_part(person: Person, code: str) -> Locator:
    return person.page.get_by_role("region", name=re.compile(rf"^{re.escape(code)} "))


def verdict_saved(section: Locator) -> None:
    expect(section.get_by_role("status").filter(has_text="Saved on")).to_be_visible()


def reviewer_returns_two_lines(person: Person) -> None:
    take(person)
    officers = reviewed_part(person, "ALB-C03")
    expect(officers).to_contain_text("341 of 1 747")
    expect(officers).to_contain_text("Personeli 2020.csv")
    for code, remark in {"ALB-C04": FIRST_REMARK, "ALB-D03": SECOND_REMARK}.items():
        section = reviewed_part(person, code)
        verdict(section, "To correct", remark)
        section.get_by_label("Remark").blur()
        verdict_saved(section)
    person.look()
    person.press("Return to the ministry")
    person.sees("ALB-C04", FIRST_REMARK, "ALB-D03", SECOND_REMARK)
    person.page.get_by_label("What is to be corrected?").fill("Two figures, then it is done.")
    person.press("Return to the ministry")
    person.sees("The report was returned.", "Returned")


def contributor_corrects(person: Person) -> None:
    person.open("/reports/")
    person.follow(QUARTER)
    asked = person.page.get_by_role("region", name="What the coalition asks you to correct")
    expect(asked).to_contain_text("Two figures, then it is done.")
    assert asked.get_by_role("link").count() == 2
    corrections: dict[str, dict[str, object]] = {
        "ALB-C04": share(*SHARES["ALB-C04"]),
        "ALB-D03": {"Total: Value": 58, "Women: Value": 25, "Men: Value": 33},
    }
    report = person.path
    for code, figures in corrections.items():
        person.open(report)
        person.follow(re.compile(rf"^{code}"), asked)
        section = part(person, code)
        expect(section).to_contain_text("The coalition’s remark")
        before = version(section)
        answer(section, figures)
        saved(person, section, before)


def reviewer_sees_the_changes_and_validates(person: Person) -> None:
    take(person)
    person.sees("What changed since revision 1, which you returned, is marked.")
    changed = person.page.get_by_role("region").filter(has_text="since revision 1")
    assert [text.split()[0] for text in changed.get_by_role("heading").all_inner_texts()] == [
        "ALB-C04",
        "ALB-D03",
    ]
    before = "was 15.6 % 348 of 2 237 in revision 1"
    expect(reviewed_part(person, "ALB-C04")).to_contain_text(before)
    expect(reviewed_part(person, "ALB-C04")).to_contain_text(FIRST_REMARK)
    for code, rating in {"ALB-C03": "On track", "ALB-C04": "Off track"}.items():
        section = reviewed_part(person, code)
        verdict(section, "Accepted")
        section.get_by_label("The coalition’s rating").select_option(label=rating)
        section.get_by_label("Reason for the rating").fill("Compared with the table of 2020.")
        section.get_by_label("Reason for the rating").blur()
        verdict_saved(section)
    person.press("remaining")
    person.press("Accept all")
    person.press("Validate")
    person.press("Validate")
    person.sees("The report was validated.", "Validated")


def lead_publishes(person: Person) -> None:
    person.open("/quarters/")
    person.follow(QUARTER)
    person.follow(re.compile("^Publish: 2 reports"))
    person.sees("2 reports become public.")
    person.page.get_by_label("Note for the readers").fill("The first figures of the quarter.")
    person.press("Publish for everybody")
    person.sees("AL-2026-Q3-1 is published.")


def anybody_reads_the_figures(person: Person) -> None:
    person.open("/")
    person.follow("See the progress")
    person.sees("Edition AL-2026-Q3-1")
    for code, (numerator, denominator) in SHARES.items():
        person.open(reverse("indicator", args=["AL", code]))
        told = f"{numerator:,} / {denominator:,}".replace(",", "\N{NO-BREAK SPACE}")
        person.sees(f"= 100 × {told}", f"To date, {QUARTER}", MINISTRY)
    person.open(reverse("indicator", args=["AL", "ALB-C04"]))
    this = person.row(QUARTER, MINISTRY, "Compared with the table of 2020.")
    for text in ("14.9 %", "On track", "Off track"):
        expect(this).to_contain_text(text)
    person.open(reverse("indicator", args=["AL", "ALB-C09"]))
    person.sees("Not available: The source gives only the share, 5 percent.")
    person.open(reverse("indicator", args=["AL", "ALB-D13"]))
    person.does_not_see(SECRET)


def anybody_downloads_the_workbook(
    person: Person, address: str, folder: Path
) -> list[dict[str, Any]]:
    person.open(reverse("edition", args=[address]))
    book = load_workbook(person.download("Excel", folder))
    headings, *rows = book["Values by cell"].values
    assert SECRET not in str([list(sheet.values) for sheet in book])
    told = [dict(zip(headings, row, strict=True)) for row in rows]
    return [row for row in told if row["Institution"] == MINISTRY and row["Quarter"] == QUARTER]


def _exact(number: object) -> Decimal | None:
    return None if number is None else Decimal(str(number)).normalize()


def the_workbook_says_what_the_database_says(
    rows: list[dict[str, Any]], stored: dict[str, Any]
) -> None:
    """Cell by cell; of the restricted indicator no figure and no reason is published."""
    labels = {"": "Total", "sex=f": "Women", "sex=m": "Men"}
    expected = {
        (code, labels[cell], _exact(value), _exact(numerator), _exact(denominator), reason or None)
        for code, cell, _state, value, numerator, denominator, reason in stored["values"]
        if code != "ALB-D13"
    }
    found = {
        (
            row["Indicator"],
            row["Cell"] or "Total",
            None if row["Numerator"] is not None else _exact(row["Value"]),
            _exact(row["Numerator"]),
            _exact(row["Denominator"]),
            row["Reason"],
        )
        for row in rows
        if row["Indicator"] != "ALB-D13"
    }
    assert found == expected
    assert len(expected) == 10
    for row in rows:
        if row["Numerator"] is not None:
            whole = Decimal(row["Numerator"]) * 100 / Decimal(row["Denominator"])
            assert abs(Decimal(str(row["Value"])) - whole) < Decimal("0.0001")
    hidden = [row for row in rows if row["Indicator"] == "ALB-D13"]
    assert [row["Value"] for row in hidden] == [None] * len(hidden)
