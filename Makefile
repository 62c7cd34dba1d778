# SPDX-License-Identifier: AGPL-3.0-or-later
# Needs make, git and Python 3.11; brings the rest (tools/bring.py).
.DEFAULT_GOAL := help
PYTHON ?= python3
UV = $(shell $(PYTHON) tools/bring.py uv)
RUN = .venv/bin
WITH_NODE = PATH="$$($(PYTHON) $(CURDIR)/tools/bring.py node):$$PATH"
PLAYER_SOURCES = $(shell find player -type f -not -path '*/node_modules/*' -not -path '*/dist/*') \
	kernel/encrier/pictograms.json names/encrier_names/static/fonts/OFL.txt
WORDS = $(wildcard names/encrier_names/locale/*/LC_MESSAGES/*.po)

help:  ## show this
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

demo: ready player/dist/index.html  ## three zones, a class on screen and one on paper, from the lists to the results (ONCE=1 to end by itself)
	@$(RUN)/python demo/run.py $(if $(ONCE),--once)

pair: ready  ## two nodes of answers before a PostgreSQL pair under Patroni, until Ctrl-C
	@ENCRIER_POSTGRES="$$($(PYTHON) tools/bring.py postgres)" $(RUN)/python demo/pair.py

test: ready player/dist/index.html  ## every test, with real processes and a real browser
	@chromium="$$($(PYTHON) tools/bring.py chromium)" && firefox="$$($(PYTHON) tools/bring.py firefox)" && \
	  node="$$($(PYTHON) tools/bring.py node-program)" && postgres="$$($(PYTHON) tools/bring.py postgres)" && export ENCRIER_POSTGRES="$$postgres" && \
	  $(PYTHON) tools/bring.py patroni >/dev/null && \
	  ENCRIER_CHROMIUM="$$chromium" ENCRIER_FIREFOX="$$firefox" PLAYWRIGHT_NODEJS_PATH="$$node" $(WITH_NODE) $(RUN)/pytest -n 2 --dist loadfile --no-loadscope-reorder && \
	  ENCRIER_TEST_DATABASE=postgres $(RUN)/pytest -n 2 --dist loadfile tests/unit/names/test_names_*.py
	@cd player && $(WITH_NODE) npm test --silent

check: ready player/node_modules  ## style, types, walls between the zones; under a minute
	@$(RUN)/ruff check
	@$(RUN)/ruff format --check
	@$(RUN)/mypy
	@$(RUN)/lint-imports --no-cache
	@cd player && $(WITH_NODE) npm run --silent check

conformance: ready  ## write docs/conformance.md from the QTI engine and the cases of ../shared
	@$(RUN)/python tools/conformance.py

guide: ready player/dist/index.html  ## the guide of a teacher who keys, pictures and pages, in docs/guides/
	@ENCRIER_CHROMIUM="$$($(PYTHON) tools/bring.py chromium)" PYTHONPATH=demo $(RUN)/python tools/guide.py

wheels: ready player/dist/index.html  ## the five wheels, in dist/
	@$(UV) build --quiet --all-packages --wheel --out-dir dist
	@ls dist/*.whl

player: player/dist/index.html  ## what runs in the browser, in player/dist/

player/node_modules: player/package-lock.json
	@echo "bringing the player's npm packages (first time only)…" >&2
	@cd player && $(WITH_NODE) npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

player/dist/index.html: player/node_modules $(PLAYER_SOURCES)
	@echo "building the player…" >&2
	@cd player && $(WITH_NODE) npm run --silent build

ready: .venv/.ready $(WORDS:.po=.mo)
.venv/.ready: uv.lock pyproject.toml $(wildcard */pyproject.toml)
	@echo "bringing the Python packages of uv.lock (first time only)…" >&2
	@$(UV) sync --quiet --frozen --inexact
	@touch $@

%.mo: %.po .venv/.ready
	@$(RUN)/python tools/words.py --compile
	@touch $(WORDS:.po=.mo)

words: ready  ## find every French sentence of the names zone, and what has no English yet
	@$(RUN)/python tools/words.py

clean:  ## remove what was built (not the tools)
	rm -rf .venv dist demo/out player/dist player/node_modules tests/out

.PHONY: help demo pair test check conformance wheels player ready words clean
