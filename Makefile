# make demo and make test need Python 3.11 or newer and a package registry, nothing else.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export NO_MKDOCS_2_WARNING := 1

.PHONY: demo test test-full lint bench fuzz docs dist clean

demo: .venv/demo
	@echo "== examples/chatbot_finetune_dev: what the article began with =="
	@$(BIN)/conda-preflight audit examples/chatbot_finetune_dev; test $$? -eq 1
	@echo "== examples/chatbot_infer_prod: the same project done right =="
	@$(BIN)/conda-preflight audit examples/chatbot_infer_prod

test: .venv/test lint
	$(BIN)/pytest -n 2 --dist worksteal

test-full: .venv/test .venv/docs lint
	HYPOTHESIS_PROFILE=full $(BIN)/pytest -n 2 --dist worksteal -m "slow or not slow"

lint: .venv/test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: .venv/test
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.precision
	$(BIN)/python -m benchmarks.solving
	$(BIN)/python -m benchmarks.images
	$(BIN)/python -m benchmarks.vulnerabilities
	$(BIN)/python -m benchmarks.matching
	$(BIN)/python -m benchmarks.inventories

fuzz: .venv/fuzz
	nice -n 19 $(BIN)/python -m benchmarks.fuzz --all --seconds 600 --jobs 2

docs: .venv/docs
	$(BIN)/python -m docs.generate
	$(BIN)/mkdocs build --strict

dist: .venv/dist
	$(BIN)/python -m build

clean:
	rm -rf .venv site build dist

.venv/demo: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable .
	@touch $@

.venv/test: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable '.[test]'
	@touch $@ .venv/demo

.venv/docs: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable '.[docs]'
	@touch $@ .venv/demo

.venv/dist: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet 'build>=1.2'
	@touch $@

.venv/fuzz: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable '.[fuzz]'
	@touch $@ .venv/demo
