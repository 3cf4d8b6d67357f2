# `make run` runs it, `make test` checks it. Everything else is for developers.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run setup setup-test test lint types screenshots clean

run: setup
	@exec $(BIN)/python -m config.supervisor

setup: $(VENV)/.installed

setup-test: $(VENV)/.installed-test

$(VENV)/.installed: requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Yeojeong needs Python 3.11 or newer: make PYTHON=python3.11 …")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "[yeojeong] installing the packages of requirements.txt"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt
	@touch $@

$(VENV)/.installed-test: requirements-test.txt $(VENV)/.installed
	@echo "[yeojeong] installing what the checks need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-test.txt -c constraints.txt
	@$(BIN)/python -m tests.browser install
	@touch $@

lint: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint templates --lint --quiet

types: setup-test
	$(BIN)/mypy

test: lint types
	$(BIN)/python -m tests.halves
	$(BIN)/python -m pytest -m e2e

screenshots: setup-test
	$(BIN)/python -m tests.e2e.screenshots

clean:
	rm -rf $(VENV) var
