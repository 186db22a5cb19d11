# Every command a person types. `make` lists them.
PYTHON3 ?= python3
PYTHON = .venv/bin/python
LAUNCH = $(PYTHON) -m dinh.website.launch
RUN = $(LAUNCH) run
LOCK = $(PYTHON) -m uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
export DINH_PORT DINH_HOST DINH_DATA_DIR DATABASE_URL FORCE

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

up: installed  ## open the province: install, database, sample, web, worker (DINH_PORT=8000)
	@exec $(LAUNCH) up

stop: installed  ## close the province that is open in this folder
	@$(LAUNCH) stop

reset: installed  ## remove all its data and start over, after asking (FORCE=1 does not ask)
	@$(LAUNCH) reset

sample: installed  ## fill the province with DOSSIERS=1000000 dossiers, for measuring
	@$(RUN) manage.py sample --dossiers $(or $(DOSSIERS),10000)

bench: installed-dev  ## measure, and write docs/benchmarks.md
	@$(RUN) -m bench

verify-audit: installed  ## prove that nobody changed the audit log
	@$(RUN) manage.py verify_audit

check: installed-dev  ## what CI asks besides the tests: style, contracts, types, generated docs, leaks
	@$(PYTHON) tools/check.py

docs: installed-dev  ## write docs/generated anew from the code
	@$(RUN) manage.py generated_docs

messages: installed-dev  ## gather marked sentences into the English catalogue
	@$(RUN) manage.py catalogue

test: installed-dev  ## all tests; TESTS=tests/launch for some
	@$(PYTHON) tools/test_needs.py
	@$(PYTHON) -m pytest -n $(or $(CORES),auto) --dist worksteal $(TESTS)

lock: installed-dev  ## write the locks anew from requirements/*.in
	$(LOCK) -o requirements/run.txt requirements/run.in
	$(LOCK) -o requirements/dev.txt requirements/dev.in

installed:
	@$(PYTHON3) tools/bootstrap.py

installed-dev:
	@$(PYTHON3) tools/bootstrap.py --dev

.PHONY: help up stop reset sample bench verify-audit check docs messages test lock installed installed-dev
