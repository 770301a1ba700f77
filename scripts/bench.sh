#!/usr/bin/env bash
# Timings on this machine beside hand-written Rust and other engines, with an optimised build; some twenty-five minutes, written to
# benches/results. Trust ratios more than absolutes, and nothing while something else runs.
#   quick     a look, two minutes, nothing written
#   check     generated models are valid and all contestants agree
#   WHAT…     some of: tables graph recording ruleset loading service (and --only TEXT for tables whose name has it)
source "$(dirname "$0")/steps.sh"
# A workspace of its own (see benches/Cargo.toml), so that the other engines are built for measurements alone.
export CARGO_TARGET_DIR="$CARGO_TARGET_DIR/benches"
manifest=(--locked --release --manifest-path benches/Cargo.toml)

case "${1:-}" in
  check) step "models and outcomes" cargo test "${manifest[@]}" ;;
  quick) step "a look" cargo run "${manifest[@]}" -- "$@" ;;
  *) step "measurements" cargo run "${manifest[@]}" -- --out benches/results "$@" ;;
esac
if [[ $# == 0 ]]; then
  step "very large tables" cargo run --locked --release --package dictamen-tests --example load_speed
fi
