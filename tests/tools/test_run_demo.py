"""`make run`: the port, what is done once only, and how the server is told of."""

import os
import runpy
import socket
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tools import run_demo
from tools.run_demo import collect_static, refuse_taken, static_fingerprint

HERE = "127.0.0.1"


def refusal(port: str) -> str:
    with pytest.raises(SystemExit) as ended:
        refuse_taken(port)
    return str(ended.value.code)


@pytest.fixture
def free() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    "port",
    ["", " ", "0", "-1", "65536", "99999999999", "8000.0", "80 00", "http", "8000;", "0x1F90"],
)
def test_what_is_no_port_is_told(port: str) -> None:
    assert refusal(port) == f"PORT is {port}; it must be a number from 1 to 65535."


def test_a_free_port_is_taken_and_given_back(free: int) -> None:
    refuse_taken(str(free))
    refuse_taken(str(free))
    with socket.socket() as server:
        server.bind((HERE, free))


def test_a_port_somebody_listens_on_is_refused_with_another_to_try() -> None:
    with socket.socket() as other:
        other.bind((HERE, 0))
        other.listen()
        port = other.getsockname()[1]
        assert refusal(str(port)) == (
            f"Port {port} cannot be used (Address already in use)."
            f" Try: make run PORT={port % 65535 + 1}"
        )
    refuse_taken(str(port))


def test_a_port_on_which_a_talk_has_just_ended_counts_as_free() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((HERE, 0))
        server.listen()
        port = server.getsockname()[1]
        client.connect((HERE, port))
        talk, _from = server.accept()
        talk.close()
    refuse_taken(str(port))


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names `main` sets, put back afterwards."""
    for name in ("PORT", "DEMO", "DEBUG", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.setenv(name, os.environ.get(name, "?"))
    monkeypatch.delenv("PORT")


def test_a_taken_port_ends_it_before_anything_is_made(
    environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket() as other:
        other.bind((HERE, 0))
        other.listen()
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        with pytest.raises(SystemExit) as ended:
            run_demo.main()
    assert "Try: make run PORT=" in str(ended.value.code)
    assert (os.environ["DEMO"], os.environ["DEBUG"]) == ("1", "0")
    assert list(tmp_path.iterdir()) == []


def test_the_port_is_8000_where_none_is_named(
    environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class AskedError(Exception):
        pass

    def asked(self: socket.socket, address: tuple[str, int]) -> None:
        raise AskedError(address)

    monkeypatch.setattr(socket.socket, "bind", asked)
    with pytest.raises(AskedError) as found:
        run_demo.main()
    assert found.value.args == ((HERE, 8000),)


@pytest.fixture
def statics(tmp_path: Path, settings: object) -> Path:
    """One folder with one static file, and a place to collect it into."""
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "a.css").write_text("a {}")
    settings.STATICFILES_FINDERS = [  # type: ignore[attr-defined]
        "django.contrib.staticfiles.finders.FileSystemFinder"
    ]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {"staticfiles": plain}  # type: ignore[attr-defined]
    settings.STATIC_ROOT = tmp_path / "collected"  # type: ignore[attr-defined]
    settings.STATICFILES_DIRS = [folder]  # type: ignore[attr-defined]
    assert [finder.locations for finder in finders.get_finders()] == [[("", folder)]]  # type: ignore[attr-defined]
    return folder


def test_static_files_are_collected_once_and_again_when_one_changed(
    statics: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "collected"
    root.mkdir()
    collect_static(root)
    assert (root / "a.css").read_text() == "a {}"
    assert capsys.readouterr().out == "Collecting the static files\n"
    (root / "a.css").unlink()
    collect_static(root)
    assert (capsys.readouterr().out, (root / "a.css").exists()) == ("", False)
    (statics / "a.css").write_text("a { color: red }")
    collect_static(root)
    assert (root / "a.css").read_text() == "a { color: red }"
    assert capsys.readouterr().out == "Collecting the static files\n"


def test_a_collection_that_failed_is_made_again(statics: Path, tmp_path: Path) -> None:
    root = tmp_path / "collected"
    root.write_text("a file where the folder should be")
    with pytest.raises(OSError, match=r"."):
        collect_static(root)
    root.unlink()
    root.mkdir()
    collect_static(root)
    assert sorted(path.name for path in root.iterdir()) == [".collected", "a.css"]


def test_the_fingerprint_tells_a_new_a_changed_a_renamed_and_a_removed_file(statics: Path) -> None:
    seen = [static_fingerprint()]
    assert static_fingerprint() == seen[0]

    def now_another() -> None:
        seen.append(static_fingerprint())
        assert len(set(seen)) == len(seen)

    (statics / "b.js").write_text("b()")
    now_another()
    (statics / "b.js").write_text("b( )")
    now_another()
    (statics / "b.js").rename(statics / "c.js")
    now_another()
    os.utime(statics / "c.js", (10_000, 10_000))
    now_another()
    (statics / "c.js").unlink()
    assert static_fingerprint() == seen[0]


@pytest.mark.parametrize("port", ["8000", "8123"])
def test_the_server_is_told_of_by_its_address(
    port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", port)
    server = runpy.run_path(str(run_demo.ROOT / "tools" / "demo_server.py"))
    assert server["bind"] == f"{HERE}:{port}"
    server["when_ready"](None)
    server["on_exit"](None)
    assert capsys.readouterr().out == (
        f"\nOpen http://{HERE}:{port} in a browser. Ctrl-C ends it; what was entered stays.\n"
        "\nStopped.\n"
    )
