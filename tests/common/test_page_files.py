"""Kept pages in files: bounded, whole or not there, and never trusted."""

import json
import os
import stat
import time
import zlib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from common.page_files import LOOKED_THROUGH_EVERY, NEAR, PageFiles

PAGE = {"body": "<p>ëçË €</p>", "headers": {"ETag": '"1"'}}


def files(folder: Path, **params: Any) -> PageFiles:
    return PageFiles(str(folder / "pages"), {"TIMEOUT": 60, **params})


def paths(folder: Path) -> list[Path]:
    return sorted((folder / "pages").iterdir())


@pytest.mark.parametrize("value", [PAGE, "text", 1, [], {}, "", False])
def test_what_was_set_is_read_by_another_worker(tmp_path: Path, value: Any) -> None:
    files(tmp_path).set("key", value)
    assert files(tmp_path).get("key") == value
    assert files(tmp_path).get("other", "none") == "none"
    assert "key" in files(tmp_path)


def test_only_the_owner_may_look_into_the_folder(tmp_path: Path) -> None:
    files(tmp_path).set("key", PAGE)
    assert stat.S_IMODE((tmp_path / "pages").stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in paths(tmp_path)] == [0o600]


def test_a_key_never_names_a_place(tmp_path: Path) -> None:
    files(tmp_path).set("../../outside", PAGE)
    assert [path.parent for path in tmp_path.rglob("*.page")] == [tmp_path / "pages"]


@pytest.mark.parametrize("timeout", [-1, 0])
def test_what_is_over_is_not_there(tmp_path: Path, timeout: int) -> None:
    files(tmp_path).set("key", PAGE, timeout)
    assert files(tmp_path).get("key") is None


def test_it_may_stay_without_an_end(tmp_path: Path) -> None:
    files(tmp_path).set("key", PAGE, None)
    assert files(tmp_path).get("key") == PAGE


def test_it_is_added_once_touched_and_deleted(tmp_path: Path) -> None:
    kept = files(tmp_path)
    assert [kept.add("key", 1), kept.add("key", 2), kept.get("key")] == [True, False, 1]
    assert [kept.touch("key", 0), kept.get("key"), kept.touch("key")] == [True, None, False]
    kept.set("key", 3)
    assert [kept.delete("key"), kept.delete("key"), kept.get("key")] == [True, False, None]


def test_it_is_cleared_and_leaves_what_is_not_its_own(tmp_path: Path) -> None:
    kept = files(tmp_path)
    kept.clear()
    kept.set("key", PAGE)
    (tmp_path / "pages" / "note.txt").write_text("mine")
    kept.clear()
    assert [path.name for path in paths(tmp_path)] == ["note.txt"]


DAMAGED = {
    "empty": b"",
    "text": b"no zlib",
    "no json": zlib.compress(b"{"),
    "no pair": zlib.compress(b"[1]"),
    "a number": zlib.compress(b"1"),
    "an object": zlib.compress(b'{"a": 1, "b": 2}'),
    "a time in words": zlib.compress(b'["soon", 1]'),
    "no utf-8": zlib.compress(b'[null, "\xff"]'),
    "a pickle": b"\x80\x04cos\nsystem\n",
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, damage: str) -> None:
    kept = files(tmp_path)
    kept.set("key", PAGE)
    [path] = paths(tmp_path)
    path.write_bytes(DAMAGED[damage])
    assert kept.get("key", "none") == "none"
    kept.set("key", PAGE)
    assert kept.get("key") == PAGE


def test_every_cut_and_every_turned_byte_is_found(tmp_path: Path) -> None:
    kept = files(tmp_path)
    kept.set("key", PAGE)
    [path] = paths(tmp_path)
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place])
        assert kept.get("key") is None
        turned = bytearray(whole)
        turned[place] ^= 0x55
        path.write_bytes(turned)
        assert kept.get("key") in (None, PAGE)


def test_a_folder_in_the_place_of_the_file_is_none(tmp_path: Path) -> None:
    kept = files(tmp_path)
    kept.set("key", PAGE)
    [path] = paths(tmp_path)
    path.unlink()
    path.mkdir()
    assert kept.get("key") is None
    kept.set("key", PAGE)
    assert [p for p in paths(tmp_path) if p.is_file()] == []


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("in the way")
    kept = files(tmp_path)
    kept.set("key", PAGE)
    assert kept.get("key") is None
    assert not kept.delete("key")


def test_what_is_no_json_is_a_mistake_of_ours(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        files(tmp_path).set("key", object())


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path) -> None:
    kept = files(tmp_path, OPTIONS={"MAX_ENTRIES": 3})
    for number in range(6):
        kept.set(f"key{number}", number)
        path = kept._path(f"key{number}", None)
        os.utime(path, (time.time() - 30 + number,) * 2)
    kept.cull()
    assert [kept.get(f"key{n}") for n in range(6)] == [None, None, None, 3, 4, 5]


def test_what_is_over_goes_although_nobody_asks_for_it(tmp_path: Path) -> None:
    kept = files(tmp_path)
    kept.set("old", 1)
    kept.set("new", 2)
    os.utime(kept._path("old", None), (time.time() - 61,) * 2)
    kept.cull()
    assert len(paths(tmp_path)) == 1
    assert kept.get("new") == 2


def test_the_folder_is_looked_through_once_in_many_writes(tmp_path: Path) -> None:
    kept = files(tmp_path, OPTIONS={"MAX_ENTRIES": 5})
    kept._writes = 0  # each process begins elsewhere
    numbers = []
    for number in range(2 * LOOKED_THROUGH_EVERY):
        kept.set(f"key{number}", number)
        numbers.append(len(paths(tmp_path)))
    falls = [n for n, (a, b) in enumerate(pairwise(numbers)) if b < a]
    assert len(falls) == 2
    assert falls[1] - falls[0] == LOOKED_THROUGH_EVERY
    assert max(numbers) <= LOOKED_THROUGH_EVERY + 5


def test_a_file_holds_json_and_nothing_that_runs(tmp_path: Path) -> None:
    files(tmp_path).set("key", PAGE, None)
    [path] = paths(tmp_path)
    assert json.loads(zlib.decompress(path.read_bytes())) == [None, PAGE]


def test_a_process_keeps_few_values_unpacked_and_sees_what_another_wrote(tmp_path: Path) -> None:
    kept, other = files(tmp_path), files(tmp_path)
    for number in range(NEAR + 5):
        kept.set(f"key{number}", number)
        assert kept.get(f"key{number}") == number
    assert len(kept._near) == NEAR
    other.set("key104", "newer")
    assert kept.get("key104") == "newer"
    other.delete("key104")
    assert kept.get("key104") is None
