# Everything that a person or CI does with this repository. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:

# The first Python 3.11 of this machine; env.py says what to type when there is none.
PYTHON ?= $(shell for p in python3.11 /usr/bin/python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && { echo $$p; exit; }; done; echo python3)
PY := .venv/bin/python
APPS := core lms supervision credentials cms config
WORKERS ?= 2
# One test at a time to whoever is free: the long ones stand together, and one worker would have them all.
PYTEST := $(PY) -m pytest -n $(WORKERS) --maxschedchunk=1
# The tests choose their databases and caches themselves, whatever the shell they are started from says.
CLEAN := env -u DATABASE_URL -u REDIS_URL -u TEST_REDIS_URL -u PRODUCTION

.PHONY: help
help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- Set up and run ---------------------------------------------------------------------------------------

.PHONY: env
env:  ## make .venv with everything to run, test and check
	@$(PYTHON) scripts/env.py dev
	@$(PY) -m scripts.compile_words

.PHONY: env-prod
env-prod:  ## make .venv with only what a server needs
	@$(PYTHON) scripts/env.py prod
	@$(PY) -m scripts.compile_words

.PHONY: run
run: env  ## start the site with demo data on http://127.0.0.1:8000 (PORT=… to change)
	@exec $(PY) manage.py up

.PHONY: needs
needs: env  ## install the programs that the tests drive (browser, databases, fonts)
	@$(PY) -m scripts.needs

# --- Test -------------------------------------------------------------------------------------------------

.PHONY: test
test: env needs  ## everything: SQLite with the browser journeys, then PostgreSQL and Redis
	@echo "== SQLite, with browser journeys =="
	@$(CLEAN) $(PYTEST)
	@echo "== PostgreSQL and Redis, without the browser =="
	@$(CLEAN) $(PY) -m tests.servers $(PYTEST) -m "not journey"

.PHONY: test-fast
test-fast: env  ## SQLite, without the browser
	@$(CLEAN) $(PYTEST) -m "not journey"

.PHONY: bench
bench: env  ## measure pages, tables, rushes and certificates against their budgets
	@$(PY) manage.py bench

# --- Check ------------------------------------------------------------------------------------------------

.PHONY: check
check: env needs format lint types contracts templates migrations translations vendored test  ## the whole gate, as CI runs it

.PHONY: format
format: env  ## is the code formatted?
	@.venv/bin/ruff format --check .

.PHONY: lint
lint: env  ## ruff's rules
	@.venv/bin/ruff check .

.PHONY: types
types: env  ## mypy
	@$(CLEAN) .venv/bin/mypy $(APPS) scripts tests/servers.py

.PHONY: contracts
contracts: env  ## who may import whom
	@.venv/bin/lint-imports --show-timings

.PHONY: templates
templates: env  ## djlint's rules and our own for a strict CSP
	@.venv/bin/djlint --lint --quiet $(APPS)

.PHONY: migrations
migrations: env  ## do the migrations say what the models say?
	@$(CLEAN) $(PY) manage.py check
	@$(CLEAN) $(PY) manage.py makemigrations --check --dry-run

.PHONY: translations
translations: needs  ## is every text translated?
	@$(PY) -m scripts.collect_words --check

.PHONY: vendored
vendored: env  ## are the vendored files as listed?
	@$(PY) -c 'import sys; from pathlib import Path; from core.ui.vendored import ROOT, problems; \
	found = [line for root in (ROOT, Path("credentials/badges/vendor")) for line in problems(root)]; sys.exit("\n".join(found) or None)'

# --- Write ------------------------------------------------------------------------------------------------

.PHONY: fmt
fmt: env  ## format the code and mend what ruff can mend
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

.PHONY: words
words: needs  ## collect the texts of all apps into their catalogues, and list what wants a translation
	@$(PY) -m scripts.collect_words; $(PY) -m scripts.compile_words

.PHONY: docs
docs: env  ## draw docs/architecture.md from the contracts and the states
	@$(PY) -m scripts.draw_docs

.PHONY: locks
locks:  ## compile the lock files from pyproject.toml
	@$(PYTHON) scripts/env.py locks

.PHONY: clean
clean:  ## remove caches and compiled words; the data in var/ stays
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results
	@find $(APPS) tests scripts -name __pycache__ -prune -exec rm -rf {} +
	@find $(APPS) -name '*.mo' -delete
