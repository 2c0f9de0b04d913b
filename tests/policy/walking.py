"""The walk over every address: one world in one state, everybody in it, every answer as text."""

import os
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any, NamedTuple
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import b64_decode
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from indicators.choices import Role, Sensitivity
from indicators.models import Membership
from publishing.services import checklist, publish
from reports.choices import ExportKind, Verdict
from reports.consolidated.asked import Asked
from reports.consolidated.asking import ask as ask_for
from reports.consolidated.making import make
from reports.evidence import add_evidence
from reports.exchange import reading
from reports.exchange.layout import Part
from reports.exchange.outgoing import write_report
from reports.history.storing import save_mapping, store
from reports.history.tables import take_in
from reports.models import ImportBatch, LightReply, Line, Narrative, Remark, Report, Upload
from reports.replies import save_light_reply
from reports.services import save_action, save_line, save_narrative, save_remark
from tests import factory
from tests.conftest import World
from tests.policy.table import BY_STATE, GROUPS, METHODS, PEOPLE, SIDE_OF, STATES, Row, readers

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n% CANARY\ntrailer<</Root 1 0 R>>\n%%EOF\n"

# Figures have nine digits, so that no hash holds one by chance.
SONGS = {
    "narrative": "canary-narrative",
    "rating": "canary-rating",
    "note": "canary-note",
    "figure": "735190127",
    "protected_figure": "735190231",
    "protected_note": "canary-guarded-note",
    "money": "735190349",
    "action_note": "canary-action",
    "file_name": "canary-list.pdf",
    "file_content": "canary-in-the-list",
    "protected_file_name": "canary-guarded.pdf",
    "protected_file_content": "canary-in-the-guarded",
    "remark": "canary-remark",
    "coalition_rating": "canary-other-rating",
    "light_reply": "canary-answer",
    "return_reason": "canary-return",
    "typed_again": "canary-typed-again",
    "typed_figure": "735190457",
    "later_file_name": "canary-later.pdf",
    "later_file_content": "canary-in-the-later",
    "open_upload": "canary-open-upload",
    "draft_figure": "735190563",
    "stored_figure": "735190671",
}


_GAP = r"[.,\s]?"


def _pattern() -> re.Pattern[str]:
    """The songs as they may stand on a page: a figure also with marks between its thousands.

    All words begin alike and so do all figures, which makes the search of long pages quick.
    """
    words, figures = [], []
    for name, song in SONGS.items():
        if song.startswith("canary-"):
            words.append(f"(?P<{name}>{re.escape(song.removeprefix('canary-'))})")
        else:
            figures.append(f"(?P<{name}>{song.removeprefix('735190')})")
    return re.compile(f"canary-(?:{'|'.join(words)})|735{_GAP}190{_GAP}(?:{'|'.join(figures)})")


_SUNG = _pattern()

# Everybody is asked everything, which takes minutes, when the environment says POLICY_WALK=whole.
EVERYBODY = os.environ.get("POLICY_WALK") == "whole"


class Browser(Client):
    """A browser that keeps nothing of what it is told: every request starts alike."""

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))  # type: ignore[attr-defined]


@dataclass
class Scene:
    """A world in one state, its people by name, and what stands in addresses."""

    world: World
    state: str
    people: dict[str, User | None]
    things: dict[str, Any]
    browsers: dict[str, Browser]


class Answer(NamedTuple):
    """What one person was told."""

    row: Row
    method: str
    person: str
    status: int
    location: str
    text: str


# ------------------------------------------------------------------ the stage


def _pdf(name: str) -> SimpleUploadedFile:
    content = PDF.replace(b"CANARY", SONGS[f"{name}_content"].encode())
    return SimpleUploadedFile(SONGS[f"{name}_name"], content)


def _protected(world: World) -> Line:
    indicator = factory.make_indicator(
        world.plan,
        "S1",
        world.defence,
        objective=world.objective,
        sensitivity=Sensitivity.SMALL_COUNTS,
    )
    return Line.objects.create(report=world.report, indicator=indicator)


def _line(world: World, code: str, figure: str, note: str, rating: str) -> Line:
    lines = Line.objects.select_related("indicator", "report__period__plan")
    line = lines.get(report=world.report, indicator__code=code)
    rated = ("at_risk", rating)
    answers = [factory.value(SONGS[figure])]
    save_line(
        line, by=world.contributor, version=line.version, answers=answers, rating=rated, note=note
    )
    return line


def _told(world: World, **words: str) -> None:
    narrative = Narrative.objects.select_related("report__period__plan").get(report=world.report)
    kept = {name: getattr(narrative, name) for name in Narrative.FIELDS}
    save_narrative(
        narrative, by=world.contributor, version=narrative.version, values={**kept, **words}
    )


def _send_back(world: World) -> Upload:
    """The contributor's workbook comes back with one text, and waits to be confirmed."""
    typed = {(Part.NARRATIVE, "narrative", "lesson", "words"): SONGS["open_upload"]}
    with write_report(world.now(), language="en", given=typed) as file:
        return reading.take_in(world.now(), file, "report.xlsx", by=world.contributor)


def _plant(world: World) -> dict[str, models.Model]:
    """The ministry fills in its report."""
    protected = _protected(world)
    factory.fill_in(world.now(), world.contributor)
    line = _line(world, "I1", "figure", SONGS["note"], SONGS["rating"])
    _line(world, "S1", "protected_figure", SONGS["protected_note"], SONGS["protected_note"])
    row = world.now().actions.select_related("report__period__plan").get()
    money = {"status": "delayed", "spent": SONGS["money"], "note": SONGS["action_note"]}
    save_action(row, by=world.contributor, version=row.version, values=money)
    _told(world, done=SONGS["narrative"])
    report, by = world.now(), world.contributor
    return {
        "file": add_evidence(report, by=by, upload=_pdf("file"), line=line),
        "protected_file": add_evidence(
            report, by=by, upload=_pdf("protected_file"), line=protected
        ),
        "open_upload": _send_back(world),
    }


def _review(world: World) -> Remark:
    """The coalition rates the first line and says something of the words."""
    review = world.now().reviews.select_related("report__period__plan").get(outcome="")
    line = review.report.lines.get(indicator=world.indicator)
    rating = ("off_track", SONGS["coalition_rating"])
    told: dict[str, Any] = {"by": world.reviewer, "verdict": Verdict.ACCEPTED}
    return save_remark(review, version=0, text=SONGS["remark"], line=line, rating=rating, **told)


def _answer(world: World) -> None:
    """The ministry replies where the coalition rates the first line otherwise."""
    line = Line.objects.select_related("indicator").get(pk=_rated(world).pk)
    line.report = world.now()
    save_light_reply(line, by=world.approver, version=0, text=SONGS["light_reply"])


def _rated(world: World) -> Line:
    return world.report.lines.get(indicator=world.indicator)


def _type_again(world: World) -> dict[str, models.Model]:
    """The returned report is being corrected: nothing of it was submitted yet."""
    _line(world, "I1", "typed_figure", SONGS["note"], SONGS["rating"])
    _told(world, challenge=SONGS["typed_again"])
    upload = _pdf("later_file")
    later = add_evidence(world.now(), by=world.contributor, upload=upload)
    return {"later_file": later, "open_upload": _send_back(world)}


def _bring(world: World, state: str) -> dict[str, models.Model]:
    found, place = _plant(world), STATES.index(state)
    if place >= 1:
        factory.decide("submit", world.report, world.approver)
    if place >= 2:
        factory.decide("take", world.report, world.reviewer)
        found["first_remark"] = _review(world)
    if state == "returned":
        reason = SONGS["return_reason"]
        factory.decide("return", world.report, world.reviewer, reason=reason)
        return found | _type_again(world)
    if place >= 4:
        factory.decide("validate", world.report, world.reviewer)
        _answer(world)
    if place >= 5:
        publish(period=world.period, by=world.lead, seen=checklist(world.period).seen)
    return found


def everybody(world: World) -> dict[str, User | None]:
    """The people of the world by their names in the table, and those who have no place in it."""
    elsewhere = factory.make_plan("CD", country="CD")

    def member(role: Role, name: str, **more: Any) -> User:
        return factory.make_member(role, elsewhere, email=f"{name}@example.org", **more)

    found: dict[str, User | None] = {
        name: getattr(world, name) for name in PEOPLE if hasattr(world, name)
    }
    former = factory.make_member(Role.REVIEWER, world.plan, email="former@example.org")
    Membership.objects.filter(user=former).update(expires_on=world.plan.starts_on)
    gone = factory.make_member(Role.APPROVER, world.plan, world.defence, "gone@example.org")
    return found | {
        "second_reviewer": world.other_reviewer,
        "foreign_reviewer": member(Role.REVIEWER, "foreign.reviewer"),
        "foreign_lead": member(Role.LEAD, "foreign.lead"),
        "foreign_approver": member(Role.APPROVER, "foreign.approver", institution=world.defence),
        "former": former,
        "deactivated": gone,
        "superuser": User.objects.create_superuser("root@example.org", "x", name="Root"),
        "anonymous": None,
    }


def _export(world: World) -> UUID:
    """All values as the ministry's officer may read them, made for her."""
    asked = Asked(world.plan, (2026, 1), (2026, 4), ExportKind.CSV)
    with transaction.atomic():
        key = ask_for(asked, by=world.contributor).key
    make(key)
    return key


def _browser(user: User | None) -> Browser:
    browser = Browser()
    if user is not None:
        browser.force_login(user)
    return browser


def _bring_in(world: World, figure: str, *, is_stored: bool) -> int:
    """A table of earlier figures of the secretariat."""
    table = f"period,indicator,value\n2020,I1,{SONGS[figure]}\n".encode()
    batch = take_in(world.plan, table, f"{figure}.csv", by=world.administrator, mapping=None)
    if is_stored:
        store(batch, by=world.administrator)
    return batch.pk


def stage(world: World, state: str) -> Scene:
    """The world with its canaries in one state, everybody logged in."""
    found = _bring(world, state)
    people = everybody(world)
    browsers = {name: _browser(user) for name, user in people.items()}
    User.objects.filter(email="gone@example.org").update(is_active=False)
    things: dict[str, Any] = {name: row.pk for name, row in found.items()}
    things["export"] = _export(world)
    things |= {"report": world.report.pk, "period": world.period.pk}
    things["first_line"] = f"line-{world.report.lines.order_by('pk')[0].pk}"
    things["rated_line"] = _rated(world).pk
    things["stored_import"] = _bring_in(world, "stored_figure", is_stored=True)
    kept = save_mapping(ImportBatch.objects.get(), "Ours", by=world.administrator)
    things["kept_mapping"] = kept.pk
    things["draft_import"] = _bring_in(world, "draft_figure", is_stored=False)
    # No row has this number: an address of something that is not there yet, or not any more.
    for name in ("later_file", "first_remark"):
        things.setdefault(name, max(things["file"], things["protected_file"]) + 1000)
    return Scene(world, state, people, things, browsers)


# ------------------------------------------------------------------ the walk


def address(scene: Scene, row: Row) -> str:
    """The path of a row, with its query."""
    query = "".join(part for part in row.parts if part.startswith("?"))
    args = [scene.things.get(part, part) for part in row.parts if not part.startswith("?")]
    return reverse(row.name, args=args) + query


def _sections(report: Report) -> dict[str, Any]:
    """Every part of the report's form with the version it stands at, and one text typed."""
    versions = {"narrative-version": report.narrative.version}
    versions |= {f"line-{line.pk}-version": line.version for line in report.lines.all()}
    versions |= {f"action-{row.pk}-version": row.version for row in report.actions.all()}
    return {**versions, "narrative-done": "Written by a walker."}


def form_for(scene: Scene, row: Row) -> dict[str, Any]:
    """A form that is in order, so that only the person and the state can refuse it."""
    report = scene.world.now()
    if row.name in ("report_fill", "report_save"):
        return _sections(report)
    if row.name == "report_decide":
        due_on = report.period.today() + timedelta(days=7)
        told = {"reason": "Because.", "due_on": due_on.isoformat()}
        return {"version": report.version, "key": "walk", **told}
    if row.name == "quarters_data":
        quarters = {"first": "2026-Q3", "last": "2026-Q3"}
        return {"plan": scene.world.plan.code, "kind": "csv", **quarters}
    if row.name == "evidence_add":
        return {"file": SimpleUploadedFile("walk.pdf", PDF), "backs": ""}
    if row.name == "publish":
        return {"seen": checklist(scene.world.period).seen, "note": ""}
    if row.name == "remark_reply":
        remark = Remark.objects.filter(pk=scene.things["first_remark"]).first()
        version = remark.version if remark else 0
        return {"version": version, "reply": "Written by a walker."}
    if row.name == "light_reply":
        reply = LightReply.objects.filter(line=scene.things["rated_line"]).first()
        version = reply.version if reply else 0
        return {"light-version": version, "light-text": "Written by a walker."}
    if row.name.startswith("review"):
        taken = report.reviews.order_by("round").last()
        said = {"narrative-version": "0", "narrative-verdict": "accepted", "narrative-text": ""}
        return {"review-now": taken.pk if taken else "", **said}
    return {}


def _members(data: bytes) -> str:
    """Every part of a workbook, with the names of the parts."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return "\n".join(n + archive.read(n).decode() for n in archive.namelist())


def _cookies(response: Any) -> str:
    """What is put into cookies, with the messages in them as they were before the wrapping."""
    kept = response.cookies.get("messages")
    packed = kept.value.partition(":")[0] if kept else ""
    data = b64_decode(packed.lstrip(".").encode())
    told = zlib.decompress(data) if packed.startswith(".") else data
    return str(response.cookies.output()) + told.decode()


def text_of(response: Any) -> str:
    """Headers and body; a workbook by its parts."""
    data = b"".join(response.streaming_content) if response.streaming else response.content
    body = _members(data) if data.startswith(b"PK\x03\x04") else data.decode(errors="replace")
    cookies = _cookies(response)
    head = [f"{name}: {value}" for name, value in response.headers.items()]
    return "\n".join([*head, *([cookies] if cookies else []), "", body])


def ask(scene: Scene, row: Row, method: str, person: str, posted: Any = None) -> Answer:
    """One request, undone afterwards; a POST brings a form that is in order."""
    path, browser = address(scene, row), scene.browsers[person]
    if method == "POST" and posted is None:
        posted = form_for(scene, row)
    if row.name == "evidence_add" and posted:
        posted["file"].seek(0)
    with transaction.atomic():
        response = getattr(browser, method.lower())(path, posted)
        text = text_of(response)
        transaction.set_rollback(True)
    return Answer(row, method, person, response.status_code, response.get("Location", ""), text)


def walk(
    scene: Scene,
    rows: Iterable[Row],
    methods: Iterable[str] = METHODS,
    people: Iterable[str] = PEOPLE,
) -> Iterator[Answer]:
    """These people at these addresses, by each of these methods that an address answers to."""
    for row in rows:
        for method in row.methods:
            if method in methods:
                posted = form_for(scene, row) if method == "POST" else None
                yield from (ask(scene, row, method, person, posted) for person in people)


def sampled(scene: Scene, rows: Iterable[Row]) -> Iterator[Answer]:
    """Every address by every method, asked by somebody of every side; see `Row.sample`."""
    for number, row in enumerate(rows):
        turn = number + STATES.index(scene.state)
        for method in row.methods:
            people = PEOPLE if EVERYBODY else row.sample(method, scene.state, turn)
            yield from walk(scene, [row], [method], people)


def difference(scene: Scene, answer: Answer) -> str:
    """What an answer is against the table; nothing when it is as written there."""
    expected = answer.row.expected(answer.method, answer.person, scene.state)
    if answer.status == expected:
        return ""
    asked = f"{answer.method} {answer.row.key} by {answer.person}"
    return f"{scene.state}: {asked}: {answer.status}, not {expected}"


def sung(text: str) -> set[str]:
    """The canaries in a text."""
    return {match.lastgroup or "" for match in _SUNG.finditer(text)}


def sightings(answers: Iterable[Answer]) -> dict[str, set[str]]:
    """By canary the sides that were told it."""
    found: dict[str, set[str]] = {name: set() for name in SONGS}
    for answer in answers:
        for name in sung(answer.text):
            found[name].add(SIDE_OF[answer.person])
    return found


def leaks(state: str, answers: Iterable[Answer]) -> Iterator[str]:
    """Every canary that was told to somebody who may not read it."""
    may = readers(state)
    for answer in answers:
        for name in sorted(sung(answer.text)):
            if SIDE_OF[answer.person] not in may[name]:
                asked = f"{answer.method} {answer.row.key}"
                yield f"{state}: {name} told to {answer.person} by {asked}"


_LINK = re.compile(r"""\s(?:href|(action|hx-post))=["']([^"'#?]*)""")


def _places(scene: Scene) -> dict[str, Row]:
    """The rows that answer about a report, by the path they stand at."""
    rows = [row for row in BY_STATE if row.parts and row.parts[0] != "period"]
    return {address(scene, row): row for row in rows}


def wrong_links(scene: Scene, answers: Iterable[Answer]) -> Iterator[str]:
    """Links and forms of a page that lead its reader to something she would be refused."""
    places = _places(scene)
    for answer in answers:
        if answer.status != 200 or answer.person in GROUPS["nobody"]:
            continue
        for posts, path in sorted(set(_LINK.findall(answer.text))):
            row = places.get(path)
            method = "POST" if posts and row and "POST" in row.methods else "GET"
            if row and row.expected(method, answer.person, scene.state) >= 400:
                asked = f"{answer.method} {answer.row.key}"
                yield f"{scene.state}: {asked} links {answer.person} to {row.key}"


def replace_everywhere(monkeypatch: Any, old: Callable[..., Any], new: Callable[..., Any]) -> int:
    """Put another function in the place of one, in every module that holds it; how many do."""
    apps = ("accounts", "indicators", "reports", "publishing", "nap_monitor", "common")
    count = 0
    for name, module in sorted(sys.modules.items()):
        if name.partition(".")[0] not in apps:
            continue
        for word, value in list(vars(module).items()):
            if value is old:
                monkeypatch.setattr(module, word, new)
                count += 1
    return count
