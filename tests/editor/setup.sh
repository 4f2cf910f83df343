#!/bin/sh
# Prints the path of a language server; what is told stands on the other stream. Ends with 1
# where there is none and none can be had.
#
# $RUST_ANALYZER, or rustup's, which is installed where it is missing, or, with a nightly
# toolchain, one that cargo builds (15 minutes, once: it is kept in the user's cache).
version=0.0.349
cache=${XDG_CACHE_HOME:-$HOME/.cache}/shapewise/rust-analyzer

works() {
    [ -n "$1" ] && "$1" --version >/dev/null 2>&1
}

if works "${RUST_ANALYZER:-}"; then
    echo "$RUST_ANALYZER"
elif works rust-analyzer; then
    command -v rust-analyzer
elif rustup component add rust-analyzer >&2 && works rust-analyzer; then
    command -v rust-analyzer
elif works "$cache/bin/rust-analyzer"; then
    echo "$cache/bin/rust-analyzer"
elif cargo +nightly --version >/dev/null 2>&1; then
    CARGO_TARGET_DIR=$cache/target CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
        CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_PROFILE_RELEASE_LTO=off \
        cargo +nightly install ra_ap_rust-analyzer --version "$version" --locked --root "$cache" >&2 &&
        rm -rf "$cache/target" &&
        echo "$cache/bin/rust-analyzer"
else
    exit 1
fi
