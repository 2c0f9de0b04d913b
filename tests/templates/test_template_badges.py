"""Every state of the product as its badge: an icon and a word in each language, not just colour."""

import re

import pytest
from django.template import Context, Template
from django.utils import translation

from common.icons import icon_svg
from indicators.choices import (
    BadgeChoices,
    Certainty,
    Mark,
    ObservationState,
    Sensitivity,
    Status,
)
from publishing.choices import Change, GapKind, Reach
from reports.choices import (
    ActionStatus,
    Difference,
    ExportState,
    ImportState,
    Outcome,
    RatingValue,
    ReportStatus,
    Side,
    Standing,
    Verdict,
)
from reports.review_tables import Timing

Badges = list[tuple[str, str, str, str, str]]

# By kind: what is stored, tone, icon, the English and the Albanian word.
BADGES: dict[type[BadgeChoices], Badges] = {
    Status: [
        ("achieved", "good", "star", "Achieved", "Arritur"),
        ("met", "good", "check", "Target met", "Synimi u përmbush"),
        ("on_track", "good", "check", "On track", "Në rrugë të mbarë"),
        ("at_risk", "attention", "warning", "At risk", "Në rrezik"),
        ("off_track", "bad", "cross", "Off track", "Jashtë rrugës"),
        ("not_met", "attention", "cross", "Target not met", "Synimi nuk u përmbush"),
        ("regressing", "bad", "arrow-down", "Regressing", "Në përkeqësim"),
        ("reported", "info", "file", "Reported, not rated", "Raportuar, pa vlerësim"),
        ("no_data", "attention", "question", "No data", "Pa të dhëna"),
        ("not_available", "neutral", "dash", "Not available", "E padisponueshme"),
        ("not_applicable", "neutral", "ban", "Not applicable", "E pazbatueshme"),
        ("not_due", "neutral", "clock", "Not due yet", "Ende pa afat"),
    ],
    Mark: [
        ("provisional", "info", "pencil", "Provisional", "E përkohshme"),
        ("stale", "attention", "clock", "Older value", "Vlerë më e vjetër"),
        ("revised_target", "info", "flag", "Revised target", "Synim i rishikuar"),
        ("incomplete", "attention", "warning", "Incomplete", "E paplotë"),
    ],
    Sensitivity: [
        ("public", "neutral", "globe", "Public", "Publik"),
        ("small_counts", "info", "eye", "Small counts protected", "Numra të vegjël të mbrojtur"),
        ("restricted", "attention", "lock", "Restricted", "E kufizuar"),
    ],
    ObservationState: [
        ("value", "neutral", "check", "Value", "Vlera"),
        ("not_available", "neutral", "dash", "Not available", "E padisponueshme"),
        ("not_applicable", "neutral", "ban", "Not applicable", "E pazbatueshme"),
        ("withheld", "attention", "lock", "Withheld", "E mbajtur"),
    ],
    Certainty: [
        ("adopted", "good", "check", "In the adopted plan", "Në planin e miratuar"),
        (
            "published",
            "info",
            "globe",
            "Published figure, not from the plan",
            "Shifër e botuar, jo nga plani",
        ),
        ("found", "info", "check", "Found in a published source", "Gjetur në një burim të botuar"),
        (
            "unverified",
            "attention",
            "question",
            "From knowledge, unverified",
            "Nga njohuritë, e paverifikuar",
        ),
        (
            "demonstration",
            "attention",
            "flag",
            "Invented for the demonstration",
            "E sajuar për demonstrimin",
        ),
    ],
    ReportStatus: [
        ("draft", "neutral", "pencil", "Draft", "Draft"),
        ("submitted", "info", "arrow-up", "Submitted", "Dorëzuar"),
        ("under_review", "progress", "eye", "Under review", "Në shqyrtim"),
        ("returned", "attention", "return", "Returned", "Kthyer"),
        ("validated", "good", "check", "Validated", "Vërtetuar"),
        ("published", "good", "globe", "Published", "Botuar"),
    ],
    ExportState: [
        ("waiting", "neutral", "clock", "Waiting", "Në pritje"),
        ("running", "progress", "refresh", "Being made", "Po përgatitet"),
        ("done", "good", "check", "Ready", "Gati"),
        ("failed", "bad", "cross", "Not made", "Nuk u përgatit"),
    ],
    ImportState: [
        ("draft", "attention", "pencil", "Not stored yet", "Ende e paruajtur"),
        ("stored", "good", "check", "Stored", "E ruajtur"),
        ("undone", "neutral", "return", "Undone", "E zhbërë"),
    ],
    RatingValue: [
        ("achieved", "good", "star", "Achieved", "Arritur"),
        ("on_track", "good", "check", "On track", "Në rrugë të mbarë"),
        ("at_risk", "attention", "warning", "At risk", "Në rrezik"),
        ("off_track", "bad", "cross", "Off track", "Jashtë rrugës"),
    ],
    Side: [
        ("ministry", "info", "file", "Ministry", "Ministri"),
        ("coalition", "progress", "eye", "Coalition", "Koalicioni"),
    ],
    ActionStatus: [
        ("not_started", "neutral", "dash", "Not started", "E pafilluar"),
        ("in_progress", "progress", "clock", "In progress", "Në zhvillim"),
        ("done", "good", "check", "Done", "E kryer"),
        ("delayed", "attention", "warning", "Delayed", "E vonuar"),
        ("cancelled", "bad", "cross", "Cancelled", "E anuluar"),
    ],
    Verdict: [
        ("accepted", "good", "check", "Accepted", "Pranuar"),
        ("flagged", "attention", "flag", "To correct", "Për t'u ndrequr"),
    ],
    Outcome: [
        ("returned", "attention", "return", "Returned", "Kthyer"),
        ("validated", "good", "check", "Validated", "Vërtetuar"),
    ],
    GapKind: [
        ("no_report", "attention", "clock", "No report", "Pa raport"),
        ("not_available", "neutral", "dash", "Not available", "E padisponueshme"),
        ("not_applicable", "neutral", "ban", "Not applicable", "E pazbatueshme"),
        ("withheld", "attention", "lock", "Withheld", "E mbajtur"),
        ("incomplete", "attention", "warning", "Incomplete", "E paplotë"),
        ("never", "bad", "question", "Never any figure", "Asnjëherë shifër"),
        ("no_target", "attention", "flag", "No target", "Pa synim"),
        ("no_baseline", "neutral", "question", "Baseline unknown", "Vlera bazë e panjohur"),
    ],
    Change: [
        ("better", "good", "arrow-up", "Better", "Më mirë"),
        ("worse", "bad", "arrow-down", "Worse", "Më keq"),
        ("same", "neutral", "dash", "Same", "Njësoj"),
        ("new", "info", "file", "Newly reported", "Raportuar rishtas"),
        ("lost", "attention", "question", "No longer reported", "Nuk raportohet më"),
        ("other", "neutral", "ban", "Cannot be compared", "Nuk mund të krahasohet"),
    ],
    Reach: [
        ("measured", "good", "check", "Measured by the plan", "Matet nga plani"),
        (
            "unmeasured",
            "attention",
            "warning",
            "In the plan, not measured",
            "Në plan, pa matje",
        ),
        (
            "nothing",
            "bad",
            "cross",
            "Nothing in the plan answers to it",
            "Asgjë në plan nuk i përgjigjet",
        ),
    ],
    Timing: [
        ("late", "attention", "clock", "Late", "Me vonesë"),
        ("overdue", "bad", "clock", "Overdue", "I vonuar"),
        ("in_time", "good", "check", "In time", "Në kohë"),
    ],
    Difference: [
        ("sides", "attention", "flag", "Ministry and coalition", "Ministria dhe koalicioni"),
        ("ministry", "info", "flag", "Ministry and computed", "Ministria dhe e llogaritura"),
        ("coalition", "progress", "flag", "Coalition and computed", "Koalicioni dhe e llogaritura"),
    ],
    Standing: [
        ("due", "neutral", "pencil", "To be submitted", "Për t'u dorëzuar"),
        ("overdue", "bad", "warning", "Overdue", "I vonuar"),
        ("submitted", "info", "arrow-up", "Submitted", "Dorëzuar"),
        ("under_review", "progress", "eye", "Under review", "Në shqyrtim"),
        ("returned", "attention", "return", "Returned", "Kthyer"),
        ("validated", "good", "check", "Validated", "Vërtetuar"),
        ("published", "good", "globe", "Published", "Botuar"),
        ("not_owed", "neutral", "dash", "Not owed", "Pa detyrim"),
    ],
}
ROWS = [(kind, *row) for kind, rows in BADGES.items() for row in rows]


def kinds(of: type = BadgeChoices) -> list[type]:
    """Every enum that is shown as a badge, wherever it stands."""
    children: list[type] = of.__subclasses__()
    return children + [one for child in children for one in kinds(child)]


def badge(status: object, note: str = "", language: str = "en") -> str:
    template = Template("{% load ui %}{% status_badge status note %}")
    with translation.override(language):
        return template.render(Context({"status": status, "note": note}))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&#x27;", "'").split())


def test_the_table_holds_every_state_there_is() -> None:
    assert set(BADGES) == set(kinds())
    for kind, rows in BADGES.items():
        assert [row[0] for row in rows] == [member.value for member in kind]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0].__name__}.{row[1]}")
def test_each_state_is_shown_by_its_icon_and_word_in_both_languages(
    row: tuple[type[BadgeChoices], str, str, str, str, str],
) -> None:
    kind, value, tone, icon, english, albanian = row
    for language, word in (("en", english), ("sq", albanian)):
        html = badge(kind(value), language=language)
        assert words(html) == word
        assert html.count("<svg") == 1
        assert icon_svg(icon) in html
        assert f'class="badge-status tone-{tone}"' in html


@pytest.mark.parametrize("kind", BADGES, ids=lambda kind: kind.__name__)
def test_no_two_states_of_one_kind_share_their_word_or_look(kind: type[BadgeChoices]) -> None:
    rows = BADGES[kind]
    for column in (0, 3, 4):
        assert len({row[column] for row in rows}) == len(rows)
    looks = [(tone, icon) for _value, tone, icon, _en, _sq in rows]
    alike = {("good", "check"), ("attention", "clock"), ("bad", "clock")}
    assert {look for look in looks if looks.count(look) > 1} <= alike


def test_the_same_word_means_the_same_wherever_it_stands() -> None:
    english: dict[str, str] = {}
    for _kind, _value, _tone, _icon, word, albanian in ROWS:
        assert english.setdefault(word, albanian) == albanian


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("", "At risk"),
        ("revision 2", "At risk · revision 2"),
        ("<b>2</b>", "At risk · &lt;b&gt;2&lt;/b&gt;"),
    ],
)
def test_a_note_stands_behind_the_word(note: str, shown: str) -> None:
    assert words(badge(Status.AT_RISK, note)) == shown


class Odd:
    """What looks like a badge to a template and is none of ours."""

    label, icon = "Odd", "check"

    def __init__(self, tone: str) -> None:
        self.tone = tone


@pytest.mark.parametrize(
    "nothing", [None, "", "at_risk", 0, False, [], {}, Odd(""), Odd("red"), Odd('good" onload="x')]
)
def test_what_is_no_badge_shows_nothing_at_all(nothing: object) -> None:
    assert badge(nothing, "note") == ""


def test_control_a_known_tone_would_be_shown() -> None:
    assert words(badge(Odd("good"))) == "Odd"
