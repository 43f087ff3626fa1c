# Two commands matter: `make up` (a running newsroom on this machine) and `make test` (everything that CI runs).
# Everything is installed into .venv/ and everything that runs keeps its state in .broadsheet/.
SHELL := /bin/sh
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
# A worker for each processor; tests of a file stay together, since they share servers and models. One thread of
# linear algebra each: more would only wait for one another.
PARALLEL := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/pytest -q -n logical --maxprocesses=8 --dist loadfile --no-loadscope-reorder
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

install: .venv/.installed ## install what is locked into .venv/

.venv/.installed: requirements.lock requirements.uv.lock pyproject.toml
	@sh scripts/check_machine.sh "$(PYTHON)"
	@echo "Installing into .venv/ (about 200 packages, 300 MB; a minute on a good line) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv --without-pip .venv
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null 2>&1 || $(BIN)/python scripts/get_pip.py .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.uv.lock
	@if [ -x $(BIN)/broadsheet ]; then $(BIN)/broadsheet down || true; fi # never change packages under running processes
	VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes requirements.lock requirements.uv.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps -e .
	@touch $@

up: install ## start S3 and Airflow, bring out the sample issue, print where to look
	@$(BIN)/broadsheet up

down: ## stop what `make up` started
	@if [ -x $(BIN)/broadsheet ]; then $(BIN)/broadsheet down; else echo "Nothing is installed here, so nothing runs."; fi

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/ruff check dags plugins --select AIR
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/deptry .
	$(BIN)/python scripts/prose.py

unit: install ## the tests that start no server and no browser, and how long the slowest took
	$(PARALLEL) -m "not system and not browser and not slow" --durations=10

test: install lint docs cover ## everything that CI runs: lint, types, documentation, tests with coverage, then those that need a whole Airflow
	$(BIN)/pytest -m "system and not day" --durations=25

day: install ## an operator's day on PostgreSQL and two Celery workers: steps and times, five to fifteen minutes
	$(BIN)/pytest tests/system/test_day.py -s

cover: install ## all tests that need no whole Airflow, which lines of the core and of delivery they miss, and whether these are too many
	$(PARALLEL) -m "not system" --durations=25 --cov --cov-report=term:skip-covered

docs: install ## build the documentation into .broadsheet/site/ and check its links
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

fuzz: install ## chance against intake, restoring, rendering and the gate: half an hour of processor time, finds are printed
	$(BIN)/python -m tests.fuzz.fuzz --seconds 1800

soak: install ## kill, fill and step for 55 minutes, with and without Airflow; a table at the end
	$(BIN)/python -m tests.soak.soak

bench: install ## run all benchmarks and write docs/benchmarks.md; 25 minutes at most, with nothing else beside
	$(BIN)/python benchmarks/report.py

lock: ## take newer versions of all dependencies
	$(BIN)/uv lock --upgrade
	$(BIN)/uv export --quiet --no-emit-project --no-annotate --no-header --all-groups --all-extras --output-file requirements.lock
	$(BIN)/uv export --quiet --no-emit-project --no-annotate --no-header --no-dev --extra server --extra lineage --output-file requirements.server.lock
	echo uv | $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate --output-file requirements.uv.lock -

clean: down ## remove all that was installed and all state
	rm -rf .venv .broadsheet

.PHONY: help install up down lint unit cover day test docs fuzz soak bench lock clean
