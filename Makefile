# Every command a person types. `make` lists them.
PYTHON ?= .venv/bin/python

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

check:  ## what CI runs besides the tests: contracts, lint, types
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -c "from importlinter.cli import lint_imports_command as lint; lint()" --config contracts.ini --no-cache
	$(PYTHON) -m mypy

	$(PYTHON) manage.py generated_docs --check

docs:  ## write docs/generated anew from the code
	$(PYTHON) manage.py generated_docs

verify-audit:  ## prove that the audit log is what was sealed, or name the first place where not
	$(PYTHON) manage.py verify_audit

.PHONY: help check docs verify-audit
