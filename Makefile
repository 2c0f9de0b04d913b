# One command for each thing a person wants to do here. `make help` lists them.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
# Two workers: what the smallest machine of ours has as cores. Each begins with a half of its own, so
# that what a module's tests share is made once, and takes from the other what is left at the end.
WORKERS ?= 2
BESIDE := -n $(WORKERS) --dist worksteal
# Tests never read .env, and never see the database of `make run`.
CLEAN := ENV_FILE=/dev/null ENVIRONMENT=development DEMO=0 DEBUG=0 ALLOWED_HOSTS=127.0.0.1,localhost VAR_DIR=var/test
PYTEST := $(PY) -m pytest -p tools.counting -q

export PORT
.DEFAULT_GOAL := help
.PHONY: help run test test-postgres test-browser test-office bench-excel bench-excel-in bench-hostile bench-pages lint format messages compile install dev constraints clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

run: install  ## Set everything up and serve the demonstration on http://127.0.0.1:8000 (PORT changes it)
	@$(PY) -m tools.run_demo

test: dev compile  ## Run the tests on SQLite: no server, no browser
	@$(CLEAN) DATABASE_URL=sqlite:///var/test/db.sqlite3 SUITE=sqlite $(PYTEST) $(BESIDE)

test-postgres: dev compile  ## Run the same tests, and the races, on a PostgreSQL of their own, removed afterwards
	@$(CLEAN) SUITE=postgres tools/with_postgres.sh $(PYTEST) $(BESIDE) -o 'norecursedirs=.* var journeys office'

test-browser: dev compile  ## Walk through a whole quarter in Chromium, and race two people to a real server
	@$(CLEAN) DATABASE_URL=sqlite:///var/test/db.sqlite3 SUITE=browser $(PYTEST) tests/journeys tests/races

test-office: dev compile  ## Send 300 reports out as workbooks and back, through LibreOffice too
	@$(CLEAN) DATABASE_URL=sqlite:///var/test/db.sqlite3 SUITE=office $(PYTEST) tests/office

lint: dev compile  ## Check style, types, templates, migrations, production settings, translations
	@$(PY) -m tools.lint

bench-excel: dev  ## Measure what a large table costs as workbook, beside CSV and the stock exporter
	@$(CLEAN) $(PY) -m benchmarks.excel_out

bench-excel-in: dev  ## Measure what bringing in 20,000 earlier figures costs, beside the stock importer
	@$(CLEAN) $(PY) -m benchmarks.excel_in

bench-hostile: dev  ## Measure what refusing each hostile file costs (BENCH_RUNS: runs of each, 5)
	@$(CLEAN) $(PY) -m benchmarks.hostile_files

bench-pages: dev compile  ## Measure pages with 1 and 100 plans beside an empty one (BENCH_PLANS: fewer), on PostgreSQL
	@$(CLEAN) tools/with_postgres.sh $(PY) -m benchmarks.pages

format: dev  ## Put the Python files into the one form, and mend what can be mended safely
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

messages: dev  ## Collect the texts to translate into locale/ (Debian: apt install gettext)
	@$(PY) -m tools.messages

compile: install
	@$(PY) -m tools.compile_messages

install: $(VENV)/installed

dev: $(VENV)/installed-dev

constraints: requirements.txt requirements-dev.txt  ## Pin anew what the requirements need in turn
	@tools/constraints.sh "$(PYTHON)" > constraints.new && mv constraints.new constraints.txt

clean:  ## Remove the virtual environment and everything made by tests; entered data stays
	@rm -rf $(VENV) var/test .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/installed: requirements.txt constraints.txt
	@tools/install.sh "$(PYTHON)" $(VENV) requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements.txt requirements-dev.txt constraints.txt
	@tools/install.sh "$(PYTHON)" $(VENV) requirements-dev.txt
	@touch $(VENV)/installed $@
