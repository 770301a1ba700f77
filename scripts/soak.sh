#!/usr/bin/env bash
# The long forms of what `make test` does in short: kills, power cuts, tampering with every byte, fuzzing. Takes an hour and more.
source "$(dirname "$0")/steps.sh"

step "the binary" cargo build --locked --package dictamen
export DICTAMEN_BINARY="$CARGO_TARGET_DIR/debug/dictamen"
for target in parse facts evaluate; do
  step "fuzzing for ten minutes: $target" fuzz "$target" 600
done
export DICTAMEN_SOAK=1
step "all tests, the long ones too" run_tests_and_ignored
