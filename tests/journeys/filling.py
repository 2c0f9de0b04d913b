"""The ministry's form as a person fills it in: by the names of its parts and fields."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.journeys.people import Person

PUBLISHED = Path(__file__).parent / "data" / "alb_pub.csv"

HAS_SAVED = """(section) => !section.dataset.unsaved
    && !section.classList.contains("htmx-request")
    && Number(section.querySelector("[name$='-version']").value) > %d"""


def published() -> dict[tuple[str, str, str], str]:
    """The copied rows of ALB-PUB: the value by category, group and unit."""
    with PUBLISHED.open(encoding="utf-8") as file:
        return {(r["category"], r["group"], r["unit"]): r["value"] for r in csv.DictReader(file)}


def shares() -> dict[str, tuple[int, int]]:
    """Numerator and denominator by indicator, as published or computed from what is."""
    rows = published()
    staff = {
        "ALB-C03": "officers",
        "ALB-C04": "non-commissioned officers",
        "ALB-C05": "civil staff of ministry",
    }
    found = {
        code: (int(rows[name, "women", "number"]), int(rows[name, "total", "number"]))
        for code, name in staff.items()
    }
    # All military personnel: ministry and armed forces without the civil staff.
    both = "ministry and armed forces"
    everybody = int(rows[both, "total", "number"])
    women = round(everybody * float(rows[both, "women", "percent"]) / 100)
    civil_women, civil = found["ALB-C05"]
    found["ALB-C01"] = (women - civil_women, everybody - civil)
    # Leading posts: 44 women are stated to be 10 percent.
    leaders = int(rows["leading posts", "women", "number"])
    found["ALB-C06"] = (leaders, leaders * 100 // int(rows["leading posts", "women", "percent"]))
    return found


def part(person: Person, code: str) -> Locator:
    """One part of the form, by its code."""
    return person.page.get_by_role("group", name=re.compile(rf"^{re.escape(code)} "))


def version(section: Locator) -> int:
    return int(section.locator("[name$='-version']").input_value())


def wait_for_save(person: Person, section: Locator, before: int) -> None:
    """Until everything typed in a part has been saved by itself."""
    section.locator("h2").click()
    handle = section.element_handle()
    person.page.wait_for_function(HAS_SAVED % before, arg=handle)
    expect(section.get_by_text("Saved", exact=False).first).to_be_visible()


def answer(section: Locator, figures: Mapping[str, object]) -> None:
    """Type the figures of a part: by cell and kind, such as "Total: Numerator"."""
    for label, figure in figures.items():
        section.get_by_label(label, exact=True).fill(str(figure))


def share(numerator: int, denominator: int) -> dict[str, object]:
    return {"Total: Numerator": numerator, "Total: Denominator": denominator}


def rate(section: Locator, rating: str, reason: str) -> None:
    section.get_by_label("Your own rating").select_option(label=rating)
    section.get_by_label("Why do you rate it so?").fill(reason)


def no_value(section: Locator, why: str, reason: str) -> None:
    section.get_by_label("Total: Value or why not").select_option(label=why)
    section.get_by_label("Total: Reason").fill(reason)


def act(section: Locator, status: str, allocated: object, spent: object) -> None:
    section.get_by_label("How far is it?").select_option(label=status)
    told(section.get_by_label("Allocated"), allocated)
    told(section.get_by_label("Spent in the quarter"), spent)


def told(fields: Locator, amount: object) -> None:
    """Money of an action: with several sources of funds all of it comes from the first."""
    first, *others = fields.filter(visible=True).all()
    first.fill(str(amount))
    for other in others:
        other.fill("0")
