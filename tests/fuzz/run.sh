#!/bin/sh
# Runs a fuzz target: tests/fuzz/run.sh TARGET SECONDS [more flags of libFuzzer]. Targets: parse, facts, evaluate, feel, dmn.
# Works on stable Rust: the compiler's own coverage pass instruments our crates; there are no sanitizers.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${1:?"which target? parse, facts, evaluate, feel or dmn"}
seconds=${2:?"for how many seconds?"}
shift 2

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$root/target}/fuzz"
host=$(rustc -vV | sed -n 's/^host: //p')
level="-Cllvm-args=-sanitizer-coverage"
RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module $level-level=4 $level-inline-8bit-counters $level-pc-table $level-trace-compares -Clink-dead-code" \
    cargo build --quiet --release --manifest-path "$here/Cargo.toml" --target "$host" --bin "$target"

# What is found stays outside the tree; the committed corpus, rulesets and cases of the parser are where it starts.
found="$CARGO_TARGET_DIR/corpus/$target"
mkdir -p "$found"
seeds="$here/corpus/$target"
mkdir -p "$seeds"
if [ "$target" = parse ]; then
    find "$root/rulesets" "$root/dsl/syntax/tests" "$root/tests/corpus" -name '*.regla' -size -64k 2>/dev/null |
        while read -r file; do cp "$file" "$found/seed-$(echo "$file" | cksum | cut -d' ' -f1)"; done
fi
if [ "$target" = dmn ]; then
    find "$root/tests/conformance" "$root/dsl/import/tests" -name '*.dmn' -size -16k 2>/dev/null |
        while read -r file; do cp "$file" "$found/seed-$(echo "$file" | cksum | cut -d' ' -f1)"; done
fi
if [ "$target" = feel ]; then
    # Each text of the kit's models is an expression, or the test of a cell, which may be one too.
    find "$root/tests/conformance" -name '*.dmn' | while read -r file; do
        sed -n 's|.*<[a-z]*:*text>\(.*\)</[a-z]*:*text>.*|\1|p' "$file" | sed 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g'
    done | sort -u | while read -r text; do printf '%s' "$text" >"$found/seed-$(printf '%s' "$text" | cksum | cut -d' ' -f1)"; done
fi
case $target in
    parse) size=4096 ;;
    facts) size=8192 ;;
    feel) size=512 ;;
    dmn) size=16384 ;;
    *) size=4096 ;;
esac
exec "$CARGO_TARGET_DIR/$host/release/$target" -max_total_time="$seconds" -max_len="$size" -timeout=20 -rss_limit_mb=2048 \
    -dict="$here/$target.dict" -artifact_prefix="$CARGO_TARGET_DIR/" -print_final_stats=1 "$@" "$found" "$seeds"
