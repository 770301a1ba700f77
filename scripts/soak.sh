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

# twenty_million_rows: the graph of the measurements for so many rows, from Parquet into Parquet; fails above 1 GiB of memory.
twenty_million_rows() {
  local folder most_kib=0 now_kib
  folder="$(mktemp -d)"
  CARGO_TARGET_DIR="$CARGO_TARGET_DIR/benches" cargo run --quiet --locked --release --manifest-path benches/Cargo.toml \
    --no-default-features -- batch-rows 20000000 "$folder"
  "$CARGO_TARGET_DIR/release/dictamen" eval "$folder/grafo.regla" resultado --data "$folder/rows.parquet" \
    --output "$folder/out.parquet" &
  local process=$!
  while now_kib="$(awk '/^VmHWM/ { print $2 }' "/proc/$process/status" 2>/dev/null)" && [[ -n "$now_kib" ]]; do
    most_kib="$now_kib"
    sleep 1
  done
  wait "$process"
  rm -r "$folder"
  echo "most memory: $most_kib KiB"
  [[ "$most_kib" -lt 1048576 ]]
}
step "twenty million rows of Parquet" twenty_million_rows
