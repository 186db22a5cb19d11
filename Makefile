# Every command a person types. `make` lists them.
PYTHON ?= .venv/bin/python

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

check:  ## what CI runs besides the tests: contracts, lint, types
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -c "from importlinter.cli import lint_imports_command as lint; lint()" --config contracts.ini --no-cache
	$(PYTHON) -m mypy

.PHONY: help check
