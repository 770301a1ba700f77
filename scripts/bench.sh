#!/usr/bin/env bash
# Timings on this machine, with an optimised build. Trust ratios more than absolutes, and nothing while something else runs.
source "$(dirname "$0")/steps.sh"

step "engine" cargo run --locked --release --package dictamen-tests --example engine_speed
