"""A snapshot in a few words, as it comes out of JSON: for reading without a database."""

from collections.abc import Iterable
from typing import Any

from publishing.reading import Indicator, Parts, parse_snapshot

Data = dict[str, Any]


def sourced(code: str, **more: Any) -> Data:
    title = {"en": f"Title {code}", "sq": f"Titulli {code}"}
    row = {"code": code, "title": title, "note": {}, "source": "", "certainty": "adopted"}
    return row | more


def plan(**more: Any) -> Data:
    dates = {"starts_on": "2024-01-01", "ends_on": "2027-12-31", "adopted_on": None}
    levels = [{"depth": 0, "name": {"en": "Area"}}, {"depth": 1, "name": {"en": "Objective"}}]
    flags = {"country": "AL", "currency": "ALL", "is_demonstration": False, "thresholds": {}}
    return sourced("AL") | dates | flags | {"levels": levels} | more


def institution(code: str) -> Data:
    return {"code": code, "name": {"en": f"Ministry {code}"}, "kind": "ministry"}


def objective(code: str, parent: str | None = None, **more: Any) -> Data:
    depth = 1 if parent else 0
    return sourced(code) | {"parent": parent, "depth": depth, "frameworks": []} | more


def action(code: str, lead: str | None = "MM", funding: Iterable[str] = (), **more: Any) -> Data:
    """`funding` is planned money, from one source each."""
    money = [{"source": f"S{n}", "planned": planned} for n, planned in enumerate(funding)]
    dates = {"starts_on": None, "ends_on": None}
    links: Data = {"objective": "1", "lead": lead, "supporting": [], "frameworks": []}
    return sourced(code) | dates | links | {"funding": money} | more


def target(value: str | None, as_of: str = "2027-12-31", version: int = 1, cell: str = "") -> Data:
    told = {"value": value, "as_of": as_of, "version": version, "cell": cell}
    return told | {"reason": "", "decision": ""}


def indicator(code: str = "I1", *targets: Data, who: str = "MM", **more: Any) -> Data:
    declared = {"kind": "count", "direction": "increase", "value_meaning": "in_period"}
    rules = {"over_time": "sum", "over_units": "sum", "frequency": "quarterly"}
    baseline = {"state": "zero", "value": "0", "date": "2024-01-01", "source": ""}
    row: Data = {
        "sensitivity": "public",
        "definition": {},
        "unit": {"en": "persons", "sq": "persona"},
        "baseline": baseline,
        "tolerance": "0",
        "targets": list(targets),
        "cells": [{"key": "", "label": {"en": "Total", "sq": "Gjithsej"}}],
        "objective": "1",
        "action": None,
        "responsible": who.split(),
        "frameworks": [],
    }
    return sourced(code) | declared | rules | row | more


def quarter(code: str) -> Data:
    year, number = int(code[:4]), int(code[-1])
    start, end = f"{3 * number - 2:02}-01", {1: "03-31", 2: "06-30", 3: "09-30", 4: "12-31"}[number]
    dates = {"starts_on": f"{year}-{start}", "ends_on": f"{year}-{end}", "due_on": f"{year}-12-31"}
    return {"code": code, "year": year, "quarter": number, **dates}


def said(value: str | None = None, cell: str = "", **more: Any) -> Data:
    return {"cell": cell, "state": "value", "value": value, "text": "", "reason": ""} | more


def silent(state: str = "not_available", reason: str = "No books.") -> Data:
    return said(None, state=state, reason=reason)


def rating(value: str) -> Data | None:
    return {"value": value, "reason": f"It is {value}."} if value else None


def line(code: str, *answers: Data, ministry: str = "on_track", coalition: str = "") -> Data:
    ratings = {"ministry": rating(ministry), "coalition": rating(coalition)}
    return {"indicator": code, "note": "", "observations": list(answers), "ratings": ratings}


def progress(code: str, status: str = "in_progress", **money: str | None) -> Data:
    return {"action": code, "status": status, "allocated": None, "spent": None, "note": ""} | money


def report(who: str, when: str, *lines: Data, actions: Iterable[Data] = (), **more: Any) -> Data:
    proof = {"revision": 1, "sha256": "a" * 64, "submitted_on": "2026-10-01", "was_late": False}
    inside = {"lines": list(lines), "actions": list(actions), "narrative": {"done": "All."}}
    return {"institution": who, "period": when} | proof | inside | more


def missing(who: str, when: str, side: str = "ministry") -> Data:
    return {"institution": who, "period": when, "lies_with": side}


def judged(code: str, when: str, status: str, value: str | None = None, **more: Any) -> Data:
    coverage = {"reported": 1, "expected": 1}
    told = {"status": status, "marks": [], "rules_version": "1", "coverage": coverage}
    figures: Data = {"value": value, "target": None, "expected": None, "cells": {}}
    return {"indicator": code, "period": when} | told | figures | more


def snapshot(at: str = "2026-Q2", **parts: list[Data]) -> Data:
    """A snapshot of these parts; a plan of one objective and two ministries for all else."""
    stamp = {"address": f"AL-{at}-1", "number": 1, "period": at, "note": "A note."}
    proof = {"published_at": "2026-08-09T08:00:00.000000+00:00", "audit_head": "b" * 64}
    rest: dict[str, list[Data]] = {
        "institutions": [institution("MB"), institution("MM")],
        "frameworks": [],
        "objectives": [objective("1")],
        "actions": [],
        "indicators": [],
        "periods": [quarter("2026-Q1"), quarter("2026-Q2")],
        "reports": [],
        "missing": [],
        "assessments": [],
    }
    return {"edition": stamp | proof, "rules_version": "1", "plan": plan(), **rest, **parts}


def read(at: str = "2026-Q2", **parts: list[Data]) -> Parts:
    """A snapshot of these parts, as the pages have it."""
    return parse_snapshot(snapshot(at, **parts))


def one(row: Data, *assessments: Data, **parts: Any) -> Indicator:
    """One indicator as the pages have it."""
    found = read(indicators=[row], assessments=list(assessments), **parts)
    return found.indicators[row["code"]]
