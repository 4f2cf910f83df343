"""From a keystroke to the new hover: prints medians, and asserts none.

    python3 tests/editor/speed.py SERVER [ROUNDS]

A keystroke changes a layer of the network; then the hover on the last label is asked for, which
takes an expansion and all that the server does with it.
"""

import statistics
import sys
import time

from client import Client
from crate import PROJECT, crate, remove, target


def resnet():
    """The network of the example, without its `main`."""
    with open(f"{PROJECT}/examples/resnet50.rs") as file:
        source = file.read()
    return source[: source.index("fn main")]


def chain(layers):
    """As many layers, a label for each ten."""
    lines = ["use shapewise::network;", "", "network! {"]
    lines.append("    pub struct Chain(image: 32x32x8) -> (classes: 10) {")
    for label in range(layers // 10):
        units = ", ".join(["conv(8, 3x3, padding = half)", "relu"] * 5)
        lines.append(f"        label{label}: {units};")
    lines += ["        head: global_avg_pool, linear(10);", "    }", "}", ""]
    return "\n".join(lines)


def measure(client, uri, changed, label, rounds):
    """Seconds from a change to the hover that shows it, of each round."""
    source, times = client.texts[uri], []
    for turn in range(rounds + 2):
        argument = ["groups = 1", "dilation = 1"][turn % 2]
        text = source.replace(changed, f"{changed[:-1]}, {argument})", 1)
        begin = time.perf_counter()
        client.change(uri, text)
        shown = client.hover(uri, text.index(label) + 1)
        times.append(time.perf_counter() - begin)
        if "macs" not in shown.lower():
            sys.exit(f"no figures are shown: {shown}")
    client.change(uri, source)
    # The first ones build and load.
    return times[2:]


def main():
    server = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 11
    networks = {"resnet50": resnet(), "chain": chain(1000)}
    root = crate(networks)
    client = Client(server, root, target())
    try:
        uris = {name: client.open(f"{root}/{name}/src/lib.rs") for name in networks}
        client.ready()
        for _ in range(300):
            if client.hover(uris["chain"], client.texts[uris["chain"]].index("conv(") + 1):
                break
            time.sleep(1)
        for name, changed, label in [
            ("resnet50", "padding = half, bias = false)", "fc:"),
            ("chain", "conv(8, 3x3, padding = half)", "label99:"),
        ]:
            times = measure(client, uris[name], changed, label, rounds)
            print(f"{name}: {statistics.median(times) * 1000:.0f} ms in the middle of {len(times)}")
    finally:
        client.close()
        remove(root)


main()
