"""Ways to damage a model, each of which the check must find."""

from onnx import helper


def wrong_value_info(model):
    """A shape that is not what comes out."""
    model.graph.value_info[0].type.tensor_type.shape.dim[-1].dim_value += 1


def wrong_output(model):
    model.graph.output[0].type.tensor_type.shape.dim[-1].dim_value += 1


def missing_value_info(model):
    del model.graph.value_info[0]


def wrong_attribute(model):
    """A window that moves by another stride."""
    node = next(node for node in model.graph.node if node.op_type == "Conv")
    attribute = next(each for each in node.attribute if each.name == "strides")
    attribute.ints[0] += 1


def wrong_attribute_type(model):
    node = next(node for node in model.graph.node if node.op_type == "Conv")
    node.attribute.append(helper.make_attribute("auto_pad", 3))


def unknown_operator(model):
    model.graph.node[0].op_type = "Convolve"


def lost_input(model):
    """A node that reads what nothing makes."""
    model.graph.node[0].input[0] = "nowhere"


def wrong_weight(model):
    """A weight of another shape."""
    weight = next(each for each in model.graph.input if each.name.endswith(".weight"))
    weight.type.tensor_type.shape.dim[1].dim_value += 1


def wrong_function(model):
    """Well formed, and not the network: only values show it."""
    node = next(node for node in model.graph.node if node.op_type == "Relu")
    node.op_type = "Sigmoid"
