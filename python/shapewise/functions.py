"""Functions of PyTorch as layers: what each makes of the views that go in, by its name."""

from . import activations, convolutions, images, joining, linear, movement, norms, operators, parts, reductions, scores  # noqa: F401
from .handlers import FUNCTIONS

__all__ = ["FUNCTIONS"]
