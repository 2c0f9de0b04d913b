"""A plain load: threads that ask for one page after the other, each on a new connection."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from itertools import cycle, islice
from statistics import median

from benchmarks.pages_server import Server

THREADS = 4
TOKEN = "x" * 32


@dataclass(frozen=True)
class Page:
    """An address, the session of who asks, and whether she is given no page that was kept."""

    path: str
    session: str = ""
    anew: bool = False


@dataclass(frozen=True)
class Cost:
    """Of one kind of page: pages a second under load, and for one page the server's CPU time
    under load and the time from question to answer without load, in milliseconds."""

    throughput: float
    cpu: float
    latency: float


def get(port: int, page: Page) -> float:
    """Ask for a page, read it whole, and say how many milliseconds that took."""
    started = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    cookies = f"sessionid={page.session}; csrftoken={TOKEN}"  # as a browser has them
    headers = {"Cookie": cookies} if page.session else {}
    if page.anew:  # as a script asks, whose answers are never kept
        headers["HX-Request"] = "true"
    connection.request("GET", page.path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{page.path} answered {answer.status}.")
    return 1000 * (time.perf_counter() - started)


def one_by_one(port: int, pages: Sequence[Page]) -> float:
    """The median of milliseconds a page."""
    return median(get(port, page) for page in pages)


def _until(port: int, pages: Sequence[Page], end: float) -> int:
    done = 0
    for page in cycle(pages):
        if time.perf_counter() >= end:
            break
        get(port, page)
        done += 1
    return done


def together(server: Server, pages: Sequence[Page], seconds: float) -> Cost:
    """Throughput of `THREADS` readers, each beginning at another page."""
    port, before, started = server.site.port, server.cpu(), time.perf_counter()
    shares = [
        [*islice(pages, n * len(pages) // THREADS, None), *pages[: n * len(pages) // THREADS]]
        for n in range(THREADS)
    ]
    with ThreadPoolExecutor(THREADS) as readers:
        counts = readers.map(lambda share: _until(port, share, started + seconds), shares)
        done = sum(counts)
    spent = time.perf_counter() - started
    return Cost(done / spent, 1000 * (server.cpu() - before) / max(done, 1), 0)


def alone(port: int, pages: Sequence[Page], seconds: float) -> float:
    """The median of milliseconds a page when one is asked for after the other, for a while."""
    end, found = time.perf_counter() + seconds, []
    for page in cycle(pages):
        found.append(get(port, page))
        if time.perf_counter() >= end:
            break
    return median(found)


def measured(server: Server, pages: Sequence[Page], seconds: float) -> Cost:
    """One turn: some seconds of readers together, and half as many of one alone."""
    cost = together(server, pages, seconds)
    return replace(cost, latency=alone(server.site.port, pages, seconds / 2))
