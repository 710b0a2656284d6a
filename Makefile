# Every target needs only python3 (3.11 or newer, with venv) and make; the rest goes into .venv
# (what `make bench` compares with, into .venv-bench).

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
PACKAGES := orchestration sources transforms warehouse
LOCK := $(PY) -m uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --no-annotate

# One more than cores: tests of the UI mostly wait for Dagster's daemon.
WORKERS ?= $(shell expr $$(nproc) + 1)

.DEFAULT_GOAL := help
.PHONY: help setup run test ui up lint bench soak dictionary expectations screenshots lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

setup: $(READY) ## the virtual environment with the pinned requirements and byte-code
	@:

# What pip says is kept in a log and shown only when something went wrong.
# --no-deps: the pinned file names every package, and `pip check` afterwards says if one were missing.
# Byte-code is compiled on all cores afterwards, which is faster than pip doing it file by file.
$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; v >= (3, 11) or sys.exit("fazhi needs Python 3.11 or newer, but $(PYTHON) is %d.%d. Install one and say: make PYTHON=python3.11" % v[:2])'
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) could not make $(VENV): install its venv module (Debian and Ubuntu: python3-venv)."; exit 1; }
	@echo "Setting up $(VENV) (once, about a minute) ..."
	@{ $(PY) -m pip install --quiet --no-compile --no-deps --require-hashes -r requirements-dev.txt \
		&& $(PY) -m pip install --quiet --no-compile --no-deps --no-build-isolation --editable . \
		&& $(PY) -m pip check; } > $(VENV)/setup.log 2>&1 || { cat $(VENV)/setup.log; exit 1; }
	@$(PY) -m compileall -q -j 0 $(VENV)/lib $(PACKAGES) > $(VENV)/compile.log 2>&1 || true
	@touch $(READY)

run: setup ## the whole job on the sample reports: take in, extract, build, check, publish
	@$(VENV)/bin/fazhi run sources/samples/reports

# In memory where there is room: tests write whole warehouses, and every step of theirs waits for the disk.
ROOMY := $(shell df --output=avail -k /dev/shm 2> /dev/null | awk 'NR == 2 && $$1 > 6000000 { print "TMPDIR=/dev/shm" }')

test: setup ## all tests
	@$(ROOMY) $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

ui: setup ## the Dagster UI on localhost, with the same assets and runs
	@$(VENV)/bin/fazhi ui

up: setup ## the same with schedules and sensors on
	@$(VENV)/bin/fazhi up

lint: setup ## ruff and mypy
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/mypy

bench: setup ## how fast the steps are, measured
	@$(PY) -m pytest -m bench -rs --benchmark-columns=min,median,rounds

soak: setup ## the whole job over and over: same content, nothing left behind, no growth
	@$(PY) -m pytest -m soak

dictionary: setup ## renew docs/dictionary.md from the comments of the schema
	@$(PY) -c 'from warehouse.dictionary import dictionary; print(dictionary(), end="")' > docs/dictionary.md

expectations: setup ## renew docs/expectations.md from the suites
	@$(PY) -c 'from warehouse.expectations.catalogue import catalogue; print(catalogue(), end="")' > docs/expectations.md

screenshots: setup ## renew the pictures of the Dagster UI in docs/images (needs Chromium)
	@$(PY) tests/screenshots.py

lock: setup ## pin what pyproject.toml asks for; UPGRADE=--upgrade takes the newest
	@$(PY) -m uv --version > /dev/null 2>&1 || $(PY) -m pip install --quiet uv
	@$(LOCK) $(UPGRADE) --extra dev --extra ocr --output-file requirements-dev.txt
	@$(LOCK) $(UPGRADE) --constraint requirements-dev.txt --output-file requirements.txt

clean: ## remove the environment and caches; data/ stays
	@rm -rf $(VENV) $(VENV)-bench .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks build dist *.egg-info
	@find $(PACKAGES) tests -name __pycache__ -type d -prune -exec rm -rf {} +
