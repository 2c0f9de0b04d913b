"""What refusing each hostile file costs: CPU seconds, medians of several runs, and peak memory.

Each file is read in a process of its own, since a peak of memory does not go down again.
"""

import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.common.test_hostile_files import FILES

RUNS = int(os.environ.get("BENCH_RUNS", "5"))
CHILD = r"""
import re, sys, time, django
from pathlib import Path
from django.conf import settings
settings.configure()
django.setup()
from common.reader import FileError, read_sheets
def peak():
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])
data, at_rest = Path(sys.argv[1]).read_bytes(), peak()
started = time.process_time()
try:
    read_sheets(data, Path(sys.argv[1]).name)
    print("accepted")
except FileError as error:
    print(time.process_time() - started, (peak() - at_rest) // 1024)
"""


def measured(path: Path) -> tuple[float, int]:
    """Median of CPU seconds, and the highest peak above the process at rest in MiB."""
    runs = [
        subprocess.run(  # noqa: S603 -- it runs the script above
            [sys.executable, "-c", CHILD, str(path)], capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(RUNS)
    ]
    return statistics.median(float(run[0]) for run in runs), max(int(run[1]) for run in runs)


def main() -> None:
    """Print one line a file, the dearest first."""
    found = []
    with TemporaryDirectory() as folder:
        for number, (name, (filename, code, build)) in enumerate(FILES.items()):
            path = Path(folder) / f"{number}{Path(filename).suffix}"
            path.write_bytes(build())
            found.append((*measured(path), name, code))
    print(f"{len(FILES)} files, medians of {RUNS}, {platform.machine()}, {os.cpu_count()} cores")
    for seconds, mebibytes, name, code in sorted(found, reverse=True):
        print(f"{seconds:7.2f} s {mebibytes:5d} MiB  {code:18} {name}")


if __name__ == "__main__":
    main()
