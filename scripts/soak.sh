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

# population ROWS: the obligations of so many generated taxpayers, with a summary by responsibility; fails where one is not decided.
population() {
  cargo run --quiet --locked --release --package dictamen-tests --bin taxpayers -- --rows "$1" --seed 1 |
    "$CARGO_TARGET_DIR/release/dictamen" eval rulesets rut.obligaciones --data - --as-of 2026-03-01 --summary responsabilidades.codigo,regimen_renta
}
step "the optimised binary and the generator" cargo build --locked --release --package dictamen --package dictamen-tests --bin dictamen --bin taxpayers
step "a million taxpayers" population 1000000
