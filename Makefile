# Thin names for `python3 run.py …`, which works without make too.
PYTHON ?= python3

.PHONY: run setup test check fix lock
run setup test check fix lock:
	@$(PYTHON) run.py $@
