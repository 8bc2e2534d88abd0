# `make demo` shows what the project does; `make test` runs the test suite. Both set up .venv first.

VENV := .venv
PY := $(VENV)/bin/python
OLDEST := .venv-oldest
# CPython 3.10 to 3.13, whichever is found first; PYTHON=/path/to/python chooses one.
PYTHON ?= $(firstword $(foreach p,python3 python3.12 python3.11 python3.13 python3.10,\
	$(shell $(p) -c 'import sys; (3, 10) <= sys.version_info < (3, 14) and print("$(p)")' 2>/dev/null)))
# tf_keras 2.16 asks Python for random integers between floats, which 3.12 refuses: 3.10 or 3.11 comes first.
OLDEST_PYTHON ?= $(firstword $(foreach p,python3.11 python3.10 python3 python3.12,\
	$(shell $(p) -c 'import sys; (3, 10) <= sys.version_info < (3, 13) and print("$(p)")' 2>/dev/null)))
# Only the CPU is used, and TensorFlow's own start-up messages say nothing about this project.
export CUDA_VISIBLE_DEVICES := -1
export TF_CPP_MIN_LOG_LEVEL := 3

.PHONY: help setup setup-oldest demo test test-thorough test-quick test-oldest lint docs fuzz torture matrix goldens bench bench-runtime bench-codemod clean

help:
	@echo "make setup          make .venv with everything that development needs"
	@echo "make setup-oldest   make .venv-oldest, with the oldest TensorFlow that is supported"
	@echo "make demo           rewrite two TF1 programs, run them before and after, compare"
	@echo "make test           run the test suite, on all processors"
	@echo "make test-thorough  the rest of it: what is recorded is asked of TensorFlow 1.15.5 again, and more"
	@echo "make test-quick     the codemod's tests and those of the package, in two minutes"
	@echo "make test-oldest    the runtime's tests on it"
	@echo "make lint           ruff and mypy"
	@echo "make docs           build the site into site/, without a warning"
	@echo "make fuzz           the codemod over 20,000 programs made by chance (FIRST=0 COUNT=20000); random models and sessions beside TensorFlow 1.15.5"
	@echo "make torture        kills, signals, full disks, races, threads; prints a table"
	@echo "make matrix         the tests on the versions that are supported (hours)"
	@echo "make goldens        record again what TensorFlow 1.15.5 does (EXAMPLES=NAME: one example)"
	@echo "make bench          measure, beside the peers"
	@echo "make bench-runtime, bench-codemod: one half of it"
	@echo "make clean          remove what the others made"
	@echo "PYTHON=python3.12 chooses the Python of .venv, TF1_PYTHON=... that of TensorFlow 1.15.5."

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no CPython 3.10 to 3.13 found; install one or give PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "==> making $(VENV) with $$($(PYTHON) --version) and installing TensorFlow and the tools (a few minutes)"
	@$(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: setup
	@echo "==> rewriting examples/ into a scratch folder, and running both sides"
	@$(PY) scripts/demo.py

test: setup
	@echo "==> running the test suite"
	@$(PY) -m pytest -n auto --dist worksteal -m "not thorough"

test-thorough: setup
	@echo "==> running what asks again, of TensorFlow 1.15.5 and in further processes"
	@$(PY) -m pytest -n auto --dist worksteal -m thorough

test-quick: setup
	@echo "==> running the quick half of the test suite"
	@$(PY) -m pytest -n auto --dist worksteal tests/codemod tests/getters tests/test_package.py

test-oldest: $(OLDEST)/.ready
	@echo "==> running the runtime's tests on TensorFlow 2.16"
	@$(OLDEST)/bin/python -m pytest -n auto --dist worksteal -m "not thorough" tests/runtime tests/test_package.py

setup-oldest: $(OLDEST)/.ready

$(OLDEST)/.ready: pyproject.toml
	@echo "==> making $(OLDEST) with TensorFlow 2.16 (needs CPython 3.10 to 3.12)"
	@test -n "$(OLDEST_PYTHON)" || { echo "make: no CPython 3.10 to 3.12 found; install one or give OLDEST_PYTHON=/path/to/python3" >&2; exit 1; }
	@$(OLDEST_PYTHON) -m venv $(OLDEST)
	@$(OLDEST)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' 'tensorflow==2.16.*' 'tf_keras==2.16.*'
	@touch $@

lint: setup
	@echo "==> ruff, mypy"
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

docs: setup
	@echo "==> building the site"
	@NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --quiet --strict

fuzz: setup
	@$(PY) scripts/fuzz.py --first $(or $(FIRST),0) --count $(or $(COUNT),20000)
	@$(PY) scripts/random_programs.py

torture: setup
	@$(PY) scripts/torture.py

matrix: setup
	@$(PY) scripts/matrix.py

goldens: setup
	@echo "==> recording the examples with TensorFlow 1.15.5"
	@$(PY) scripts/make_goldens.py $(if $(TF1_PYTHON),--tf1-python $(TF1_PYTHON)) $(EXAMPLES)
	@$(if $(EXAMPLES),,for what in cells checkpoints contrib estimators parity; do \
		$(PY) scripts/record_$$what.py $(if $(TF1_PYTHON),--tf1-python $(TF1_PYTHON)) || exit 1; \
	done)

bench: bench-runtime bench-codemod

bench-runtime: setup
	@echo "==> measuring the runtime"
	@$(PY) benchmarks/bench_runtime.py

bench-codemod: setup
	@echo "==> measuring the codemod"
	@$(PY) benchmarks/bench_codemod.py

clean:
	rm -rf $(VENV) $(OLDEST) .venv-tf1 .matrix build dist site *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
