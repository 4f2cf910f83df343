"""What a trace writes down: layers of the language, and the calls of modules they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .values import Value


class NetworkError(Exception):
    """What the language cannot say, with the module and the operation that ask for it."""


class Word(str):
    """A keyword of the language: `half`, `bilinear`."""


class Text(str):
    """A string of the language: `"lk,km->lm"`."""


class Extents(tuple):
    """Extents: `3x3`, printed as one argument."""


class Pairs(tuple):
    """A pair for each axis: `[(0, 1), (0, 1)]`."""


class Axes(tuple):
    """A list of numbers: `[0, 2, 1]`."""


class Range(tuple):
    """A half open range: `0..4`."""


@dataclass(eq=False)
class Call:
    """One call of a module that has layers in it."""

    path: str
    cls: str
    parent: Call | None
    items: list[Any] = field(default_factory=list)  # Node or Call
    source: Any = None  # the module itself


@dataclass(eq=False)
class Node:
    """A layer."""

    op: str
    #: Arguments by their names in the language; those in `positional` are written without.
    args: dict[str, Any]
    inputs: list[Value]
    scope: Call
    #: The path of the module that the layer is, or "" for a function.
    path: str = ""
    #: The tensors' names in the language ("" for a bare one) and in the state of the model.
    tensors: dict[str, str] = field(default_factory=dict)
    outputs: list[Value] = field(default_factory=list)
    #: The module's class, or "" for a function.
    cls: str = ""
    where: str = ""
    note: str = ""
    #: The network that it is, of a module that is called more than once.
    network: Graph | None = None
    #: A roll that the model takes back at once.
    undone: bool = False
    #: Whether the tensors are those of the module around, as a scan's are.
    flat: bool = False

    def __repr__(self) -> str:
        return f"{self.op}@{self.path or '?'}"


@dataclass
class Graph:
    """A traced model."""

    name: str
    root: Call
    inputs: list[Value]
    outputs: list[Value]
    output_names: list[str]
    params: int
    macs: int
    #: Dimensions of the inputs that are indices.
    indices: set[Value] = field(default_factory=set)
    #: Parameters that nothing reads, and those that are read.
    unused: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    #: For each output its place among what the module gives, and which dimension each of its axes is.
    layouts: list[tuple[int, list[int | None]]] = field(default_factory=list)
    #: For each input the order of its dimensions in the network.
    orders: list[list[int]] = field(default_factory=list)
    #: What a reader of the source has to know.
    notes: list[str] = field(default_factory=list)


#: Which arguments of a layer are written without their names, in their order.
POSITIONAL: dict[str, list[str]] = {
    "conv": ["channels", "kernel"],
    "depthwise_conv": ["kernel"],
    "deformable_conv": ["channels", "kernel", "offset"],
    "conv_transpose": ["channels", "kernel"],
    "max_pool": ["kernel"],
    "avg_pool": ["kernel"],
    "lp_pool": ["kernel"],
    "adaptive_avg_pool": ["size"],
    "adaptive_max_pool": ["size"],
    "linear": ["features"],
    "bilinear": ["features", "other"],
    "embedding": ["entries", "features"],
    "group_norm": ["groups"],
    "local_response_norm": ["size"],
    "leaky_relu": ["slope"],
    "dropout": ["p"],
    "stochastic_depth": ["p"],
    "reshape": ["shape"],
    "permute": ["axes"],
    "pad": ["padding"],
    "roll": ["shift"],
    "unfold": ["kernel"],
    "fold": ["size", "kernel"],
    "channel_shuffle": ["groups"],
    "channel_split": ["parts"],
    "pixel_shuffle": ["factor"],
    "pixel_unshuffle": ["factor"],
    "upsample": ["scale"],
    "rnn": ["features"],
    "lstm": ["features"],
    "gru": ["features"],
    "full_like": ["value"],
    "arange": ["start"],
    "rescale": ["factor"],
    "pow": ["exponent"],
    "threshold": ["threshold", "value"],
    "parameter": ["shape"],
    "expand": ["shape"],
    "rotary_embedding": ["heads"],
    "relative_position_bias": ["heads"],
    "window_position_bias": ["heads", "window"],
    "attention": ["heads"],
    "scaled_dot_product_attention": ["q", "k", "v"],
    "transformer_encoder": ["heads"],
    "transformer_decoder": ["heads"],
}

#: Defaults of arguments, which are not written.
DEFAULTS: dict[str, Any] = {
    "stride": 1,
    "padding": 0,
    "dilation": 1,
    "groups": 1,
    "bias": True,
    "padding_mode": Word("zeros"),
    "ceil_mode": False,
    "count_include_pad": True,
    "eps": 1e-5,
    "momentum": 0.1,
    "affine": True,
    "track_running_stats": True,
    "elementwise_affine": True,
    "axes": 1,
    "causal": False,
    "layers": 1,
    "bidirectional": False,
    "add_bias_kv": False,
    "add_zero_attn": False,
    "shift": 0,
    "relative_position_bias": False,
    "continuous_position_bias": False,
    "cosine": False,
    "key_bias": True,
    "partition": Word("window"),
    "align_corners": False,
    "mode": Word("nearest"),
    "broadcast": False,
    "per_position": False,
    "batch_axis": True,
    "multiplier": 1,
    "output_padding": 0,
    "per_channel": False,
    "approximate": Word("none"),
    "norm_first": False,
    "axis": Word("channels"),
    "order": Word("channels_first"),
    "count": 1,
    "alpha": 1e-4,
    "beta": 0.75,
    "k": 1.0,
    "init": 1e-5,
    "reverse": False,
    "proj_size": 0,
    "return_sequence": True,
    "nonlinearity": Word("tanh"),
    "reset_after": True,
    "slope": 0.01,
    "spatial_axes": False,
    "transposed": False,
    "keep": False,
    "unit_offset": False,
    "offset": 0.0,
    "weight": True,
}

#: Defaults of single layers, before those above.
LAYER_DEFAULTS: dict[tuple[str, str], Any] = {
    ("max_pool", "stride"): None,
    ("avg_pool", "stride"): None,
    ("lp_pool", "stride"): None,
    ("unfold", "stride"): 1,
    ("fold", "stride"): 1,
    ("elu", "alpha"): 1.0,
    ("celu", "alpha"): 1.0,
    ("softplus", "beta"): 1.0,
    ("softplus", "threshold"): 20.0,
    ("dropout", "p"): 0.5,
    ("attention", "dropout"): 0.0,
    ("scaled_dot_product_attention", "dropout"): 0.0,
    ("scaled_dot_product_attention", "heads"): 1,
    ("transformer_encoder", "dropout"): 0.1,
    ("transformer_encoder", "layer_norm_eps"): 1e-5,
    ("transformer_encoder", "feedforward"): 2048,
    ("transformer_encoder", "activation"): Word("relu"),
    ("transformer_encoder", "layers"): None,
    ("instance_norm", "affine"): False,
    ("instance_norm", "track_running_stats"): False,
    ("pad", "mode"): Word("zeros"),
    ("pad", "value"): 0.0,
    ("permute", "axes"): None,
    ("flatten", "order"): None,
    ("reshape", "order"): None,
    ("parameter", "batch_axis"): False,
    ("rotary_embedding", "base"): 10000.0,
    ("relative_position_bias", "buckets"): 32,
    ("relative_position_bias", "max_distance"): 128,
    ("relative_position_bias", "bidirectional"): True,
    ("normalize", "p"): 2.0,
    ("normalize", "eps"): 1e-12,
    ("hard_tanh", "least"): -1.0,
    ("hard_tanh", "most"): 1.0,
    ("mean", "axis"): Word("positions"),
    ("sum", "axis"): Word("positions"),
    ("max", "axis"): Word("positions"),
    ("min", "axis"): Word("positions"),
    ("logsumexp", "axis"): Word("positions"),
    ("lstm", "dropout"): 0.0,
    ("gru", "dropout"): 0.0,
    ("rnn", "dropout"): 0.0,
    ("rms_norm", "eps"): None,
    ("group_norm", "groups"): None,
    ("stochastic_depth", "mode"): Word("row"),
    ("embedding_bag", "mode"): Word("mean"),
    ("sinusoidal_embedding", "base"): 10000.0,
    ("arange", "start"): 0,
    ("arange", "step"): 1,
    ("index_select", "axis"): Word("length"),
    ("argmax", "axis"): Word("positions"),
    ("selective_scan", "groups"): None,
    ("transformer_decoder", "layers"): None,
    ("mixture_of_experts", "bias"): False,
    ("cosine_similarity", "eps"): 1e-8,
    ("channel_shuffle", "groups"): None,
}


def default(op: str, argument: str) -> Any:
    """What an argument is where it is not written; `None` where it has to be."""
    if (op, argument) in LAYER_DEFAULTS:
        return LAYER_DEFAULTS[op, argument]
    if argument in POSITIONAL.get(op, []):
        return None
    return DEFAULTS.get(argument)
