# What one does with Dictamen: `make help` lists it.
# Everything that is built stands outside the clone; set CARGO_TARGET_DIR to have it elsewhere.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

export CARGO_TARGET_DIR ?= $(HOME)/.cache/dictamen/target
export CARGO_TERM_PROGRESS_WHEN ?= never

.PHONY: help
help: ## esta lista · this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Every DICTAMEN_* variable of the environment reaches the service; these two have a default here.
.PHONY: run
run: export DICTAMEN_DATA ?= $(CURDIR)/data
run: export DICTAMEN_RULESETS ?= $(CURDIR)/rulesets
run: ## compila y sirve rulesets/ en 127.0.0.1:8080 · builds and serves rulesets/ on 127.0.0.1:8080
	cargo build --release --locked --package dictamen
	exec "$(CARGO_TARGET_DIR)/release/dictamen" serve

.PHONY: test
test: ## todo lo que una entrega debe pasar · all that a submission must pass
	scripts/test.sh

.PHONY: soak
soak: ## lo mismo a fondo: caídas, cortes de energía, fuzzing (horas) · the same at length: kills, power cuts, fuzzing (hours)
	scripts/soak.sh

.PHONY: bench
bench: ## mide el motor y el servicio en esta máquina · measures the engine and the service on this machine
	scripts/bench.sh

.PHONY: fmt
fmt: ## da formato al Rust y a las reglas · formats the Rust and the rules
	cargo fmt --all
	cargo run --quiet --package dictamen -- fmt rulesets
