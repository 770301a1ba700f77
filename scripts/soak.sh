#!/usr/bin/env bash
# The long forms of what `make test` does in short: kills, power cuts, tampering with every byte, fuzzing. Takes an hour and more.
source "$(dirname "$0")/steps.sh"

step "the binary" cargo build --locked --package dictamen
export DICTAMEN_BINARY="$CARGO_TARGET_DIR/debug/dictamen"
for target in parse facts evaluate feel dmn; do
  step "fuzzing for ten minutes: $target" fuzz "$target" 600
done
export DICTAMEN_SOAK=1 PROPTEST_CASES="${PROPTEST_CASES:-4096}"
step "all tests in their long forms: a hundred kills, thirty power cuts, every byte, many generated rulesets" run_tests
