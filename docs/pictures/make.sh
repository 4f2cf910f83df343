#!/usr/bin/env bash
# Makes the pictures of README and of the guide: the terminal's table, the page of the docs, the editor.
#
# usage: docs/pictures/make.sh
#
# Needs cargo; Chromium is installed with apt-get where it is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

browser=$(command -v chromium || command -v chromium-browser || true)
if [ -z "$browser" ]; then
    apt-get update -q
    apt-get install -q -y chromium fonts-dejavu-core
    browser=$(command -v chromium)
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# photograph URL FILE WIDTH HEIGHT
photograph() {
    "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync \
        --hide-scrollbars --force-device-scale-factor=1.5 --virtual-time-budget=5000 \
        --user-data-dir="$work/profile-$RANDOM" --window-size="$3,$4" \
        --screenshot="$PWD/docs/pictures/$2" "$1" >"$work/log" 2>&1 ||
        { cat "$work/log" >&2; exit 1; }
    echo "docs/pictures/$2"
}

# The terminal: what the program prints, in a page that looks like one.
cargo build --quiet --example alexnet
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
{
    cat <<'HTML'
<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #16181d; }
pre { margin: 0; padding: 18px 22px; color: #d8dbe2;
      font: 14px/1.42 "DejaVu Sans Mono", "Liberation Mono", monospace; }
b { color: #8fc7a2; font-weight: normal; }
</style><pre><b>$ cargo run --example alexnet</b>
HTML
    # The report is the second half, below the article's table.
    "$target/debug/examples/alexnet" | sed -n '/^AlexNet:/,$p' |
        sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g'
    echo '</pre>'
} >"$work/terminal.html"
photograph "file://$work/terminal.html" terminal.png 900 540

# The docs: the page of the struct as `cargo doc` makes it, and below its table
# some constants, for which the table and the others are hidden.
cargo doc --quiet --no-deps --example alexnet
page=$target/doc/alexnet/struct.AlexNet.html
photograph "file://$page" docs.png 1200 920
constants=$target/doc/alexnet/constants.html
hidden='.top-doc, .item-decl, h2#implementations, .impl-items > details:nth-of-type(-n+4),'
hidden+='.impl-items > details:nth-of-type(n+6):nth-of-type(-n+18) { display: none }'
sed "s|</head>|<style>$hidden</style></head>|" "$page" >"$constants"
photograph "file://$constants" constants.png 1200 640
rm "$constants"

# The editor: what rust-analyzer answers, in pages that look like one.
server=$(sh tests/editor/setup.sh)
python3 tests/editor/picture.py "$server" "$work"
photograph "file://$work/hover.html" editor_hover.png 860 560
photograph "file://$work/completion.html" editor_completion.png 860 480
