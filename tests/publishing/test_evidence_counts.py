"""How many files back a figure is published; which they are, or whom they tell of, is not."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common import clock
from publishing.models import Edition
from publishing.reading import Line, parse_snapshot
from publishing.snapshot import Stamp, snapshot_of
from reports.evidence import add_evidence
from reports.models import Evidence, Period, Revision
from tests import factory
from tests.publishing import plain
from tests.publishing.lived import FIRST, LATE, Lived
from tests.publishing.pages import Page, page_of

pytestmark = pytest.mark.django_db

FILES = {"C1": 2, "S1": 4, "S2": 1, "X1": 3}
"""The Ministry of Defence's, by indicator; all others have none."""
STAMP = Stamp("AL-2026-Q2-3", 3, LATE, "f" * 64)
SECRET = "minutes-of-the-shelter"


def back(told: Lived, place: str, period: Period, files: Mapping[str, int]) -> None:
    report = told.report(place, period)
    for line in report.lines.select_related("indicator"):
        for number in range(files.get(line.indicator.code, 0)):
            name = f"{SECRET}-{line.indicator.code}-{number}.csv"
            upload = SimpleUploadedFile(name, f"{SECRET};{name}".encode())
            add_evidence(report, by=told.people[place], upload=upload, line=line)


@pytest.fixture
def backed(told: Lived) -> Edition:
    """An edition with MM's first quarter corrected and backed, and MB's second, which came late."""
    with clock.at(LATE):
        factory.decide("reopen", told.report("MM", told.first), told.people["lead"], reason="So.")
        back(told, "MM", told.first, FILES)
        told.validate("MM", told.first, FIRST["MM"])
        back(told, "MB", told.second, {"R1": 1})
        told.validate("MB", told.second, FIRST["MB"])
        return told.release(told.second)


def files_in(edition: Edition) -> dict[tuple[str, str, str], Any]:
    """By institution, quarter and indicator what an edition says; a dash where it says nothing."""
    return {
        (report["institution"], report["period"][-2:], line["indicator"]): line.get("files", "-")
        for report in json.loads(edition.snapshot)["reports"]
        for line in report["lines"]
    }


def test_files_of_public_indicators_are_counted_and_of_others_nothing_is_told(
    backed: Edition,
) -> None:
    told = {"C1": 0, "L1": 0, "P1": 0, "R1": 0, "S1": "-", "S2": "-", "T1": 0, "X1": "-"}
    assert Evidence.objects.count() == sum(FILES.values()) + 1
    assert files_in(backed) == {
        **{("MM", "Q1", code): number for code, number in (told | {"C1": 2}).items()},
        **{("MM", "Q2", code): number for code, number in told.items()},
        **{("MB", "Q1", code): told[code] for code in FIRST["MB"]},
        **{("MB", "Q2", code): (told | {"R1": 1})[code] for code in FIRST["MB"]},
    }


def test_no_name_hash_or_size_of_a_file_is_in_the_edition(backed: Edition) -> None:
    frozen = "".join(Revision.objects.values_list("content", flat=True))
    hashes = list(Evidence.objects.values_list("sha256", flat=True))
    assert (SECRET in frozen, hashes[0] in frozen) == (True, True)
    assert [word for word in (SECRET, *hashes, '"size"') if word in backed.snapshot] == []


def test_only_files_that_were_reviewed_are_counted(told: Lived, backed: Edition) -> None:
    first = Evidence.objects.filter(line__indicator__code="C1").order_by("pk").first()
    assert first is not None
    first.pk, first.sha256 = None, "f" * 64
    first.save()
    assert Evidence.objects.filter(line__indicator__code="C1").count() == 3
    again = json.loads(snapshot_of(told.second, STAMP))
    assert again["reports"] == json.loads(backed.snapshot)["reports"]


def sources(code: str, language: str = "en") -> Page:
    return page_of(f"/plans/AL/indicators/{code}/", language)


BACKED = (
    "Backed by {} of evidence. The coalition reads the files in its review; they are not published."
)
WITHHELD = (
    "How many files of evidence back these figures is not told: there may be one for each person."
)


def notes(page: Page) -> list[str]:
    return [found.text for found in page.all("p") if "evidence" in found.text]


def test_the_indicators_page_tells_them_report_by_report(backed: Edition) -> None:
    page = sources("C1")
    heads, *rows = page.table("Where the figures come from")
    assert heads == ["Report", "Revision", "Submitted", "Hash (SHA-256)", "Files of evidence"]
    assert [(row[0], row[4]) for row in rows] == [
        ("Ministry MB, 2026 Q2", "0"),
        ("Ministry MM, 2026 Q2", "0"),
        ("Ministry MB, 2026 Q1", "0"),
        ("Ministry MM, 2026 Q1", "2"),
    ]
    assert notes(page) == [BACKED.format("2 files")]
    assert notes(sources("R1")) == [BACKED.format("1 file")]


@pytest.mark.parametrize(("code", "said"), [("S1", [WITHHELD]), ("X1", [])])
def test_the_page_of_a_protected_indicator_tells_no_number(
    backed: Edition, code: str, said: list[str]
) -> None:
    page = sources(code)
    assert page.table("Where the figures come from")[0][-1] == "Hash (SHA-256)"
    assert notes(page) == said


def read(**more: int) -> Line:
    line = {**plain.line("I1", plain.said("5")), **more}
    parts = plain.read(
        indicators=[plain.indicator("I1")], reports=[plain.report("MM", "2026-Q1", line)]
    )
    return parts.indicators["I1"].lines[0]


def test_an_edition_of_before_says_nothing_and_nothing_is_not_zero() -> None:
    assert (read().files, read(files=0).files, read(files=3).files) == (None, 0, 3)


def test_an_edition_of_before_is_shown_as_it_always_was(backed: Edition) -> None:
    data = json.loads(backed.snapshot)
    told = [line.pop("files", None) for report in data["reports"] for line in report["lines"]]
    assert sum(number or 0 for number in told) == 3
    found = parse_snapshot(data).indicators["C1"]
    assert {line.files for line in found.lines} == {None}
