#!/usr/bin/env bash
# All that a submission must pass, from the cheapest check to the dearest; some twenty minutes from nothing on two cores.
source "$(dirname "$0")/steps.sh"

step "Rust format" cargo fmt --all --check
step "lints" cargo clippy --locked --workspace --all-targets -- -D warnings
step "the binary" cargo build --locked --package dictamen
export DICTAMEN_BINARY="$CARGO_TARGET_DIR/debug/dictamen"
for folder in rulesets examples; do
  [ -d "$folder" ] || continue
  step "$folder: parse and check" "$DICTAMEN_BINARY" check "$folder"
  step "$folder: cases, every row of every table" "$DICTAMEN_BINARY" test --rows-min 100 "$folder"
done
step "rules: format" "$DICTAMEN_BINARY" fmt --check rulesets examples benches tests/golden/rulesets
for target in parse facts evaluate feel dmn; do
  step "fuzzing for twenty seconds: $target" fuzz "$target" 20
done
step "the model of power cuts" test_powercut
step "tests of every crate and across them, ten kills of a server under load among them" run_tests
