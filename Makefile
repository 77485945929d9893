# Two commands on a fresh machine with Python 3.11 and make: `make run`, `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/.ready
export DO_NOT_TRACK = 1
export GX_ANALYTICS_ENABLED = false

.PHONY: setup run test test-fast check bench bench-identity bench-release ckan dev clean
SITE := pipelines/site/vendor/.sidik
setup: $(READY) $(SITE)

# What the pages bring along from npm; without a registry the site has no SQL page, and says so.
$(SITE): $(addprefix pipelines/site/,package.json package-lock.json .npmrc pack.cjs) | $(READY)
	@if $(BIN)/python -m pipelines.site; then touch $@; fi

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
	  || { echo "Python 3.11 is needed; $(PYTHON) is another version. Try: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Setting up .venv (once, about a minute) ..."
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: setup  ## the whole night on the sample province; 0 and 3 are both a finished night
	@$(BIN)/satudata run --contoh; code=$$?; [ $$code -eq 0 ] || [ $$code -eq 3 ] || exit $$code

test: setup
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

test-fast: setup
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m 'not slow'

check: setup
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint dbt_project --processes 2 --disable-progress-bar
	@$(BIN)/python -m pipelines.contract
	@said=$$($(BIN)/dagster definitions validate -m pipelines.definitions 2>&1) || { echo "$$said"; exit 1; }

bench: setup
	@$(BIN)/python bench/check.py
	@$(BIN)/python bench/place.py

bench-identity: setup  ## ERRORS=file SEED=n SIZE=n FILES=dir
	@$(BIN)/python bench/identity.py $(if $(ERRORS),--errors $(ERRORS)) $(if $(SEED),--seed $(SEED)) $(if $(SIZE),--size $(SIZE)) $(if $(FILES),--files $(FILES))

# Started inside the home, so that nothing of Dagster's lands in the checkout.
dev: export SATUDATA_HOME := $(abspath $(or $(SATUDATA_HOME),var))
dev: export SATUDATA_LANDING := $(if $(SATUDATA_LANDING),$(abspath $(SATUDATA_LANDING)))
dev: export SATUDATA_SOURCES := $(if $(SATUDATA_SOURCES),$(abspath $(SATUDATA_SOURCES)))
dev: export DAGSTER_HOME = $(SATUDATA_HOME)/dagster
dev: setup  ## the Dagster UI on http://127.0.0.1:3000
	@mkdir -p -m 700 "$(SATUDATA_HOME)" "$(DAGSTER_HOME)" "$(SATUDATA_HOME)/landing"
	@ln -sfn "$(CURDIR)/dagster.yaml" "$(DAGSTER_HOME)/dagster.yaml"
	@cd "$(DAGSTER_HOME)" && "$(CURDIR)/$(BIN)/dagster" dev -m pipelines.definitions

ckan: .venv-ckan/.ready  ## a CKAN for tests/ckan; these also need postgresql and redis-server

.venv-ckan/.ready: tests/ckan/requirements.lock
	@$(PYTHON) -m venv --clear .venv-ckan
	@.venv-ckan/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

bench-release: setup
	@$(BIN)/python bench/release.py

clean:
	rm -rf .venv .venv-ckan pipelines/site/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis
