# The ways to set up, try, run and check the portal. Needs Python 3.11, git and make; nothing else.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
HOST ?= 127.0.0.1
PORT ?= 8000
PO := $(wildcard audit_portal/web/translations/*/LC_MESSAGES/messages.po)

.PHONY: setup translations run demo test check bench lock messages clean

setup: .venv/.installed translations
translations: $(PO:.po=.mo)
%.mo: %.po | .venv/.installed
	$(BIN)/pybabel compile --statistics --input-file $< --output-file $@

$(UV):
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv==0.13.9

.venv/.installed: requirements.lock pyproject.toml | $(UV)
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@

.venv/.installed-dev: tests/requirements.lock .venv/.installed
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r tests/requirements.lock
	touch $@

# A real, empty instance in instance/; prints a one-time set-up link for the first administrator.
run: setup
	$(BIN)/audit-portal init
	$(BIN)/audit-portal serve --worker --host $(HOST) --port $(PORT)

# A sample company in an instance of its own (.demo/), thrown away and made anew each time.
# Nothing of another installation's settings reaches it.
DEMO := env $(foreach each,$(filter AUDIT_PORTAL_%,$(.VARIABLES)),-u $(each)) \
	AUDIT_PORTAL_INSTANCE=.demo AUDIT_PORTAL_BASE_URL=http://$(HOST):$(PORT) $(BIN)/audit-portal
demo: setup
	rm -rf .demo
	$(DEMO) init --quiet
	$(DEMO) sample load
	$(DEMO) serve --worker --host $(HOST) --port $(PORT)

test: setup .venv/.installed-dev
	$(BIN)/pytest -n auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder tests

check: setup .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/audit-portal checklists lint
	$(BIN)/pytest -q tests/architecture

bench: setup .venv/.installed-dev
	$(BIN)/python -m tests.benchmarks

lock: | $(UV)
	$(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet -o requirements.lock
	$(UV) pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet -c requirements.lock -o tests/requirements.lock

# Collects the texts of pages and code into both catalogues; write the translations there.
messages: .venv/.installed-dev
	$(BIN)/python -m tests.tools.messages

clean:
	rm -rf .demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
