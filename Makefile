# Every command a person types. `make` lists them.
PYTHON3 ?= python3
PYTHON ?= .venv/bin/python
LAUNCH = $(PYTHON) -m dinh.website.launch
export DINH_PORT DINH_HOST DINH_DATA_DIR DATABASE_URL FORCE

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

up: installed  ## open the province: install, database, sample, web, worker (DINH_PORT=8000)
	@exec $(LAUNCH) up

stop:  ## close a province that runs in this folder
	@$(LAUNCH) stop

reset: installed  ## remove all its data, after asking (FORCE=1 does not ask)
	@$(LAUNCH) reset

installed:
	@$(PYTHON3) tools/bootstrap.py

check:  ## what CI runs besides the tests: contracts, lint, types, generated documents
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -c "from importlinter.cli import lint_imports_command as lint; lint()" --config contracts.ini --no-cache
	$(PYTHON) -m mypy
	$(PYTHON) manage.py generated_docs --check

docs:  ## write docs/generated anew from the code
	$(PYTHON) manage.py generated_docs

verify-audit:  ## prove that the audit log is what was sealed, or name the first place where not
	$(PYTHON) manage.py verify_audit

.PHONY: help up stop reset installed check docs verify-audit
