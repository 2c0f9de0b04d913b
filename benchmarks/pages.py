"""What pages cost with one plan and with many, beside an empty page on the same server.

PostgreSQL and gunicorn with two sync workers, as deployed. Both installations are served at the
same time and measured in turns, so that what else the machine does falls on both. BENCH_PLANS and
BENCH_YEARS make it smaller; BENCH_MANY_URL names a database that `seed_scale` filled already, and
BENCH_FOLDER one in which static files stay from run to run.
"""

import json
import os
import signal
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.measuring import machine
from benchmarks.pages_load import THREADS, Cost, Page, get, measured, one_by_one
from benchmarks.pages_server import EMPTY, Server, Site, serving

PLANS = int(os.environ.get("BENCH_PLANS", "100"))
YEARS = os.environ.get("BENCH_YEARS", "5")
RUNS = int(os.environ.get("BENCH_RUNS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
PORT = int(os.environ.get("BENCH_PORT", "8146"))
SMALL = ("--first", "900", "--plans", "1", "--years", "1", "--indicators", "20")
COLD = 20


@dataclass(frozen=True)
class Found:
    """One installation: its pages by kind, their queries, a validation."""

    server: Server
    pages: dict[str, list[Page]]
    queries: dict[str, dict[str, int]]
    validation: dict[str, float]


@dataclass(frozen=True)
class Turn:
    """A page and, just before it, the empty page on the same server."""

    cost: Cost
    empty: Cost

    @property
    def share(self) -> float:
        return self.cost.throughput / self.empty.throughput

    @property
    def times(self) -> float:
        return self.cost.latency / self.empty.latency


def _database(name: str) -> str:
    """A second database in the server that was started for this."""
    import psycopg

    url = os.environ["DATABASE_URL"]
    folder = url.removeprefix("postgres://").rpartition("/")[0]
    with psycopg.connect(host=folder, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgres://{folder}/{name}"


def seed(site: Site, plans: int) -> None:
    """Make the installation, unless it is there."""
    site.manage("migrate", "-v0")
    if "S001" not in site.manage("shell", "-v0", "-c", HAS):
        started = time.perf_counter()
        told = site.manage("seed_scale", "--plans", str(plans), "--years", YEARS, "--in-production")
        print(
            f"\nseed_scale --plans {plans} --years {YEARS}: {time.perf_counter() - started:.0f} s"
        )
        print(told[told.index("There are now") :])
    if plans > 1 and "S900" not in site.manage("shell", "-v0", "-c", HAS):
        site.manage("seed_scale", *SMALL, "--in-production")
    if not (site.static / "staticfiles.json").exists():
        site.manage("collectstatic", "--noinput", "-v0")


HAS = "from indicators.models import Plan; print(*Plan.objects.values_list('code', flat=True))"


def look_at(server: Server) -> Found:
    inside = "-m", "benchmarks.pages_inside"
    told = {
        what: json.loads(server.site.run(*inside, what))
        for what in ("validation", "pages", "queries")
    }
    pages = {kind: [Page(*page) for page in rows] for kind, rows in told["pages"].items()}
    return Found(server, pages, told["queries"], told["validation"])


def forget_pages(site: Site) -> None:
    """As after a new release: no page is kept."""
    for path in (site.folder / "pages").glob("*"):
        path.unlink(missing_ok=True)


def cold(found: Found, kind: str) -> float:
    """The first reader of each page after all pages were forgotten."""
    forget_pages(found.server.site)
    pages = [replace(page, anew=bool(page.session)) for page in found.pages[kind][:COLD]]
    return one_by_one(found.server.site.port, pages)


def warm(found: Found, pages: list[Page]) -> None:
    """Each page once, and the first ones again so that both workers have seen their sort.

    Pages of people who are logged in are kept by each worker for itself: they are asked for until
    both have them.
    """
    own = [page for page in pages if page.session] * 4
    for page in [*pages, *pages[:4], *own]:
        get(found.server.site.port, page)


def compare(kind: str, sides: list[Found]) -> list[list[Turn]]:
    """One kind of page in each installation, in turns with the other and with the empty page.

    What the machine does meanwhile changes from minute to minute, so only pages that were measured
    one right after the other are held against each other.
    """
    for found in sides:
        warm(found, found.pages[kind])
    turns: list[list[Turn]] = [[] for _ in sides]
    for _ in range(RUNS):
        for found, told in zip(sides, turns, strict=True):
            empty = measured(found.server, found.pages["empty"], SECONDS)
            told.append(Turn(measured(found.server, found.pages[kind], SECONDS), empty))
    return turns


def _median(turns: list[Turn], name: str) -> float:
    return median(getattr(turn.cost, name) for turn in turns)


def _row(kind: str, turns: list[Turn], one: list[Turn], queries: int) -> str:
    """Shares and multiples of the empty page of the same turn; growth against the small site."""
    share = 100 * median(turn.share for turn in turns)
    times = median(turn.times for turn in turns)
    growth = median(small.share / turn.share for turn, small in zip(turns, one, strict=True))
    return (
        f"{kind:22}{_median(turns, 'throughput'):9.0f}{share:8.0f} %{_median(turns, 'cpu'):9.1f}"
        f"{_median(turns, 'latency'):9.1f}{times:9.1f}{growth:10.2f}{queries:9}"
    )


def _heading(plans: int) -> str:
    return (
        f"\n{plans} plan{'s' if plans > 1 else ''}\n{'':22}{'pages/s':>9}{'of empty':>10}"
        f"{'CPU ms':>9}{'alone ms':>9}{'x empty':>9}{'x 1 plan':>10}{'queries':>9}"
    )


def tell(sides: list[Found]) -> None:
    """Measure everything and print one table for each installation."""
    found = {kind: compare(kind, sides) for kind in sides[0].pages}
    for n, plans in enumerate((1, PLANS)):
        print(_heading(plans))
        for kind, turns in found.items():
            queries = sides[n].queries["large"].get(kind, 0)
            print(_row(kind, turns[n], turns[0], queries))
        print(f"{'validate a report':22}{sides[n].validation['ms']:36.1f}", end="")
        print(f"{int(sides[n].validation['queries']):28}")
    print("\nThe first reader of a page, ms alone")
    for kind in ("home", "overview", "indicator", "report form", "review page"):
        print(f"{kind:22}" + "".join(f"{cold(side, kind):12.1f}" for side in sides))


def tell_queries(found: Found) -> None:
    """The same page with a third of the indicators and a fifth of the quarters."""
    print(f"\n{'Queries':22}{'20 indicators, 4 quarters':>28}{'60, 20':>10}")
    for kind, number in found.queries["large"].items():
        print(f"{kind:22}{found.queries['small'][kind]:28}{number:10}")


def _stop(*_signal: object) -> None:
    """Asked to end, it ends its servers first."""
    sys.exit(1)


def main() -> None:
    signal.signal(signal.SIGTERM, _stop)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    print(f"PostgreSQL, gunicorn with 2 sync workers, {THREADS} readers, medians of {RUNS} runs")
    print(f"of {SECONDS:g} s, {machine()}")
    with TemporaryDirectory() as temporary:
        folder = Path(os.environ.get("BENCH_FOLDER", temporary))
        many = os.environ.get("BENCH_MANY_URL") or _database("many")
        one = Site("one", os.environ["DATABASE_URL"], folder / "one", PORT)
        more = Site("many", many, folder / "many", PORT + 1)
        seed(one, 1)
        seed(more, PLANS)
        with serving(one) as first, serving(more) as second:
            sides = [look_at(server) for server in (first, second)]
            for found in sides:
                found.pages["empty"] = [Page(EMPTY)]
            tell(sides)
            tell_queries(sides[1])


if __name__ == "__main__":
    main()
