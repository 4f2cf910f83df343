#!/usr/bin/env bash
# Runs each fuzz target for a while, unoptimised, as the macro runs in a user's build:
#
#     fuzz/run.sh [SECONDS]
#
# It needs a nightly compiler and a compiler of C++, and does what `cargo fuzz run` does, which
# knows more options. What is found lies in the folder that is named at the end. Inputs are
# drawn by SEED (1), so that what passed passes again; 0 is another one each time.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-120}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}/fuzz
corpus=$CARGO_TARGET_DIR/corpus

coverage='--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4'
coverage+=' -Cllvm-args=-sanitizer-coverage-inline-8bit-counters'
coverage+=' -Cllvm-args=-sanitizer-coverage-pc-table -Ccodegen-units=1 -Cdebug-assertions'
host=$(rustc +nightly -vV | sed -n 's/^host: //p')
# With a target named, build scripts and macros are left as they are.
RUSTFLAGS=$coverage cargo +nightly build --quiet --target "$host" --bin expand --bin mutate
programs=$CARGO_TARGET_DIR/$host/debug
cargo +nightly run --quiet --bin seed -- "$corpus/expand"
mkdir -p "$corpus/mutate"

status=0
for target in expand mutate; do
    found=$CARGO_TARGET_DIR/found/$target
    mkdir -p "$found"
    echo "$target, for $seconds seconds"
    if ! "$programs/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 \
        -max_len=4096 -seed="${SEED:-1}" -artifact_prefix="$found/" -print_final_stats=1 "$corpus/$target" \
        >"$CARGO_TARGET_DIR/$target.log" 2>&1; then
        status=1
        tail -n 40 "$CARGO_TARGET_DIR/$target.log"
        echo "$target: what was found lies in $found"
    fi
    grep -E '^slow: ' "$CARGO_TARGET_DIR/$target.log" | cut -c -300 | sort | uniq | head -n 5 || true
    grep -E '^(Done|stat::number_of_executed|stat::slowest)' "$CARGO_TARGET_DIR/$target.log" || true
done
exit $status
