"""Everybody and every address, and how the answers written by hand are read."""

from typing import NamedTuple

from tests.policy.answers import CANARIES, COALITION, DECISIONS, ONCE, REPORTS

STATES = ("draft", "submitted", "under_review", "returned", "validated", "published")

GROUPS: dict[str, tuple[str, ...]] = {
    "own": ("contributor", "approver"),
    "ministries": ("other_contributor", "other_approver"),
    "coalition": ("reviewer", "second_reviewer", "lead"),
    # Roles in another plan; the approver there acts for the same institution.
    "foreign": ("foreign_reviewer", "foreign_lead", "foreign_approver"),
    # Logged in without a role that holds today.
    "roleless": ("stranger", "former", "superuser"),
    "nobody": ("anonymous", "deactivated"),
}
PEOPLE = (
    *GROUPS["own"],
    "administrator",
    *GROUPS["coalition"],
    "observer",
    *GROUPS["ministries"],
    *GROUPS["foreign"],
    *GROUPS["roleless"],
    *GROUPS["nobody"],
)
GROUPS["in_plan"] = (
    *GROUPS["own"],
    *GROUPS["ministries"],
    *GROUPS["coalition"],
    "administrator",
    "observer",
)
GROUPS["logged_in"] = (*GROUPS["in_plan"], *GROUPS["foreign"], *GROUPS["roleless"])
GROUPS["everybody"] = PEOPLE

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
NOT_FOUND, NOT_A_METHOD = "404", "405"

# What is open to the world, by what stands in its address; it is read only.
PUBLIC: dict[str, tuple[str, ...]] = {
    "home": (),
    "method": (),
    "plan": ("plan",),
    "objectives": ("plan",),
    "objective": ("plan", "objective"),
    "indicators": ("plan",),
    "indicator": ("plan", "indicator"),
    "actions": ("plan",),
    "action": ("plan", "action"),
    "money": ("plan",),
    "institutions": ("plan",),
    "institution": ("plan", "institution"),
    "crosswalk": ("plan",),
    "gaps": ("plan",),
    "differences": ("plan",),
    "compare": ("plan",),
    "editions": (),
    "edition": ("edition",),
    "edition_workbook": ("edition",),
    "edition_data": ("edition",),
    "edition_snapshot": ("edition",),
}

_PAGES = ("changelist", "add", "history", "delete", "change")
_FILES = ("process_import", "import", "export")
_EXCHANGED = (
    "indicators_plan",
    "indicators_planlevel",
    "indicators_objective",
    "indicators_action",
    "indicators_funding",
    "indicators_dimension",
    "indicators_category",
    "indicators_indicator",
    "indicators_target",
    "indicators_consistencyrule",
    "indicators_framework",
    "indicators_frameworkitem",
    "accounts_institution",
    "accounts_user",
)
_KEPT = ("audit_entry", "reports_report", "publishing_edition")

# Pages of the secretariat, by model: Django's five, and the three of files where there are any.
ADMIN_MODELS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_EXCHANGED, (*_PAGES, *_FILES)),
    **dict.fromkeys(_KEPT, _PAGES),
}
# Pages of the admin that belong to no model, or to one alone.
ADMIN_OTHERS = (
    "index",
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "autocomplete",
    "jsi18n",
    "view_on_site",
    "app_list",
    "auth_user_password_change",
    "reports_report_decide",
)

# Who stands for whom where only some are asked: one of each set, of each answer that differs.
SIDES = {
    "own": GROUPS["own"],
    "administrator": ("administrator",),
    "coalition": GROUPS["coalition"],
    "observer": ("observer",),
    "ministries": GROUPS["ministries"],
    "outside": (*GROUPS["foreign"], *GROUPS["roleless"]),
    "nobody": GROUPS["nobody"],
}
SIDE_OF = {person: side for side, people in SIDES.items() for person in people}


def _two(people: list[str], turn: int) -> list[str]:
    """Two of some people, others at each turn."""
    return [people[(turn + n) % len(people)] for n in range(min(2, len(people)))]


class Row(NamedTuple):
    """One address: its name, what stands in it, and by (method, person) an answer per state."""

    name: str
    parts: tuple[str, ...]
    answers: dict[tuple[str, str], tuple[str, ...]]

    @property
    def key(self) -> str:
        return " ".join((self.name, *self.parts))

    @property
    def methods(self) -> list[str]:
        """The methods the address answers to."""
        return [method for method in METHODS if not self._is_refused(method)]

    def expected(self, method: str, person: str, state: str) -> int:
        if (method, person) in self.answers:
            return int(self.answers[method, person][STATES.index(state)])
        return int(NOT_A_METHOD if self._is_refused(method) else NOT_FOUND)

    def passes(self, method: str, person: str, state: str) -> bool:
        """Whether a person who is logged in gets what she asked for."""
        return SIDE_OF[person] != "nobody" and self.expected(method, person, state) < 400

    def sample(self, method: str, state: str, turn: int) -> list[str]:
        """Who is asked for all others: of each side one for each answer, another at each turn.

        Everybody whom the state lets through or keeps out has her side asked; of those who never
        get through there are two in turn. A HEAD, a GET without its body, is asked by two.
        """
        asked = [
            people[turn % len(people)]
            for side in SIDES.values()
            for people in self._alike(method, side, state)
        ]
        if method == "HEAD":
            return _two(asked, turn)
        through = [p for p in asked if any(self.passes(method, p, s) for s in STATES)]
        return [*through, *_two([p for p in asked if p not in through], turn)]

    def _alike(self, method: str, side: tuple[str, ...], state: str) -> list[list[str]]:
        """The people of a side, by what they get in this state and whether they ever get more."""
        found: dict[tuple[int, bool], list[str]] = {}
        for person in side:
            ever = any(self.passes(method, person, other) for other in STATES)
            found.setdefault((self.expected(method, person, state), ever), []).append(person)
        return list(found.values())

    def _is_refused(self, method: str) -> bool:
        """Whether a method is answered to nobody who is logged in."""
        named = {person for known, person in self.answers if known == method}
        return named <= set(GROUPS["nobody"])


def _is_cell(word: str) -> bool:
    return word.isdecimal() or word in ("x", "-")


def _cells(words: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The people of a line, and its cells; one cell stands for every state."""
    cells = tuple(word for word in words if _is_cell(word))
    people = [word for word in words if not _is_cell(word)]
    named = tuple(person for word in people for person in GROUPS.get(word, (word,)))
    assert set(named) <= set(PEOPLE), f"nobody is called so: {words}"
    assert named, f"nobody is named: {words}"
    assert len(cells) in (1, len(STATES)), f"an answer for each state: {words}"
    return named, cells * len(STATES) if len(cells) == 1 else cells


def parse(text: str) -> list[Row]:
    """The rows of a block of text."""
    rows: list[Row] = []
    for line in text.strip().splitlines():
        words = line.split()
        if not line.startswith(" "):
            rows.append(Row(words[0], tuple(words[1:]), {}))
            continue
        people, cells = _cells(words[1:])
        rows[-1].answers.update({(words[0], person): cells for person in people})
    return rows


def readers(state: str, text: str = CANARIES) -> dict[str, set[str]]:
    """By canary the sides that may read it in a state."""
    found: dict[str, set[str]] = {}
    for line in text.strip().splitlines():
        if not line.startswith(" "):
            name = line.strip()
            found[name] = set()
            continue
        people, cells = _cells(line.split())
        if cells[STATES.index(state)] == "x":
            found[name] |= {SIDE_OF[person] for person in people}
    return found


BY_STATE = [row for text in (REPORTS, DECISIONS, COALITION) for row in parse(text)]
STEADY = parse(ONCE)
PRIVATE = [*BY_STATE, *STEADY]
ADMIN = frozenset(
    {f"admin:{name}" for name in ADMIN_OTHERS}
    | {f"admin:{model}_{page}" for model, pages in ADMIN_MODELS.items() for page in pages}
)
NAMES = frozenset({row.name for row in PRIVATE} | set(PUBLIC) | ADMIN)
