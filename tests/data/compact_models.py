"""Makes `models/NAME.json`, the data of the test `networks`.

usage: python3 compact_models.py MEASURED_FOLDER OUTPUT_FOLDER NAME...

MEASURED_FOLDER has `models_NAME.json`, what PyTorch 2.15 and torchvision 0.29
said of a network that was built and run with random weights, in evaluation mode,
batch included in the shapes; and, where the network could be traced,
`graph_NAME.json`, its operations and what each of them reads. This script keeps
what the test reads:

  params, buffers, macs   the totals; MACs by `torch.utils.flop_counter`, which is
                          torchvision's rule, and with LSTMs, which it leaves out,
                          the weight products of the modules
  layers                  the leaf modules in the order of their calls:
    name, type, out       what it is called, its class, the shape that leaves
    weights, biases       what it learns; nothing where it was called before
    macs                  its weight products
    settings              the hyperparameters that shapes and counts do not show
    tensors, buffers      their names and shapes; without `num_batches_tracked`
    again                 true where the module was called before
    tied                  the tensors that are another module's
    reads                 where the network was traced: from which leaves (by
                          their place in this list, -1 for the input) values come
                          in, through whatever functions: in the order of their
                          operands, those of `add` in ascending order
  direct                  parameters that belong to no leaf, with their shapes
  functions               where the network was traced: the calls of `relu`, `add`
                          and `cat` that are no modules, with the shapes that leave
"""

import json
import pathlib
import sys

FUNCTIONS = {"relu", "add", "cat"}

# By class: the hyperparameters that are compared.
WINDOW = ["kernel_size", "stride", "padding"]
SETTINGS = {
    "Conv2d": [*WINDOW, "dilation", "groups"],
    "ConvTranspose2d": [*WINDOW, "dilation", "groups"],
    "MaxPool2d": [*WINDOW, "ceil_mode"],
    "AvgPool2d": [*WINDOW, "ceil_mode"],
    "BatchNorm2d": ["eps", "momentum"],
    "LayerNorm": ["eps"],
    "Dropout": ["p"],
    "LSTM": ["dropout"],
    "MultiheadAttention": ["num_heads", "dropout"],
}


def total_macs(measured):
    rules = {rule.split(" ")[0]: found for rule, found in measured["macs"].items()}
    if any(layer["type"] == "LSTM" for layer in measured["layers"]):
        return rules["hooks"]["total"]
    return rules["torch.utils.flop_counter"]["flops_over_2"]


def first_shape(shape):
    """The first result, of a module with several."""
    while isinstance(shape[0], list):
        shape = shape[0]
    return shape


def pairs(tensors):
    """Names and shapes, in PyTorch's order: readers of JSON may sort objects."""
    return [[name, shape] for name, shape in tensors.items()]


def settings(layer):
    """The hyperparameters as lists of numbers, windows with one per axis."""
    kind, given = layer["type"], layer["hp"]
    if "GELU" in kind:
        return {"tanh": [int(given.get("approximate", "tanh") == "tanh")]}
    found = {}
    for name in SETTINGS.get(kind, []):
        value = given[name]
        axes = 2 if name in WINDOW else 1
        found[name] = value if isinstance(value, list) else [value] * axes
    return {name: [int(n) if n == int(n) else n for n in value] for name, value in found.items()}


def compact_layer(layer):
    kept = {
        "name": layer["name"],
        "type": layer["type"],
        "out": first_shape(layer["out"]),
        "weights": layer["weights"],
        "biases": layer["biases"],
        "macs": layer["macs"],
        "settings": settings(layer),
        "tensors": pairs(layer.get("tensors", {})),
    }
    buffers = {
        name: shape
        for name, shape in layer.get("buffers", {}).items()
        if name != "num_batches_tracked"
    }
    if buffers:
        kept["buffers"] = pairs(buffers)
    if layer.get("call", 1) > 1:
        kept["again"] = True
    if "tied" in layer:
        kept["tied"] = layer["tied"]
    return kept


def operands(node):
    """The nodes that a node reads, by name: `%name` in its arguments."""
    found = []

    def look(argument):
        if isinstance(argument, list):
            for part in argument:
                look(part)
        elif isinstance(argument, str) and argument.startswith("%"):
            found.append(argument[1:])

    look(node["args"])
    return found


def add_graph(kept, nodes):
    by_name = {node["n"]: node for node in nodes}
    leaves = [node for node in nodes if node["op"] == "call_module"]
    assert [leaf["t"] for leaf in leaves] == [layer["name"] for layer in kept["layers"]]
    place = {leaf["n"]: index for index, leaf in enumerate(leaves)}
    sources = {}

    def sources_of(name):
        """The leaves and inputs that a value comes from."""
        if name not in sources:
            node = by_name[name]
            if name in place:
                sources[name] = [place[name]]
            elif node["op"] == "placeholder":
                sources[name] = [-1]
            elif node["t"] == "getattr":  # A size: it decides no value.
                sources[name] = []
            else:
                read = sources_of_all(operands(node))
                sources[name] = sorted(read) if node["t"] == "add" else read
        return sources[name]

    def sources_of_all(names):
        """Those of several values in turn, each once."""
        return list(dict.fromkeys(sum(map(sources_of, names), [])))

    for leaf, layer in zip(leaves, kept["layers"]):
        layer["reads"] = sources_of_all(operands(leaf))

    def counts(node):
        if node["t"] not in FUNCTIONS or "out" not in node:
            return False
        read = node["args"][0] if node["t"] == "cat" else node["args"]
        if node["t"] != "relu" and len(read) < 2:
            return False  # A `cat` of one value.
        # With a parameter as operand it is a layer of its own here.
        return not any(
            by_name[name]["op"] == "get_attr" or by_name[name]["t"] == "expand"
            for name in operands(node)
        )

    kept["functions"] = [
        [node["t"], node["out"]] for node in nodes
        if node["op"] == "call_function" and counts(node)
    ]


def compact(folder, name):
    measured = json.loads((folder / f"models_{name}.json").read_text(encoding="utf-8"))
    params = measured["params"]
    kept = {
        "params": params["total"],
        "buffers": params["buffer_elements_without_num_batches_tracked"],
        "macs": total_macs(measured),
        "layers": [compact_layer(layer) for layer in measured["layers"]],
        "direct": [[item["name"], item["shape"]] for item in measured["direct_params"]],
    }
    graph = folder / f"graph_{name}.json"
    if graph.exists():
        add_graph(kept, json.loads(graph.read_text(encoding="utf-8"))["nodes"])
    return kept


def write(kept, path):
    """One line per layer, so that a difference can be read."""
    layers = kept.pop("layers")
    line = lambda value: json.dumps(value, separators=(",", ":"))
    text = ",\n ".join(line(layer) for layer in layers)
    rest = ",\n".join(f'"{key}":{line(value)}' for key, value in kept.items())
    path.write_text(f'{{{rest},\n"layers":[\n {text}]}}\n', encoding="utf-8")


def main():
    folder, output = map(pathlib.Path, sys.argv[1:3])
    for name in sys.argv[3:]:
        write(compact(folder, name), output / f"{name}.json")


if __name__ == "__main__":
    main()
