"""The source as a tree: statements, units, and what they refer to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .graph import Call, Node
from .values import Value


@dataclass(eq=False)
class Ref:
    """A value that is read by name: `_`, `input`, a label, or a block's parameter."""

    value: Value
    text: str | None = None
    #: Whether the layer is meant, whose weight another one has too.
    shares: bool = False


@dataclass(eq=False)
class Layer:
    op: str
    args: dict[str, Any]
    #: The values that are written in parentheses, of merges.
    operands: list[Ref] | None = None
    #: The last segment of its path; `None` where any will do.
    name: str | None = None
    tensors: dict[str, str] = field(default_factory=dict)
    node: Node | None = None
    #: What is written before it.
    attr: str | None = None


@dataclass(eq=False)
class Group:
    body: list[Stmt]
    name: str | None
    call: Call
    attr: str | None = None
    #: What flows in, and whether it is read by name in the body.
    main: Value | None = None
    reads_input: bool = False
    #: Values of around that the body reads.
    outside: list[Value] = field(default_factory=list)


@dataclass(eq=False)
class Residual:
    body: list[Stmt]
    shortcut: list[Stmt] | None = None
    #: Where the addition, or the shortcut, is there only if it holds.
    when: Any = None
    shortcut_when: Any = None
    name: None = None
    #: The addition that it stands for.
    node: Node | None = None


@dataclass(eq=False)
class Branches:
    op: str
    args: dict[str, Any]
    bodies: list[list[Stmt]]
    name: None = None
    #: The merge that they stand for.
    node: Node | None = None


@dataclass(eq=False)
class If:
    condition: Any
    body: list[Stmt]
    name: None = None


@dataclass(eq=False)
class Repeat:
    body: list[Stmt]
    count: int
    var: str | None = None
    start: int = 0
    name: str | None = None


@dataclass(eq=False)
class BlockCall:
    block: str
    #: All of its arguments, those that are the default too.
    args: dict[str, Any]
    name: str | None
    call: Call | None = None
    attr: str | None = None
    #: The parameters of the block: name, default, and whether the value says what it is.
    params: list[tuple[str, Any, bool]] = field(default_factory=list)


@dataclass(eq=False)
class Stmt:
    units: list[Any]
    frm: Ref | None = None
    label: str | None = None
    labels: list[str] | None = None
    attr: str | None = None
    #: The values that leave it, and its shape.
    outs: list[Value] = field(default_factory=list)
    shape: tuple[int, ...] | None = None
    expect: bool = False
    comment: str | None = None
    #: The value after each unit.
    after: list[Value] = field(default_factory=list)
    #: Whether its value is read by name.
    read: bool = False
    #: A label that no module has, and the `#[name]` that goes without it.
    made_label: bool = False
    kept_attr: str | None = None


UNITS = (Layer, Group, Residual, Branches, If, Repeat, BlockCall)
