# The README's commands. Everything happens in $(VENV); nothing outside this folder is changed,
# but for Debian's chromium and python3-venv where they are missing and may be installed.
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo demo-check test lint types unit datasette1 bench images eval lock clean

help:
	@echo "make demo        the sample portal, a crawl of it, and the site, on this machine"
	@echo "make demo-check  the same, and exit after checking that the site answers"
	@echo "make test        lint, types, and the whole test suite"
	@echo "make bench       speed and memory, as ratios in one run"
	@echo "make eval        extraction, field by field, against other extractors"

$(VENV)/.installed: pyproject.toml constraints.txt tools/make-venv
	@echo "Making $(VENV) ..."
	@tools/make-venv $(VENV)

demo: $(VENV)/.installed
	@$(BIN)/quynhon demo

demo-check: $(VENV)/.installed
	@$(BIN)/quynhon demo --check

test: lint types unit datasette1

lint: $(VENV)/.installed
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.installed
	@$(BIN)/mypy

unit: $(VENV)/.installed $(VENV)-field/.installed
	@tools/install-chromium
	@tools/install-servers
	@tools/install-systemd
	@tools/install-redis
	@$(BIN)/python -m pytest

# other archives' tools, which the tests let judge and replay what this program writes
$(VENV)-field/.installed: $(VENV)/.installed constraints-field.txt tools/make-venv-field
	@echo "Making $(VENV)-field ..."
	@tools/make-venv-field $(VENV)-field $(BIN)/python

# the site's tests again, on the Datasette that is coming
$(VENV)-datasette1/.installed: $(VENV)/.installed constraints-datasette1.txt tools/make-venv-datasette1
	@echo "Making $(VENV)-datasette1 ..."
	@tools/make-venv-datasette1 $(VENV)-datasette1 $(VENV)

datasette1: $(VENV)-datasette1/.installed
	@$(VENV)-datasette1/bin/python -m pytest -q tests/publish -m "not browser" --ignore tests/publish/guides -p no:cacheprovider

bench: $(VENV)/.installed
	@$(BIN)/python -m bench.crawl
	@$(BIN)/python -m bench.hostile
	@$(BIN)/python -m bench.kill
	@$(BIN)/python -m bench.extract
	@$(BIN)/python -m bench.store
	@$(BIN)/python -m bench.rebuild
	@$(BIN)/python -m bench.verify
	@$(BIN)/python -m bench.site
	@$(BIN)/python -m bench.portals --articles 8

# the pictures of the guides, when screens have changed
images: $(VENV)/.installed
	@QUYNHON_IMAGES=1 $(BIN)/python -m pytest -q tests/publish/guides/test_images.py

eval: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[eval]'
	@$(BIN)/python -m bench.extract_eval

# constraints.txt pins what `make demo` and `make test` install; run this to move it forward
lock: $(VENV)/.installed
	@mkdir -p build
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --no-header --no-annotate \
	  --no-emit-index-url --upgrade --output-file constraints.txt
	@grep -v '^datasette==' constraints.txt > build/others.txt
	@(head -2 constraints-datasette1.txt; echo 'datasette>=1.0a0,<2' | $(BIN)/uv pip compile - -c build/others.txt --quiet \
	  --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url) > build/datasette1.txt
	@mv build/datasette1.txt constraints-datasette1.txt
	@(head -1 constraints-field.txt; printf 'wacz\ncdxj-indexer\npywb\n' | $(BIN)/uv pip compile - --quiet --upgrade \
	  --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url) > build/field.txt
	@mv build/field.txt constraints-field.txt

clean:
	@rm -rf $(VENV) $(VENV)-datasette1 $(VENV)-field .mypy_cache .ruff_cache .pytest_cache build dist
