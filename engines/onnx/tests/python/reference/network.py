"""A network from its data: every node in turn."""

import numpy as np

from . import activation, attention, convolution, dense, merge, normalisation, pooling
from . import parametrization, recurrent, shape

LAYERS = {
    **activation.LAYERS,
    **attention.LAYERS,
    **convolution.LAYERS,
    **dense.LAYERS,
    **merge.LAYERS,
    **normalisation.LAYERS,
    **pooling.LAYERS,
    **recurrent.LAYERS,
    **shape.LAYERS,
}


def run(graph, inputs, tensors):
    """The outputs, for inputs as the model has them."""
    values = {}
    for place, port in enumerate(graph["inputs"]):
        value = inputs[port["name"]]
        if value.dtype != np.int64:
            value = value.astype(np.float64)
        values[place] = np.moveaxis(value, 1, -1) if value.ndim > 3 else value
    for node in graph["nodes"]:
        own = {
            each["local"]: tensors[each["name"]].astype(np.float64)
            for each in node["tensors"]
            if each["name"] in tensors
        }
        own = parametrization.made(node["layer"], node["args"], own)
        results = LAYERS[node["layer"]](
            [values[place] for place in node["inputs"]], node["args"], own
        )
        if not isinstance(results, list):
            results = [results]
        for result in range(node["results"]):
            place = node["output"] + result
            assert list(results[result].shape[1:]) == graph["values"][place], node["path"]
            values[place] = results[result]
    return [values[place] for _, place in graph["outputs"]]
