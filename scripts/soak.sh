#!/usr/bin/env bash
# The long forms of what `make test` does in short: kills, power cuts, tampering with every byte, fuzzing. Takes an hour and more.
source "$(dirname "$0")/steps.sh"

step "the binary" cargo build --locked --package dictamen
export DICTAMEN_BINARY="$CARGO_TARGET_DIR/debug/dictamen"
step "fuzzing, ten minutes a target" tests/fuzz/run.sh --each 600
export DICTAMEN_SOAK=1 NEXTEST_NO_TESTS=fail
step "long tests" run_tests --run-ignored all
