"""Every private address, by every method, in every state, for somebody of every side."""

from collections.abc import Sequence

import pytest

from reports.choices import ReportStatus
from tests.conftest import World
from tests.policy.table import (
    BY_STATE,
    GROUPS,
    METHODS,
    PEOPLE,
    PRIVATE,
    SIDE_OF,
    SIDES,
    STATES,
    STEADY,
    Row,
    parse,
    readers,
)
from tests.policy.walking import (
    SONGS,
    Answer,
    Scene,
    ask,
    difference,
    leaks,
    sampled,
    sightings,
    stage,
    sung,
    walk,
    wrong_links,
)


def faults(scene: Scene, answers: Sequence[Answer]) -> list[str]:
    """Everything in which these answers are not as the table says."""
    found = [text for answer in answers if (text := difference(scene, answer))]
    return [*found, *leaks(scene.state, answers), *wrong_links(scene, answers)]


@pytest.mark.parametrize("state", STATES)
def test_everybody_gets_what_the_table_says_and_no_more(world: World, state: str) -> None:
    scene = stage(world, state)
    assert scene.world.now().status == state
    answers = list(sampled(scene, BY_STATE))
    assert faults(scene, answers) == []
    assert sightings(answers) == readers(state)
    assert _misled(answers) == []


def _misled(answers: Sequence[Answer]) -> list[tuple[str, str, str]]:
    """Who has to log in and is not sent to the log-in page, and the reverse."""
    return [
        (answer.method, answer.row.key, answer.person)
        for answer in answers
        if answer.status == 302
        and (answer.person in GROUPS["nobody"]) is not answer.location.startswith("/login/?next=/")
    ]


def test_what_no_state_changes_is_the_same_for_everybody_of_a_side(world: World) -> None:
    scene = stage(world, "under_review")
    answers = list(sampled(scene, STEADY))
    assert faults(scene, answers) == []


def test_a_method_that_an_address_does_not_know_is_refused_whoever_asks(world: World) -> None:
    scene = stage(world, "draft")
    people = ("contributor", "anonymous")
    refused = [(row, method) for row in PRIVATE for method in METHODS if method not in row.methods]
    assert len(refused) > 90
    answers = [ask(scene, *case, person) for case in refused for person in people]
    assert faults(scene, answers) == []


def test_a_walk_leaves_nothing_behind(world: World) -> None:
    scene = stage(world, "draft")
    rows = [row for row in BY_STATE if row.key in ("report_decide report submit", "evidence_add")]
    before = (world.now().status, world.now().version, world.report.evidence.count())
    told = [answer.status for answer in walk(scene, rows, ["POST"], ["approver"])]
    assert told == [302]
    assert (world.now().status, world.now().version, world.report.evidence.count()) == before


# ------------------------------------------------------------------ the table and the walk


def test_the_table_names_every_state_of_a_report() -> None:
    assert list(STATES) == [str(status) for status in ReportStatus]


def test_everybody_belongs_to_one_side() -> None:
    assert sorted(p for side in SIDES.values() for p in side) == sorted(PEOPLE)
    assert len(PEOPLE) == len(set(PEOPLE)) == 17


def test_everybody_is_asked_everything_in_one_state_or_another() -> None:
    """The sample takes turns: no person is left out at any address that is not refused."""
    for number, row in enumerate(BY_STATE):
        for method in set(row.methods) - {"HEAD"}:
            asked = {
                person
                for state in STATES
                for person in row.sample(method, state, number + STATES.index(state))
            }
            open_to = {p for p in PEOPLE if any(row.passes(method, p, s) for s in STATES)}
            assert open_to <= asked, (row.key, method, open_to - asked)


def test_at_least_six_sides_are_asked_at_every_address() -> None:
    for number, row in enumerate(BY_STATE):
        for method in set(row.methods) - {"HEAD"}:
            asked = {
                SIDE_OF[person]
                for state in STATES
                for person in row.sample(method, state, number + STATES.index(state))
            }
            assert len(asked) >= 6, (row.key, method, asked)


def test_a_line_of_the_table_reads_as_it_is_written() -> None:
    (row,) = parse("x report\n  GET own 200\n  GET lead 404 404 200 403 200 200\n")
    assert (row.name, row.parts, row.key, row.methods) == ("x", ("report",), "x report", ["GET"])
    assert [row.expected("GET", "lead", s) for s in STATES] == [404, 404, 200, 403, 200, 200]
    assert [row.expected("GET", p, "draft") for p in ("approver", "observer")] == [200, 404]
    assert row.expected("POST", "approver", "draft") == 405


def test_a_later_line_of_the_table_overrides_an_earlier_one() -> None:
    (row,) = parse("x\n  GET coalition 404\n  GET lead 200\n")
    told = [row.expected("GET", person, "draft") for person in ("reviewer", "lead")]
    assert told == [404, 200]


@pytest.mark.parametrize(
    "line", ["  GET minister 200", "  GET lead 200 404", "  GET lead", "  GET lead 2oo"]
)
def test_a_slip_in_the_table_is_found(line: str) -> None:
    with pytest.raises(AssertionError):
        parse(f"x\n{line}\n")


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("nothing of that kind", set()),
        ("<p>canary-narrative</p>", {"narrative"}),
        ("735190127", {"figure"}),
        ("735,190,127.00", {"figure"}),
        ("735.190.127", {"figure"}),
        ("735\u00a0190\u00a0127", {"figure"}),
        ("735\u202f190\u202f127", {"figure"}),
        ("735 190 349 canary-note", {"money", "note"}),
        ("735,190,128", set()),
        ('attachment; filename="canary-list.pdf"', {"file_name"}),
    ],
)
def test_a_canary_is_heard_however_it_is_written(text: str, heard: set[str]) -> None:
    assert sung(text) == heard


def test_no_canary_stands_in_another() -> None:
    assert [sung(song) for song in SONGS.values()] == [{name} for name in SONGS]
    assert set(readers("draft")) == set(SONGS)


def test_a_canary_is_heard_in_headers_cookies_and_parts_of_a_workbook(world: World) -> None:
    scene = stage(world, "draft")
    rows = {row.key: row for row in PRIVATE}
    file = ask(scene, rows["evidence file"], "GET", "contributor").text
    head, _blank, body = file.partition("\n\n")
    assert (sung(head), sung(body)) == ({"file_name"}, {"file_content"})
    book = ask(scene, rows["report_workbook report"], "GET", "contributor").text
    assert {"narrative", "figure", "money", "note"} <= sung(book)
    removed = ask(scene, rows["evidence_remove file"], "POST", "contributor").text
    assert "file_name" in sung(removed.partition("\n\n")[0])


def _row(name: str) -> Row:
    return next(row for row in PRIVATE if row.key == name)


def test_a_wrong_answer_a_leak_and_a_wrong_link_are_told(world: World) -> None:
    scene = stage(world, "draft")
    row, pk = _row("report report"), world.report.pk
    page = f'<a href="/reports/{pk}/fill/narrative/">canary-narrative</a>'
    told = faults(scene, [Answer(row, "GET", "observer", 200, "", f"\n\n{page}")])
    assert told == [
        "draft: GET report report by observer: 200, not 404",
        "draft: narrative told to observer by GET report report",
        "draft: GET report report links observer to report_fill report narrative",
    ]
