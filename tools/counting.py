"""A pytest plug-in for whole runs: one closing line of counts, and no test left out unnoticed.

A run in which a test was skipped, expected to fail or deselected, or in which none ran, fails.
`SUITE` names the run in its closing line.
"""

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

LEFT_OUT = ("skipped", "xfailed", "xpassed", "deselected")
started = time.monotonic()
counts: dict[str, int] = {}
deselected = 0


def pytest_deselected(items: list[pytest.Item]) -> None:
    global deselected  # noqa: PLW0603 -- pytest calls plain functions
    deselected += len(items)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """A worker of xdist tells how many tests it put aside: each has the whole list, one counts."""
    global deselected  # noqa: PLW0603
    deselected = max(deselected, getattr(node, "workeroutput", {}).get("deselected", 0))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["deselected"] = deselected
        return (yield)
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    yield
    counts.update(_counts(reporter.stats if reporter else {}))
    left_out = any(counts[name] for name in LEFT_OUT)
    if session.exitstatus == pytest.ExitCode.OK and (left_out or not counts["passed"]):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    return None


def _counts(stats: dict[str, list[Any]]) -> dict[str, int]:
    names = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")
    return {name: len(stats.get(name, [])) for name in names} | {"deselected": deselected}


def pytest_unconfigure(config: pytest.Config) -> None:
    if counts:
        told = ", ".join(
            f"{n} {name}" for name, n in counts.items() if n or name in ("passed", "failed")
        )
        seconds = time.monotonic() - started
        print(f"\n{os.environ.get('SUITE', 'tests')}: {told} in {seconds:.0f} s")
