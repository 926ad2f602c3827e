# The commands of the office. `make run` starts it; `make test` proves it. What each needs, it gets.
SHELL := /bin/sh
PYTHON ?= $(shell sh tools/python.sh)
PY := .venv/bin/python
export PYTHON
# Several processes load the same office: what one of them compiled, the others read.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check bench lock shots sbom audit

run: ## start the whole office, at http://127.0.0.1:8000 unless PORT and HOST say otherwise
	@sh tools/venv.sh requirements.txt
	@sh tools/front.sh
	@exec $(PY) -m procon.run

test: ## all tests, in a browser too; make test ARGS="tests/cases -k cip" for some
	@sh tools/venv.sh requirements-dev.txt
	@sh tools/front.sh --with-dev
	@sh tools/chromium.sh
	@$(PY) -m pytest -n 2 --dist loadgroup $(ARGS)

check: ## lint, format, types, import contracts, migrations, API description, glossary
	@sh tools/venv.sh requirements-dev.txt
	@sh tools/front.sh --with-dev
	@$(PY) -m tools.check

bench: ## the benchmarks; SIZE=1000000 sets the number of atendimentos, ONLY="finding letters" which; ONLY=people DURATION=300
	@sh tools/venv.sh requirements-dev.txt
	@$(PY) -m bench $(if $(SIZE),--tamanho $(SIZE)) $(if $(ONLY),--so $(ONLY))

shots: ## screenshots of the main pages at 1280 and 360 px, into docs/img/
	@sh tools/venv.sh requirements-dev.txt
	@sh tools/front.sh --with-dev
	@sh tools/chromium.sh
	@$(PY) -m tools.shots

lock: ## compile the lock files again (newest versions that fit; UPGRADE=1 raises them)
	@sh tools/venv.sh requirements-dev.txt
	@sh tools/lock.sh $(if $(UPGRADE),--upgrade)

sbom: ## what an installation gets, as CycloneDX, into var/sbom.json
	@sh tools/venv.sh requirements-dev.txt
	@mkdir -p var && $(PY) -m tools.packages sbom var/sbom.json && echo "var/sbom.json"

audit: ## known holes in the locked packages, as the registry tells; ADVISORIES=all.zip asks a file of OSV's instead
	@sh tools/venv.sh requirements-dev.txt
	@$(if $(ADVISORIES),$(PY) -m tools.advisories $(ADVISORIES),$(PY) -m uv tool run pip-audit --strict --disable-pip --require-hashes -r requirements.txt)
