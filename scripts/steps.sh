#!/usr/bin/env bash
# Sourced by the other scripts: where things are built, and a line before each step that says what and how long the last took.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/dictamen/target}"
export CARGO_TERM_PROGRESS_WHEN="${CARGO_TERM_PROGRESS_WHEN:-never}"

# step TEXT COMMAND…: runs a command under a heading; stops everything where it fails.
step() {
  local text="$1" started=$SECONDS
  shift
  echo "── $text"
  "$@"
  echo "   ($((SECONDS - started)) s)"
}

# run_tests: all tests of the workspace, with nextest where it is installed.
run_tests() {
  if command -v cargo-nextest >/dev/null; then
    cargo nextest run --locked --workspace --no-fail-fast
  else
    cargo test --locked --workspace --no-fail-fast
  fi
}

# fuzz TARGET SECONDS: fuzzes a target; quiet unless it finds something.
fuzz() {
  local log
  log="$(mktemp)"
  if ! tests/fuzz/run.sh "$1" "$2" >"$log" 2>&1; then
    tail -n 60 "$log"
    return 1
  fi
  grep -E '^stat::number_of_executed_units|^Done ' "$log" || true
  rm -f "$log"
}

# test_powercut: the model of power cuts is a workspace of its own, since its shim stands before the C library.
test_powercut() {
  cargo test --quiet --locked --workspace --manifest-path tests/powercut/Cargo.toml --target-dir "$CARGO_TARGET_DIR/powercut"
}
