"""A plan of which one report is published, and eight others in every other place they can be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Institution, User
from indicators.choices import Role, Sensitivity
from indicators.models import Plan
from publishing.models import Edition
from publishing.services import checklist, publish
from reports.choices import Verdict
from reports.evidence import add_evidence
from reports.models import Line, Period, Report
from reports.services import save_action, save_line, save_narrative, save_remark
from tests import factory
from tests.policy.walking import PDF, text_of

MOMENT = datetime(2026, 10, 20, 9, tzinfo=UTC)
HIDDEN = "draft submitted withdrawn under_review returned validated"
CLOSED = ("unpublished", *HIDDEN.split(), "reopened")

# Figures have nine digits, so that no hash holds one by chance.
OPEN = {
    "figure": "735190127",
    "rounded figure": "735190455",
    "money": "735190181",
    "words": "open-words",
    "comment": "open-comment",
    "reason": "open-reason",
    "coalition's reason": "open-coalition",
    "comment of an action": "open-action",
    "note of the edition": "open-edition",
}
SECRET = {
    "true small count": "735190457",
    "small count in words": "735190511",
    "restricted figure": "735190231",
    "restricted target": "735190243",
    "restricted baseline": "735190259",
    "restricted comment": "secret-comment",
    "restricted figure in words": "735190283",
    "file": "secret-file",
    "content of a file": "secret-content",
    "remark": "secret-remark",
    "return": "secret-return",
    "on behalf": "secret-behalf",
    "reopening": "secret-reopening",
    "note of an institution": "secret-institution",
    "person": "secret-person",
    "address": "secret.address",
}


def figure_of(state: str) -> str:
    """The figure of a report that nobody may read, by where it lies."""
    return str(735191000 + 37 * CLOSED.index(state))


def words_of(state: str) -> str:
    return f"closed-{state}-words"


def pattern(text: str) -> str:
    """A figure may stand on a page with marks between its thousands."""
    if not text.isdecimal():
        return re.escape(text)
    return r"(?<!\d)" + r"[.,\s]?".join(text[n : n + 3] for n in range(0, len(text), 3))


WORDS = {**OPEN, **SECRET}
WORDS |= {f"figure of {state}": figure_of(state) for state in CLOSED}
WORDS |= {f"words of {state}": words_of(state) for state in CLOSED}
SEARCH = {name: re.compile(pattern(text)) for name, text in WORDS.items()}


def sung(text: str) -> set[str]:
    """What of all that was planted stands in a text."""
    return {name for name, search in SEARCH.items() if search.search(text)}


@dataclass
class Public:
    """The plan, its quarter, its people, and who reports."""

    plan: Plan
    period: Period
    people: dict[str, User]
    houses: dict[str, Institution] = field(default_factory=dict)

    def report(self, state: str) -> Report:
        reports = Report.objects.with_names()
        return reports.get(period=self.period, institution=self.houses[state])

    def decide(self, state: str, *actions: str, **more: Any) -> None:
        for action in actions:
            ministry = action in ("submit", "withdraw")
            by = self.people["approver" if ministry else "lead"]
            factory.decide(action, self.report(state), by, **more)

    def release(self, note: str = "") -> Edition:
        seen = checklist(self.period).seen
        return publish(period=self.period, by=self.people["lead"], seen=seen, note=note)


def _people(plan: Plan, houses: dict[str, Institution]) -> dict[str, User]:
    found = {}
    for role in (Role.LEAD, Role.ADMINISTRATOR, Role.CONTRIBUTOR, Role.APPROVER):
        email = f"{SECRET['address']}.{role}@example.org"
        found[role.value] = person = factory.make_user(
            email, name=f"{SECRET['person']}-{role}", password=None
        )
        ministry = role in (Role.CONTRIBUTOR, Role.APPROVER)
        for house in houses.values() if ministry else [None]:
            person.memberships.create(plan=plan, role=role, institution=house)
    return found


def _indicators(plan: Plan, houses: dict[str, Institution], first: str) -> None:
    objective = factory.make_objective(plan)
    common = factory.make_indicator(plan, "I1", *houses.values(), objective=objective)
    factory.make_target(common, 900_000_000)
    known = {"baseline_state": "known", "value_meaning": "snapshot", "over_time": "latest"}
    make = factory.make_indicator
    mine = houses[first]
    small = make(plan, "S1", mine, objective=objective, sensitivity=Sensitivity.SMALL_COUNTS)
    factory.make_target(small, 900_000_000)
    closed = make(
        plan,
        "R1",
        mine,
        objective=objective,
        sensitivity=Sensitivity.RESTRICTED,
        baseline_value=SECRET["restricted baseline"],
        **known,
    )
    factory.make_target(closed, SECRET["restricted target"])
    factory.make_action(plan, "A1", mine, objective)


def make_public(code: str = "AL", first: str = "published") -> Public:
    """The plan with an open quarter in which nothing is filled in yet."""
    plan = factory.make_plan(code)
    houses = {}
    for number, state in enumerate((first, *HIDDEN.split(), "reopened")):
        more = {"note": SECRET["note of an institution"], "source": "secret-institution source"}
        houses[state] = factory.make_institution(f"{code}{number}", f"House {number}", **more)
    _indicators(plan, houses, first)
    people = _people(plan, houses)
    return Public(plan, factory.open_quarter(plan), people, houses)


def _line(made: Public, state: str, code: str, figure: str, note: str, reason: str) -> Line:
    lines = Line.objects.select_related("indicator", "report__period__plan")
    line = lines.get(report=made.report(state), indicator__code=code)
    answers, rating = [factory.value(figure)], ("at_risk", reason)
    by = made.people["contributor"]
    save_line(line, by=by, version=line.version, answers=answers, rating=rating, note=note)
    return line


def fill(made: Public, state: str, figure: str, words: str) -> None:
    """One of the reports of which nothing is public."""
    report, by = made.report(state), made.people["contributor"]
    factory.fill_in(report, by)
    _line(made, state, "I1", figure, words, words)
    narrative = report.narrative
    narrative.refresh_from_db()
    told = {"done": words, "next_step": words, "challenge": words}
    save_narrative(narrative, by=by, version=narrative.version, values=told)


def fill_first(made: Public, state: str) -> None:
    """The report that is published: what of it is open, and what is not."""
    fill(made, state, OPEN["figure"], OPEN["words"])
    line = _line(made, state, "I1", OPEN["figure"], OPEN["comment"], OPEN["reason"])
    told = f"{SECRET['small count in words']} women"
    _line(made, state, "S1", SECRET["true small count"], told, told)
    told = f"{SECRET['restricted figure in words']} persons"
    _line(made, state, "R1", SECRET["restricted figure"], SECRET["restricted comment"], told)
    by = made.people["contributor"]
    row = made.report(state).actions.select_related("report__period__plan").get()
    money = {"status": "delayed", "spent": OPEN["money"], "note": OPEN["comment of an action"]}
    save_action(row, by=by, version=row.version, values=money)
    content = PDF.replace(b"CANARY", SECRET["content of a file"].encode())
    upload = SimpleUploadedFile(f"{SECRET['file']}.pdf", content)
    add_evidence(made.report(state), by=by, upload=upload, line=line)


def say(made: Public, state: str, text: str, reason: str = "") -> None:
    """The coalition's remark of an open round, with its rating where a reason is given."""
    review = made.report(state).reviews.select_related("report__period__plan").get(outcome="")
    line = review.report.lines.get(indicator__code="I1")
    rating = ("off_track", reason) if reason else None
    more: dict[str, Any] = {"by": made.people["lead"], "verdict": Verdict.ACCEPTED}
    save_remark(review, version=0, text=text, line=line, rating=rating, **more)


def judge_first(made: Public, state: str) -> None:
    """Returned, sent again on behalf of the ministry, and validated."""
    made.decide(state, "submit", "take")
    made.decide(state, "return", reason=SECRET["return"])
    by = made.people["administrator"]
    factory.decide("submit_on_behalf", made.report(state), by, reason=SECRET["on behalf"])
    made.decide(state, "take")
    say(made, state, SECRET["remark"], OPEN["coalition's reason"])
    made.decide(state, "validate")


STEPS = {
    "draft": (),
    "submitted": ("submit",),
    "withdrawn": ("submit", "withdraw"),
    "under_review": ("submit", "take"),
    "returned": ("submit", "take", "return"),
    "validated": ("submit", "take", "validate"),
}


def live_on(made: Public) -> None:
    """Everything that happens after the edition, and of which it knows nothing."""
    for state, actions in STEPS.items():
        fill(made, state, figure_of(state), words_of(state))
        for action in actions:
            more = {"reason": words_of(state)} if action == "return" else {}
            made.decide(state, action, **more)
            if action == "take":
                say(made, state, words_of(state), words_of(state))
    made.decide("reopened", "reopen", reason=SECRET["reopening"])
    fill(made, "reopened", figure_of("reopened"), words_of("reopened"))


def publish_first(made: Public) -> None:
    """Two reports come into the edition; one of them is reopened later."""
    fill_first(made, "published")
    judge_first(made, "published")
    fill(made, "reopened", "11", "open-words")
    made.decide("reopened", "submit", "take", "validate")
    made.release(note=OPEN["note of the edition"])


# ------------------------------------------------------------------ reading

LISTS = [
    "indicators",
    "actions",
    "money",
    "institutions",
    "crosswalk",
    "gaps",
    "differences",
    "compare",
]


def addresses(plan: str, edition: str) -> Iterator[tuple[str, str]]:
    """Every public address of a plan, by name, with the views its lists can be asked for."""
    suffixes = ("", f"?edition={edition}") if edition else ("",)
    for name in ("home", "method", "editions"):
        yield name, reverse(name)
    for suffix in suffixes:
        for name in ("plan", "objectives", *LISTS):
            yield name, reverse(name, args=[plan]) + suffix
        yield "objective", reverse("objective", args=[plan, "1"]) + suffix
        yield "action", reverse("action", args=[plan, "A1"]) + suffix
        for code in ("I1", "S1", "R1"):
            yield "indicator", reverse("indicator", args=[plan, code]) + suffix
        for number in range(8):
            yield "institution", reverse("institution", args=[plan, f"{plan}{number}"]) + suffix
    for name in LISTS:
        for form in ("xlsx", "csv"):
            yield name, reverse(name, args=[plan]) + f"?export={form}"
    if edition:
        for name in ("edition", "edition_workbook", "edition_data", "edition_snapshot"):
            yield name, reverse(name, args=[edition])


def readings(client: Client, plan: str, edition: str, only: str = "") -> dict[str, str]:
    """What stands at every public address, or at some of them; all of them are there."""
    found = {}
    for _name, address in addresses(plan, edition):
        if not re.search(only, address):
            continue
        answer = client.get(address)
        assert answer.status_code == 200, address
        found[address] = text_of(answer)
    return found


def planted_in(texts: dict[str, str]) -> set[str]:
    return set().union(*map(sung, texts.values()))
