"""Who gets what from every address, written by hand from what the product promises.

A block begins with the name of an address and what stands in it; below it one line for each
method and group of people: one answer for all states, or one for each of STATES. Who is not
named gets 404. A method that is not named gets 405, whoever asks.

This is the source of the tests; nothing here is taken from the rules of the code.
"""

from typing import NamedTuple

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

#                                    draft  submitted  under_review  returned  validated  published
REPORTS = """
my_reports
  GET   logged_in                    200
  GET   nobody                       302
report report
  GET   own administrator            200
  GET   coalition                    404    302        302           302       302        302
  GET   observer                     404    404        404           404       200        200
  GET   nobody                       302
report_workbook report
  GET   own administrator            200
  GET   coalition                    404    200        200           200       200        200
  GET   observer                     404    404        404           404       200        200
  GET   nobody                       302
  HEAD  nobody                       302
  POST  nobody                       302
  PUT   nobody                       302
  DELETE  nobody                     302
report_content report
  GET   own administrator            200
  GET   coalition                    404    200        200           404       200        200
  GET   observer                     404    404        404           404       200        200
  GET   nobody                       302
report_start report
  GET   own                          302    403        403           302       403        403
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
report_fill report indicators-1
  GET   own                          200    403        403           200       403        403
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
  POST  own                          302    403        403           302       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
report_fill report actions-1
  GET   own                          200    403        403           200       403        403
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
  POST  own                          302    403        403           302       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
report_fill report narrative
  GET   own                          200    403        403           200       403        403
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
  POST  own                          302    403        403           302       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
report_fill report evidence
  GET   own                          200    403        403           200       403        403
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
  POST  own                          302    403        403           302       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
report_save report narrative
  POST  own                          200    403        403           200       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
evidence_add report
  POST  own                          302    403        403           302       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
evidence file
  GET   own administrator            200
  GET   coalition                    404    200        200           200       200        200
  GET   observer                     404    404        404           404       200        200
  GET   nobody                       302
evidence protected_file
  GET   own administrator            200
  GET   coalition                    404    200        200           200       200        200
  GET   nobody                       302
evidence later_file
  GET   own administrator            404    404        404           200       404        404
  GET   nobody                       302
evidence_remove file
  GET   own                          200    403        403           200       403        403
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
  POST  own                          302    403        403           409       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
evidence_remove later_file
  GET   own                          404    404        404           200       404        404
  GET   administrator                404    404        404           403       404        404
  GET   nobody                       302
  POST  own                          404    404        404           302       404        404
  POST  administrator                404    404        404           403       404        404
  POST  nobody                       401
"""

# Each decision: GET asks, POST carries out. In a wrong state everybody who sees the report hears
# 409; in a right one only its people get through and others who see the report hear 403.
DECISIONS = """
report_decide report submit
  GET   own administrator            403    409        409           403       409        409
  GET   approver                     200    409        409           200       409        409
  GET   coalition                    404    409        409           403       409        409
  GET   observer                     404    404        404           404       409        409
  GET   nobody                       302
  POST  own administrator            403    409        409           403       409        409
  POST  approver                     302    409        409           302       409        409
  POST  coalition                    404    409        409           403       409        409
  POST  observer                     404    404        404           404       409        409
  POST  nobody                       401
report_decide report submit_on_behalf
  GET   own                          403    409        409           403       409        409
  GET   administrator                200    409        409           200       409        409
  GET   coalition                    404    409        409           403       409        409
  GET   observer                     404    404        404           404       409        409
  GET   nobody                       302
  POST  own                          403    409        409           403       409        409
  POST  administrator                302    409        409           302       409        409
  POST  coalition                    404    409        409           403       409        409
  POST  observer                     404    404        404           404       409        409
  POST  nobody                       401
report_decide report withdraw
  GET   own administrator            409    403        409           409       409        409
  GET   approver                     409    200        409           409       409        409
  GET   coalition                    404    403        409           409       409        409
  GET   observer                     404    404        404           404       409        409
  GET   nobody                       302
  POST  own administrator            409    403        409           409       409        409
  POST  approver                     409    302        409           409       409        409
  POST  coalition                    404    403        409           409       409        409
  POST  observer                     404    404        404           404       409        409
  POST  nobody                       401
report_decide report take
  GET   own administrator            409    403        409           409       409        409
  GET   coalition                    404    200        409           409       409        409
  GET   observer                     404    404        404           404       409        409
  GET   nobody                       302
  POST  own administrator            409    403        409           409       409        409
  POST  coalition                    404    302        409           409       409        409
  POST  observer                     404    404        404           404       409        409
  POST  nobody                       401
report_decide report return
  GET   own administrator            409    409        403           409       409        409
  GET   reviewer lead                404    409        200           409       409        409
  GET   second_reviewer              404    409        403           409       409        409
  GET   observer                     404    404        404           404       409        409
  GET   nobody                       302
  POST  own administrator            409    409        403           409       409        409
  POST  reviewer lead                404    409        302           409       409        409
  POST  second_reviewer              404    409        403           409       409        409
  POST  observer                     404    404        404           404       409        409
  POST  nobody                       401
report_decide report validate
  GET   own administrator            409    409        403           409       409        409
  GET   reviewer lead                404    409        200           409       409        409
  GET   second_reviewer              404    409        403           409       409        409
  GET   observer                     404    404        404           404       409        409
  GET   nobody                       302
  POST  own administrator            409    409        403           409       409        409
  POST  reviewer lead                404    409        302           409       409        409
  POST  second_reviewer              404    409        403           409       409        409
  POST  observer                     404    404        404           404       409        409
  POST  nobody                       401
report_decide report reopen
  GET   own administrator            409    409        409           409       403        403
  GET   reviewer second_reviewer     404    409        409           409       403        403
  GET   lead                         404    409        409           409       200        200
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
  POST  own administrator            409    409        409           409       403        403
  POST  reviewer second_reviewer     404    409        409           409       403        403
  POST  lead                         404    409        409           409       302        302
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
"""

COALITION = """
review_queue
  GET   logged_in                    403
  GET   coalition                    200
  GET   foreign_reviewer             200
  GET   foreign_lead                 200
  GET   nobody                       302
review report
  GET   own administrator            302
  GET   coalition                    404    200        200           200       200        200
  GET   observer                     404    404        404           404       302        302
  GET   nobody                       302
  HEAD  own administrator            302
  HEAD  coalition                    404    200        200           200       200        200
  HEAD  observer                     404    404        404           404       302        302
  HEAD  nobody                       302
  POST  own administrator            403
  POST  reviewer lead                404    409        302           409       409        409
  POST  second_reviewer              404    409        403           409       409        409
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
review_save report narrative
  POST  own administrator            403
  POST  reviewer lead                404    409        200           409       409        409
  POST  second_reviewer              404    409        403           409       409        409
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
review_accept report
  GET   own administrator            302
  GET   coalition                    404    302        302           302       302        302
  GET   reviewer lead                404    302        200           302       302        302
  GET   observer                     404    404        404           404       302        302
  GET   nobody                       302
  HEAD  own administrator            302
  HEAD  coalition                    404    302        302           302       302        302
  HEAD  reviewer lead                404    302        200           302       302        302
  HEAD  observer                     404    404        404           404       302        302
  HEAD  nobody                       302
  POST  own administrator            403
  POST  reviewer lead                404    409        302           409       409        409
  POST  second_reviewer              404    409        403           409       409        409
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
quarters
  GET   logged_in                    200
  GET   nobody                       302
quarter period
  GET   in_plan                      200
  GET   nobody                       302
quarter_workbook period
  GET   in_plan                      200
  GET   nobody                       302
  HEAD  nobody                       302
  POST  nobody                       302
  PUT   nobody                       302
  DELETE  nobody                     302
publish period
  GET   in_plan                      403
  GET   lead                         200
  GET   nobody                       302
  HEAD  in_plan                      403
  HEAD  lead                         200
  HEAD  nobody                       302
  POST  in_plan                      403
  POST  lead                         409    409        409           409       302        409
  POST  nobody                       302
  PUT   nobody                       302
  DELETE  nobody                     302
"""

# What no state of a report changes: files of lists, accounts, and what watches the site. A log-in
# page sends on who is logged in already.
ONCE = """
my_reports ?export=csv
  GET   logged_in                    200
  GET   nobody                       302
work
  GET   everybody                    302
report_decide report publish
  GET   everybody                    404
  GET   nobody                       302
  POST  everybody                    404
  POST  nobody                       401
review_queue ?export=csv
  GET   logged_in                    403
  GET   coalition                    200
  GET   foreign_reviewer             200
  GET   foreign_lead                 200
  GET   nobody                       302
quarters ?export=csv
  GET   logged_in                    200
  GET   nobody                       302
quarter period ?export=xlsx
  GET   in_plan                      200
  GET   nobody                       302
login
  GET   logged_in                    302
  GET   nobody                       200
  HEAD  logged_in                    302
  HEAD  nobody                       200
  POST  logged_in                    302
  POST  nobody                       200
  PUT   logged_in                    302
  PUT   nobody                       200
  DELETE  logged_in                  302
  DELETE  nobody                     405
logout
  POST  everybody                    302
password_change
  GET   logged_in                    200
  GET   nobody                       302
  HEAD  logged_in                    200
  HEAD  nobody                       302
  POST  logged_in                    200
  POST  nobody                       302
  PUT   logged_in                    200
  PUT   nobody                       302
  DELETE  nobody                     302
password_change_done
  GET   logged_in                    200
  GET   nobody                       302
  HEAD  logged_in                    200
  HEAD  nobody                       302
  POST  nobody                       302
  PUT   nobody                       302
  DELETE  nobody                     302
healthz
  GET   everybody                    200
  HEAD  everybody                    200
  POST  everybody                    200
  PUT   everybody                    200
  DELETE  everybody                  200
set_language
  GET   everybody                    302
  HEAD  everybody                    302
  POST  everybody                    302
  PUT   everybody                    302
  DELETE  everybody                  302
favicon
  GET   everybody                    302
  HEAD  everybody                    302
  POST  everybody                    302
  PUT   everybody                    302
  DELETE  everybody                  302
"""

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
    "institutions": ("plan",),
    "institution": ("plan", "institution"),
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

# What is planted in the report of one ministry, and who may read it where. "-" is nobody. What was
# typed again after the return stands in the place of the figure, for those who see the live report.
CANARIES = """
narrative
  own administrator                  x
  coalition                          -      x          x             x         x          x
  observer                           -      -          -             -         x          x
rating
  own administrator                  x
  coalition                          -      x          x             x         x          x
  observer                           -      -          -             -         x          x
note
  own administrator                  x
  coalition                          -      x          x             x         x          x
  observer                           -      -          -             -         x          x
figure
  own administrator                  x      x          x             -         x          x
  coalition                          -      x          x             x         x          x
  observer                           -      -          -             -         x          x
protected_figure
  own administrator                  x
  coalition                          -      x          x             x         x          x
protected_note
  own administrator                  x
  coalition                          -      x          x             x         x          x
money
  own administrator                  x
  coalition                          -      x          x             x         x          x
  observer                           -      -          -             -         x          x
action_note
  own administrator                  x
  coalition                          -      x          x             x         x          x
  observer                           -      -          -             -         x          x
file_name
  own administrator                  x
  coalition                          -      x          x             x         x          x
  observer                           -      -          -             -         x          x
file_content
  own administrator                  x
  coalition                          -      x          x             x         x          x
  observer                           -      -          -             -         x          x
protected_file_name
  own administrator                  x
  coalition                          -      x          x             x         x          x
protected_file_content
  own administrator                  x
  coalition                          -      x          x             x         x          x
remark
  own administrator                  -      -          -             x         x          x
  coalition                          -      -          x             x         x          x
coalition_rating
  own administrator                  -      -          -             x         x          x
  coalition                          -      -          x             x         x          x
  observer                           -      -          -             -         x          x
return_reason
  own administrator coalition        -      -          -             x         -          -
typed_again
  own administrator                  -      -          -             x         -          -
typed_figure
  own administrator                  -      -          -             x         -          -
later_file_name
  own administrator                  -      -          -             x         -          -
later_file_content
  own administrator                  -      -          -             x         -          -
"""


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
