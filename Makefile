# Needs Python 3.11 or later with venv, and make; the rest is installed into .venv.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
# What an installer says is of interest only when it fails.
quietly = $(1) > $(VENV)/install.log 2>&1 || { cat $(VENV)/install.log; exit 1; }

# The tests start some fifty processes; each would compile anew what none is allowed to write down.
TESTS   = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help install dev demo test check format bench quality fuzz schema constraints clean

help:  ## list the targets
	@echo "make TARGET, where TARGET is one of:"
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "syndicator needs Python 3.11 or later; say which: make PYTHON=python3.12"; exit 1; }
	@echo "installing syndicator into $(VENV); it takes a minute, once ..."
	@$(PYTHON) -m venv $(VENV)
	@$(call quietly,$(PIP) install --constraint constraints.txt --editable .)
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "installing what the tests need into $(VENV) ..."
	@$(call quietly,$(PIP) install --constraint constraints.txt --editable '.[dev]')
	@touch $@

install: $(VENV)/.installed  ## make .venv and install syndicator into it

dev: $(VENV)/.installed-dev  ## the same, with what the tests need

demo: $(VENV)/.installed  ## the whole line once, on the bundled newsroom, into demo/
	@$(BIN)/syndicator demo

test: $(VENV)/.installed-dev  ## the whole test suite
	@$(TESTS)

check: $(VENV)/.installed-dev  ## format, lint, types, import floors, tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(TESTS)

format: $(VENV)/.installed-dev  ## put the code into its usual form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/.installed-dev  ## measure, side by side with the peers; needs nginx
	@$(call quietly,$(PIP) install --constraint constraints.txt --editable '.[dev,bench]')
	@for file in benchmarks/bench_*.py; do $(BIN)/python $$file || exit 1; done

quality: $(VENV)/.installed-dev  ## how rightly things are tagged, and gathered into stories
	@$(BIN)/python benchmarks/quality.py
	@$(BIN)/python benchmarks/quality_stories.py

fuzz: $(VENV)/.installed-dev  ## look for bytes that the reader does not survive, for SECONDS=60
	@$(call quietly,$(PIP) install --constraint constraints.txt --editable '.[dev,fuzz]')
	@$(BIN)/python tests/fuzz/fuzz_feeds.py -max_total_time=$(or $(SECONDS),60)

schema: $(VENV)/.installed  ## write feeds.schema.json anew
	@$(BIN)/syndicator schema > feeds.schema.json

constraints: $(VENV)/.installed-dev  ## write constraints.txt anew: names and versions only
	@$(call quietly,$(PIP) install --editable '.[dev,bench,fuzz]')
	@$(BIN)/python -m pip freeze --exclude-editable | grep -v '^syndicator' > constraints.txt

clean:  ## remove what demo and the tests made
	@rm -rf demo .fuzz .pytest_cache .mypy_cache .ruff_cache .hypothesis
