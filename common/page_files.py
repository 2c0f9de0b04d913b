"""A cache in files that workers share: bounded, private to its owner, and never unpickled.

Django's own file cache lists its whole folder before each write and unpickles what it finds. Here
the folder is looked through once in a while, and a file that is damaged, or is none of ours, is as
good as not there.
"""

import json
import os
import time
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

ENDING = ".page"
LOOKED_THROUGH_EVERY = 200
"""After so many writes of a process old files are removed, so the bound is passed by a few."""

NEAR = 100
"""So many values each process also keeps unpacked: some 10 MB of pages."""


class PageFiles(BaseCache):
    """Values are what JSON holds. `MAX_ENTRIES` files stay; the least recently made go first."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.folder = Path(location)
        self._near: OrderedDict[Path, tuple[tuple[int, ...], Any]] = OrderedDict()
        self._writes = os.getpid() % LOOKED_THROUGH_EVERY  # workers take turns

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        path = self._path(key, version)
        try:
            until, value = self._read(path)
            fresh = until is None or until > time.time()
        except (OSError, zlib.error, ValueError, TypeError):
            return default
        return value if fresh else default

    def _read(self, path: Path) -> Any:
        """What the file says; as long as it is the same file, it is not unpacked again."""
        found = path.stat()
        mark = (found.st_mtime_ns, found.st_size, found.st_ino)
        near = self._near.get(path)
        if near is not None and near[0] == mark:
            return near[1]
        told = json.loads(zlib.decompress(path.read_bytes()))
        self._near[path] = (mark, told)
        while len(self._near) > NEAR:
            self._near.popitem(last=False)
        return told

    def set(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        """Store it; where the disk refuses it is not stored, and that is all."""
        until = self.get_backend_timeout(timeout)
        data = zlib.compress(json.dumps([until, value]).encode(), 6)
        with suppress(OSError):
            self._write(self._path(key, version), data)
            self._writes += 1
            if self._writes % LOOKED_THROUGH_EVERY == 0:
                self.cull()

    def add(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        missing = object()
        if self.get(key, missing, version) is not missing:
            return False
        self.set(key, value, timeout, version)
        return True

    def touch(
        self,
        key: str,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        missing = object()
        value = self.get(key, missing, version)
        if value is missing:
            return False
        self.set(key, value, timeout, version)
        return True

    def delete(self, key: str, version: int | None = None) -> bool:
        try:
            self._path(key, version).unlink()
        except OSError:
            return False
        return True

    def clear(self) -> None:
        for _made, path in self._made():
            path.unlink(missing_ok=True)

    def cull(self) -> None:
        """Remove what is older than a value lives, and the oldest beyond the bound."""
        oldest_first = sorted(self._made())
        limit = time.time() - self.default_timeout if self.default_timeout else 0
        beyond = len(oldest_first) - self._max_entries
        for place, (made, path) in enumerate(oldest_first):
            if place < beyond or made < limit:
                path.unlink(missing_ok=True)

    def _made(self) -> Iterator[tuple[float, Path]]:
        """When each file was made."""
        if not self.folder.is_dir():
            return
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.endswith(ENDING):
                    with suppress(FileNotFoundError):  # another worker removed it
                        yield entry.stat().st_mtime, Path(entry.path)

    def _path(self, key: str, version: int | None) -> Path:
        name = sha256(self.make_and_validate_key(key, version=version).encode()).hexdigest()
        return self.folder / f"{name}{ENDING}"

    def _write(self, path: Path, data: bytes) -> None:
        """Whole or not at all: a reader never sees half a file."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self.folder, delete=False) as file:
            try:
                file.write(data)
                file.flush()
                Path(file.name).replace(path)
            except OSError:
                Path(file.name).unlink(missing_ok=True)
                raise
