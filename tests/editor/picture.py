"""Draws what the server answers as pages for the guide's pictures.

    python3 tests/editor/picture.py SERVER FOLDER

Writes `hover.html` and `completion.html` into the folder; `docs/pictures/make.sh` photographs them.
"""

import html
import re
import sys
import time

from client import Client
from crate import crate, remove, target

SOURCE = """use shapewise::network;

network! {
    /// A small classifier.
    pub struct Small(image: 32x32x3) -> (logits: 10) {
        conv1:  conv(16, 3x3, stride = 2, padding = half), batch_norm, relu;
        layer1: Basic(32, stride = 2);
        skip:   from conv1, max_pool(2x2), conv(32, 1x1);
        sum:    concat(layer1, skip);
        head:   global_avg_pool, linear(10);
    }

    block Basic(width, stride = 1) {
        conv(width, 3x3, stride = stride, padding = half), relu;
    }
}
"""

STYLE = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #1e2127; color: #d5d9e0; font: 14px/1.5 "DejaVu Sans", sans-serif; }
pre, code { font: 13.5px/1.5 "DejaVu Sans Mono", monospace; }
pre { margin: 0; padding: 16px 20px; } .word { color: #7fb3e6; } .number { color: #d9a66c; }
.comment { color: #87907d; } .name { color: #8fc7a2; } .here { outline: 1px solid #7fb3e6; }
.box { position: absolute; background: #272b33; border: 1px solid #454c59; padding: 4px 14px;
       max-width: 640px; } .box ul { margin: 6px 0; padding-left: 20px; } .box p { margin: 8px 0; }
.box code { color: #e3c58d; } .box hr { border: 0; border-top: 1px solid #454c59; }
.row { padding: 1px 6px; } .row:first-child { background: #39414f; }
</style>"""


def coloured(text, begin, end):
    """The source, the word between two places marked."""
    marked = text[:begin] + "\0" + text[begin:end] + "\1" + text[end:]
    shown = html.escape(marked)
    shown = re.sub(r"(///[^\n]*)", r'<span class="comment">\1</span>', shown)
    words = r"\b(pub|struct|block|from|use)\b"
    shown = re.sub(words, r'<span class="word">\1</span>', shown)
    shown = re.sub(r"(?<![\w#])(\d[\dx]*)\b", r'<span class="number">\1</span>', shown)
    return shown.replace("\0", '<span class="here">').replace("\1", "</span>")


def markdown(text):
    """The little of Markdown that a hover has."""
    out, listed = [], False
    for block in re.split(r"\n{2,}", text.strip()):
        if block.startswith("```"):
            body = html.escape(re.sub(r"```\w*\n?", "", block).strip())
            out.append(f'<p><code class="name">{body}</code></p>')
        elif block == "---":
            out.append("<hr>")
        else:
            block = re.sub(r"`([^`]+)`", lambda code: f"<code>{code[1]}</code>", html.escape(block))
            lines = block.split("\n")
            if all(line.startswith("* ") for line in lines):
                out.append("<ul>" + "".join(f"<li>{line[2:]}" for line in lines) + "</ul>")
            else:
                out.append(f"<p>{' '.join(lines)}</p>")
    return "\n".join(out)


def page(text, begin, end, box, line):
    top, left = 16 + (line + 1) * 20.3, 20 + (begin - text.rfind("\n", 0, begin) - 1) * 8.13
    style = f"top: {top:.0f}px; left: {left:.0f}px"
    return f'{STYLE}<pre>{coloured(text, begin, end)}</pre><div class="box" style="{style}">{box}</div>'


def main():
    server, folder = sys.argv[1:3]
    root = crate({"small": SOURCE})
    client = Client(server, root, target())
    try:
        uri = client.open(f"{root}/small/src/lib.rs")
        client.ready()
        place = SOURCE.index("conv(16")
        for _ in range(300):
            if shown := client.hover(uri, place + 1):
                break
            time.sleep(1)
        shown = shown.split("Of any input")[0]
        with open(f"{folder}/hover.html", "w") as file:
            file.write(page(SOURCE, place, place + 4, markdown(shown), SOURCE[:place].count("\n")))
        typed = SOURCE.replace("padding = half), batch_norm", "pad), batch_norm")
        client.change(uri, typed)
        end = typed.index("pad), batch_norm") + 3
        offered = [name for name in client.completions(uri, end) if name.startswith("pad")]
        others = [name for name in client.completions(uri, end) if not name.startswith("pad")]
        rows = "".join(f'<div class="row"><code>{name}</code></div>' for name in offered + others[:9])
        with open(f"{folder}/completion.html", "w") as file:
            file.write(page(typed, end - 3, end, rows, typed[:end].count("\n")))
    finally:
        client.close()
        remove(root)


main()
