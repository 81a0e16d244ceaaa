# Everything a newcomer needs: `make demo` and `make test`. A machine needs only make, git and python3 (3.11 or later).
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
COMPILE = $(UV) pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11
INSTALL = $(UV) pip install --quiet --python $(BIN)/python --require-hashes
SPARK := $(shell command -v java >/dev/null 2>&1 && echo locks/spark.txt)

#: What must cover avtal; the rest is run without being traced, which is quicker.
AGREEMENT := tests/avtal tests/oracle tests/architecture
PLATFORM := tests/samverka tests/faults
PYTEST := $(BIN)/pytest -n auto --dist worksteal

.PHONY: help setup demo settle test check bench format lock docs clean

help:  ## Show this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit("samverka needs Python 3.11 or later, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@echo "Preparing $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.run: $(UV) locks/run.txt pyproject.toml
	@$(INSTALL) -r locks/run.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run locks/dev.txt $(SPARK)
	@$(INSTALL) -r locks/dev.txt $(if $(SPARK),-r $(SPARK))
	@touch $@

$(VENV)/.bench: $(VENV)/.dev locks/bench.txt
	@$(PYTHON) -m venv $(VENV)/bench
	@$(UV) pip install --quiet --python $(VENV)/bench/bin/python --require-hashes -r locks/bench.txt
	@touch $@

setup: $(VENV)/.dev  ## Make .venv and install everything that tests and checks need

demo: $(VENV)/.run  ## Serve the county with half a year of example work: http://localhost:8000/
	@$(BIN)/samverka demo

settle: $(VENV)/.run  ## Settle a half-year's folder of files and show how every krona came about
	@$(BIN)/samverka settle examples/jamtland-2025-h2 --period 2025H2 --out build/settle

test: $(VENV)/.dev  ## Run every test, the platform's on SQLite and on PostgreSQL
	@$(PYTEST) --cov --cov-report=term $(AGREEMENT)
	@$(PYTEST) $(AGREEMENT:%=--ignore=%)
	@$(BIN)/python -m tests.on_postgres $(PYTEST) $(PLATFORM)

check: $(VENV)/.dev  ## Lint, types, layers, the agreement's own check, then every test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/samverka check
	@$(MAKE) --no-print-directory test

bench: $(VENV)/.bench  ## Measure, as ratios against a peer or a floor in the same run
	@$(BIN)/python -m benchmarks

format: $(VENV)/.dev  ## Format the code
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .

docs: $(VENV)/.dev  ## Write docs/traceability.md and the outputs in README.md anew
	@$(BIN)/python -m tests.architecture.traceability
	@$(BIN)/python -m tests.architecture.readme

lock: $(UV)  ## Resolve the dependencies anew into locks/
	@$(COMPILE) pyproject.toml -o locks/run.txt
	@$(COMPILE) pyproject.toml --group test --group check -c locks/run.txt -o locks/dev.txt
	@$(COMPILE) pyproject.toml --extra spark -c locks/run.txt -o locks/spark.txt
	@$(COMPILE) --group bench -o locks/bench.txt

clean:  ## Remove everything that can be made again
	@rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
