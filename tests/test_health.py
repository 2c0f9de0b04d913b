"""What a monitor hears when it asks how the system is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from tests.inspection import ROOT

NEWEST = "0006_money"

ASK = """
import django, json
django.setup()
from django.test import Client
answer = Client(headers={"host": "localhost"}).get("/healthz")
print(json.dumps([answer.status_code, answer.json()]))
"""


def test_all_is_well(db: None, client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "reason": ""}
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_migration_that_waits_is_named(db: None, client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("reports", NEWEST)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "fault"
    told = f"migrations are not applied; the first is reports.{NEWEST}"
    assert told in answer.json()["reason"]


@pytest.mark.parametrize(
    "address",
    ["sqlite:///{folder}/missing/db.sqlite3", "postgres://nap@127.0.0.1:1/nap"],
)
def test_a_database_that_does_not_answer_is_told(tmp_path: Path, address: str) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "nap_monitor.settings",
        "DATABASE_URL": address.format(folder=tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    status, told = json.loads(done.stdout)
    assert status == 503
    assert told == {
        "status": "fault",
        "reason": "The database does not answer: OperationalError.",
    }
