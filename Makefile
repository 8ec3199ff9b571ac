# Everything that is run in a checkout. It needs python3 (3.11 or newer, with venv), make and the package index.

PYTHON ?= python3
# What pytest may select: `make test` leaves out what needs a browser on the machine; MARKERS= selects everything.
MARKERS ?= not browser
# More words for the command that is run: make demo ARGS="--seed 7 --faults"
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check
UV := UV_PYTHON=$(BIN)/python UV_SYSTEM_CERTS=true $(BIN)/uv pip --quiet

# Compiled modules are kept, whatever the caller says: each of the many processes would compile some 2,000 files anew, for seconds.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo up test lint lock golden reference chaos coverage screenshots pictures clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(READY) ## run one whole working day of a fictional city
	$(BIN)/minyi demo $(ARGS)

up: $(READY) ## start everything and stay, until Ctrl-C
	$(BIN)/minyi up $(ARGS)

test: $(READY) ## run the tests
	$(BIN)/python -m pytest -n 2 -m "$(MARKERS)" $(ARGS)

chaos: $(READY) ## run a campaign under fire: kills, flushes, restarts, a failing carrier; both checkers at the end
	$(BIN)/minyi chaos $(ARGS)

coverage: $(READY) ## hold intervals, ranks, claims and alerts to their promises, by simulation (a few minutes)
	$(BIN)/minyi coverage $(ARGS)

screenshots: $(READY) ## take a picture of every page as each role sees it, and look for faults (needs chromium)
	$(BIN)/python -m scripts.screenshots $(ARGS)

pictures: $(READY) ## draw report files as pictures, page by page, to be looked at: make pictures ARGS="reports --out pictures"
	$(BIN)/python -m scripts.report_pictures $(ARGS)

lint: $(READY) ## check style, types, import contracts and the compose file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

lock: $(READY) ## resolve requirements.lock again from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --extra dev --upgrade pyproject.toml --output-file requirements.lock

golden: $(READY) ## play the golden dialogues again and write them back, to be read in the diff
	$(BIN)/python -m survey.dialogue.script --golden $(ARGS)

reference: $(READY) ## write the documentation that is made from models and tables: questionnaire, campaign, estimates, indicators, lifecycle, notices
	$(BIN)/python -m survey.questionnaire.reference
	$(BIN)/python -m survey.statistics.indicators_page
	$(BIN)/python -m followup.casework.lifecycle_page
	$(BIN)/python -m followup.notices_page

clean: ## remove the venv, caches and what a demo wrote; data (.minyi) and keys stay
	rm -rf $(VENV) demo-out screenshots-out build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	find survey followup workers scripts tests -name __pycache__ -prune -exec rm -rf {} +

# Set-up, once per lock. The venv comes first: Debian's own pip refuses to install outside of one. uv takes seconds, with
# pip's index and this machine's certificates; where it still does not get through, pip does.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, not $$($(PYTHON) --version 2>&1)." \
			"Install it, or name it: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make virtual environments: its ensurepip is missing." \
			"On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet uv
	@index="$${PIP_INDEX_URL:-$$($(PIP) config get global.index-url 2>/dev/null)}"; \
	if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$$index"; fi; \
	echo "installing what requirements.lock names"; \
	{ $(UV) sync --require-hashes requirements.lock && $(UV) install --no-deps --editable .; } || { \
		echo "uv did not get through; pip takes a minute." >&2; \
		$(PIP) install --quiet --require-hashes --requirement requirements.lock \
			&& $(PIP) install --quiet --no-deps --editable .; }
	@touch $@
