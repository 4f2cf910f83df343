"""PyTorch models as `network!` source.

    >>> import torchvision, shapewise
    >>> model = torchvision.models.alexnet()
    >>> print(shapewise.to_network(model, (3, 224, 224), name="AlexNet"))  # doctest: +SKIP

The source asserts the parameters and the multiply-accumulates that were measured on the model, and calls
every tensor as `state_dict` does: rustc checks the first, `shapewise-safetensors` the second.
"""

try:
    import torch as _torch  # noqa: F401
except ImportError:
    raise ImportError("shapewise imports models of PyTorch, which is not installed: pip install torch") from None

from .api import to_network
from .empty import meta
from .graph import NetworkError
from .weights import save

__all__ = ["NetworkError", "meta", "save", "to_network"]
