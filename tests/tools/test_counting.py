"""The closing line of a whole run, and that no run ends well in which a test was left out."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.inspection import ROOT

HEAD = "import pytest\n"
GOOD = "def test_good(): pass\n"
OTHER = "def test_other(): pass\n"
BAD = "def test_bad(): assert False\n"
SKIPPED = "def test_skipped(): pytest.skip('not today')\n"
XFAILED = "@pytest.mark.xfail\ndef test_xfailed(): assert False\n"
XPASSED = "@pytest.mark.xfail\ndef test_xpassed(): pass\n"
ERROR = "@pytest.fixture\ndef broken(): raise OSError\ndef test_error(broken): pass\n"
LATE = "@pytest.fixture\ndef late():\n    yield\n    raise OSError\ndef test_late(late): pass\n"
WHOLE = "pytest.skip('the whole file', allow_module_level=True)\n"
TWICE = "@pytest.mark.parametrize('n', [1, 2, 3])\ndef test_three(n): pass\n"
NAMED = ("-k", "good")
SPREAD = ("-p", "xdist.plugin", "-n", "2")


@dataclass(frozen=True)
class Run:
    """A file of tests, how pytest is called with it, and what is told of it."""

    source: str
    told: str
    code: int
    arguments: tuple[str, ...] = ()


RUNS = {
    "all good": Run(GOOD + OTHER, "2 passed, 0 failed", 0),
    "cases count": Run(TWICE, "3 passed, 0 failed", 0),
    "none at all": Run("", "0 passed, 0 failed", 5),
    "one bad": Run(GOOD + BAD, "1 passed, 1 failed", 1),
    "one skipped": Run(GOOD + SKIPPED, "1 passed, 0 failed, 1 skipped", 1),
    "a file skipped": Run(WHOLE + GOOD, "0 passed, 0 failed, 1 skipped", 5),
    "one expected to fail": Run(GOOD + XFAILED, "1 passed, 0 failed, 1 xfailed", 1),
    "one that was expected to fail": Run(GOOD + XPASSED, "1 passed, 0 failed, 1 xpassed", 1),
    "one that cannot begin": Run(GOOD + ERROR, "1 passed, 0 failed, 1 error", 1),
    "one that cannot end": Run(GOOD + LATE, "2 passed, 0 failed, 1 error", 1),
    "a file that cannot be read": Run(
        "import nothing_of_this_name\n", "0 passed, 0 failed, 1 error", 2
    ),
    "one deselected": Run(GOOD + OTHER, "1 passed, 0 failed, 1 deselected", 1, NAMED),
    "all deselected": Run(OTHER, "0 passed, 0 failed, 1 deselected", 5, NAMED),
    "all kinds": Run(
        GOOD + BAD + SKIPPED + XFAILED + XPASSED + ERROR,
        "1 passed, 1 failed, 1 error, 1 skipped, 1 xfailed, 1 xpassed",
        1,
    ),
}


OVER_TWO_WORKERS = Run(
    GOOD + OTHER + TWICE + SKIPPED, "1 passed, 0 failed, 5 deselected", 1, (*SPREAD, *NAMED)
)
# Each call with the plug-in as if it were new, its outcome and its words as one line of JSON.
CALLING = """
import contextlib, importlib, io, json, sys
import pytest, tools.counting
told = []
for arguments in json.loads(sys.argv[1]):
    importlib.reload(tools.counting)
    words = io.StringIO()
    with contextlib.redirect_stdout(words):
        code = pytest.main(arguments)
    told.append([int(code), words.getvalue()])
print(json.dumps(told))
"""


def call(folder: Path, *runs: Run, **environment: str) -> list[tuple[int, str]]:
    """Runs with no plug-in but the counting one and those that are named: code and closing line."""
    calls = []
    for number, run in enumerate(runs):
        file = folder / f"test_sample{number}.py"
        file.write_text(HEAD + run.source)
        plain = ["-q", "-c", os.devnull, "--rootdir", str(folder), "-p", "no:cacheprovider"]
        calls.append([*plain, "-p", "tools.counting", *run.arguments, str(file)])
    plain_environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    plain_environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", CALLING, json.dumps(calls)],
        cwd=folder,
        env=plain_environment | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return [(code, words.rstrip().splitlines()[-1]) for code, words in told]


def test_every_run_closes_with_its_counts_and_fails_where_a_test_was_left_out(
    tmp_path: Path,
) -> None:
    found = dict(zip(RUNS, call(tmp_path, *RUNS.values(), SUITE="sample"), strict=True))
    for name, (code, last) in found.items():
        assert last.startswith(f"sample: {RUNS[name].told} in "), (name, last)
        assert code == RUNS[name].code, name
    assert [name for name, (code, _) in found.items() if code == 0] == ["all good", "cases count"]


def test_over_two_workers_each_test_that_was_put_aside_counts_once(tmp_path: Path) -> None:
    [(code, last)] = call(tmp_path, OVER_TWO_WORKERS)
    assert last.startswith(f"tests: {OVER_TWO_WORKERS.told} in ")
    assert last.endswith(" s")
    assert code == OVER_TWO_WORKERS.code


def test_control_without_the_plug_in_a_skipped_test_would_end_well(tmp_path: Path) -> None:
    one = Run(RUNS["one skipped"].source, "", 0, ("-p", "no:tools.counting"))
    [(code, last)] = call(tmp_path, one)
    assert (code, "1 skipped" in last) == (0, True)
