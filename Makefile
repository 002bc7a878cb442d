# SPDX-License-Identifier: EUPL-1.2
#
# Everything one does with this repository. `make help` lists it.

ADDR ?= :8080
DATA ?= ./var
DATABASE ?=
GO ?= go
NODE ?= node
NPM ?= npm
APPRODO_SHARED ?= ../shared/data
export GO NODE NPM PG_BIN CHROMIUM ADDR DATA DATABASE
export APPRODO_SHARED := $(abspath $(APPRODO_SHARED))
export VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

.DEFAULT_GOAL := help
.PHONY: help run setup build deb container web test check generate e2e screenshots stress bench bench-search bench-search-quality bench-import bench-mediation clean

help: ## List what can be made
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-22s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  make run takes ADDR=:8080 DATA=./var DATABASE=postgres://…"
	@echo "  GO, NODE, NPM, PG_BIN (folder of initdb) and CHROMIUM say where a program is when it is not found."

run: ## Set up what is missing, fill an empty data folder with the demo network, serve it
	@scripts/run.sh

setup: ## Install what building and testing needs (Debian, Ubuntu), or say what is missing
	@scripts/setup.sh go node postgres chromium fonts vdirsyncer shellcheck

build: web ## Build bin/approdo, one static binary with everything inside
	@scripts/setup.sh go
	@mkdir -p bin
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/approdo ./cmd/approdo
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w" -o bin/approdo-verify ./cmd/approdo-verify

deb: build ## Pack bin/approdo_VERSION_ARCH.deb: program, service, settings, runbook
	@scripts/deb.sh

container: build ## Gather what a container image holds, try it, and build it where docker or podman is
	@scripts/container.sh

web: ## Build styles, scripts and icons again, when their sources have changed
	@scripts/web.sh

generate: ## Build all generated code again: pages and web assets
	@scripts/setup.sh go node
	$(GO) tool -modfile=tools/go.mod templ generate
	@scripts/web.sh --force

test: build ## Run every test: Go with the race detector on both databases, then the journeys in a browser
	@scripts/test.sh

check: ## Format, vet, linters, import rules, generated code up to date, known vulnerabilities
	@scripts/check.sh

e2e: build ## Run only the journeys in a browser
	@scripts/e2e.sh test

screenshots: build ## Make the screenshots of the documentation again
	@scripts/e2e.sh screenshots

stress: ## Run the long tests: thousands of races, kill points
	@scripts/stress.sh

bench: bench-search bench-search-quality bench-import bench-mediation ## Run all benchmarks

bench-search: ## Speed of search, beside bleve, SQLite FTS5 and PostgreSQL
	@scripts/bench.sh search

bench-search-quality: ## Quality of search: success@5 and precision@5 in every language
	@scripts/bench.sh quality

bench-import: ## Speed of imports
	@scripts/bench.sh importing

bench-mediation: ## A year of a region: fill rate, time to answer, travel, fairness; speed of the slot search, bookings, waves
	@scripts/bench.sh mediation

clean: ## Remove what was built and the PostgreSQL for tests; data stays
	@scripts/postgres.sh stop || true
	rm -rf bin var/test-postgres var/test-postgres.* var/cache
