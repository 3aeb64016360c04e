# Two commands matter: `make up` (everything runs) and `make test` (everything is checked).
.DEFAULT_GOAL := help
UV := $(or $(shell command -v uv),.tools/uv/bin/uv)
.PHONY: help install up test demo fmt lint doctor clean-start kills dialogues bench-questions bench-screening agreement bench-queue bench-load probes bad-input bench-nlu bench-nlu-pictures bench-rivals bench-answers bench-hidden-need walks coverage mutation

help:  ## what can be done here
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

install:  ## both environments, from the hashed locks
	@sh devtools/bootstrap.sh

up: install  ## start all four processes with invented demo data; Ctrl-C stops them
	@.venv/bin/wenzhu up

test: install  ## every check: lint, types, layers, training data, stories, all tests
	@sh devtools/bootstrap.sh --browser
	@.venv/bin/wenzhu test

demo: install  ## play one resident's conversation against the running system
	@.venv/bin/wenzhu demo

fmt: install  ## format and sort
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format .

lint: install  ## the fast checks only
	@.venv/bin/wenzhu test --fast

doctor: install  ## what is missing on this machine
	@.venv/bin/wenzhu doctor

kills: install  ## the full campaign of 1,000 kill -9 (about an hour)
	@.venv/bin/python -m benchmarks.kills --kills 1000

dialogues: install  ## every scripted resident against the four running processes (some minutes)
	@WENZHU_ALL_SCRIPTS=1 WENZHU_LIMIT_NEW_CONVERSATIONS_PER_MINUTE=6000 \
	  WENZHU_LIMIT_MESSAGES_PER_MINUTE=60000 \
	  .venv/bin/python -m pytest -q --timeout=0 tests/journeys/test_dialogues.py

bench-nlu: install  ## how well residents are understood, on the frozen messages
	@.venv/bin/python -m benchmarks.nlu.run

bench-nlu-pictures: install  ## calibration, confusions, learning curve, ablation, speed (20 minutes)
	@.venv/bin/python -m benchmarks.nlu.pictures

bench-rivals: install  ## two stock Rasa pipelines on the same data (downloads TensorFlow into var/)
	@.venv/bin/python -m benchmarks.nlu.rivals.run $(if $(EPOCHS),--epochs $(EPOCHS))

bench-answers: install  ## 300 frozen questions, from the message to the cited answer
	@.venv/bin/python -m benchmarks.answers

bench-hidden-need: install  ## plain questions that hide hardship: found, and plain ones left alone
	@.venv/bin/python -m benchmarks.hidden_need

bad-input: install  ## 50,000 bad inputs through every edge, on both databases (about an hour)
	@.venv/bin/python -m benchmarks.bad_input --inputs 50000

walks: install  ## random residents for 10,000 turns, the shortest walk to each fault (an hour or two)
	@.venv/bin/python -m benchmarks.walks --turns 10000

bench-load: install  ## 50 messages a second for ten minutes, 16 and 64 residents, on PostgreSQL
	@.venv/bin/python -m benchmarks.load --out benchmarks/results/load.json

probes: install  ## 25,000 requests for what belongs to another county, as every role and as nobody
	@.venv/bin/python -m benchmarks.probes --out benchmarks/results/probes.json

bench-queue: install  ## lists and case pages with 100,000 cases, how soon a filed one is seen, on both databases
	@.venv/bin/python -m benchmarks.queue --out benchmarks/results/queue.json

bench-questions: install  ## how many questions a screening needs, on 10,000 invented households
	@.venv/bin/python -m benchmarks.questions --out benchmarks/results/questions.json

bench-screening: install  ## a register of a million households, in process and from PostgreSQL
	@.venv/bin/python -m benchmarks.screening --out benchmarks/results/screening.json

agreement: install  ## 100,000 random households: one by one and at once give the same verdicts
	@WENZHU_AGREEMENT=100000 .venv/bin/python -m pytest -q --timeout=0 tests/rules/test_agreement.py

coverage: install  ## branches of the rules that tests/rules does not reach (there should be none)
	@mkdir -p var
	@COVERAGE_FILE=var/coverage $(UV) run -q --with coverage python -m coverage run --branch --source=rules -m pytest -q tests/rules
	@COVERAGE_FILE=var/coverage $(UV) run -q --with coverage python -m coverage report --skip-covered --show-missing --fail-under=100

mutation: install  ## whether tests/rules notice small faults in the rules (about 40 minutes)
	@.venv/bin/python -m benchmarks.mutation --out benchmarks/results/mutation.json
