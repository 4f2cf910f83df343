"""Checks exported models: `python check.py JOBS.json`.

A job names a model, the network as data (`graph`), and what to ask of it. The
process fails with a line for each job that fails.
"""

import json
import sys
import traceback

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, shape_inference

import corrupt
from reference import network

onnxruntime.set_default_logger_severity(3)


def model_axes(shape, batch):
    """A shape of the notation as the axes that the model has."""
    if len(shape) > 2:
        shape = [shape[-1], *shape[:-1]]
    return [batch, *shape]


def value_names(graph):
    """What each value of the network is called in the model."""
    names = dict(enumerate(port["name"] for port in graph["inputs"]))
    for node in graph["nodes"]:
        for result in range(node["results"]):
            label = node["names"][result] if node["names"] else f"output{result}"
            names[node["output"] + result] = f"{node['path']}.{label}"
    inputs = len(graph["inputs"])
    for name, place in reversed(graph["outputs"]):
        if place >= inputs:
            names[place] = name
    return names


def dims(info):
    """The axes that the model states; None for one that it does not know."""
    if not info.type.tensor_type.HasField("shape"):
        return None
    known = []
    for dim in info.type.tensor_type.shape.dim:
        if dim.HasField("dim_value"):
            known.append(dim.dim_value)
        elif dim.HasField("dim_param") and not dim.dim_param.startswith("unk__"):
            known.append(dim.dim_param)
        else:
            known.append(None)
    return known


def infos(model):
    graph = model.graph
    return {info.name: info for info in [*graph.input, *graph.value_info, *graph.output]}


def check_tensors(model, graph):
    """Every tensor is there under its name with its shape."""
    found = {info.name: dims(info) for info in model.graph.input}
    found |= {each.name: list(each.dims) for each in model.graph.initializer}
    for node in graph["nodes"]:
        for tensor in node["tensors"]:
            # Buffers that follow from the window.
            if tensor["local"] not in ("relative_position_index", "relative_coords_table"):
                name, shape = tensor["name"], tensor["shape"]
                assert found.get(name) == shape, f"{name}: {found.get(name)}, not {shape}"


def check_shapes(model, graph, batch):
    onnx.checker.check_model(model, full_check=True)
    check_tensors(model, graph)
    stated = infos(model)
    # Every value of the network has the shape that the definition says.
    for place, name in value_names(graph).items():
        wanted = model_axes(graph["values"][place], batch)
        assert name in stated, f"{name} has no shape"
        assert dims(stated[name]) == wanted, f"{name}: {dims(stated[name])}, not {wanted}"
    for name, place in graph["outputs"]:
        wanted = model_axes(graph["values"][place], batch)
        assert dims(stated[name]) == wanted, f"{name}: {dims(stated[name])}, not {wanted}"
    # ONNX's own inference contradicts none of them, and finds them by itself.
    shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    bare = onnx.ModelProto()
    bare.CopyFrom(model)
    # Except where ONNX has an operator as a function without inference.
    given = [
        name
        for node in model.graph.node
        if node.op_type == "GroupNormalization"
        for name in node.output
    ]
    del bare.graph.value_info[:]
    bare.graph.value_info.extend(stated[name] for name in given)
    for output in bare.graph.output:
        if output.name not in given:
            output.type.tensor_type.ClearField("shape")
    inferred = shape_inference.infer_shapes(
        bare, check_type=True, strict_mode=True, data_prop=True
    )
    found = infos(inferred)
    made = [name for node in model.graph.node for name in node.output]
    for name in made:
        assert name in stated, f"{name} has no shape"
        wanted, own = dims(stated[name]), dims(found[name]) if name in found else None
        assert own is not None, f"the shape of {name} cannot be inferred"
        assert len(own) == len(wanted), f"{name}: {own} inferred, not {wanted}"
        for axis, (one, other) in enumerate(zip(own, wanted)):
            # The batch can be lost where it moves to another place.
            lost = one is None and other == batch
            assert one == other or lost, f"{name}: {own} inferred, not {wanted}"


def feeds(job, model, graph, batch, random):
    """Small random inputs and weights, or zeros where only shapes are asked for."""
    entries = [
        node["args"]["entries"] for node in graph["nodes"] if node["layer"] == "embedding"
    ]
    ports = {port["name"] for port in graph["inputs"]}
    kinds = {TensorProto.FLOAT: np.float32, TensorProto.FLOAT16: np.float16}
    values = {}
    for info in model.graph.input:
        shape = [batch if not isinstance(dim, int) else dim for dim in dims(info)]
        kind = info.type.tensor_type.elem_type
        if job.get("zeros"):
            values[info.name] = np.zeros(shape, kinds.get(kind, np.int64))
        elif kind == TensorProto.INT64:
            values[info.name] = random.integers(0, min(entries), shape)
        elif info.name.endswith("running_var"):
            values[info.name] = random.uniform(0.5, 1.5, shape).astype(kinds[kind])
        else:
            # So that values neither vanish nor grow from layer to layer.
            size = np.prod(shape[1:]) ** -0.5 if len(shape) > 1 else 0.5
            scale = 1.0 if info.name in ports else size
            values[info.name] = (scale * random.standard_normal(shape)).astype(kinds[kind])
    return values


def session(job, model):
    # From the file where the weights are beside it.
    source = job["model"] if job.get("external") else model.SerializeToString()
    return onnxruntime.InferenceSession(source, providers=["CPUExecutionProvider"])


def check_run(job, model, graph, batch):
    samples = batch if isinstance(batch, int) else 3
    values = feeds(job, model, graph, samples, np.random.default_rng(7))
    outputs = session(job, model).run(None, values)
    for (name, place), output in zip(graph["outputs"], outputs):
        wanted = model_axes(graph["values"][place], samples)
        assert list(output.shape) == wanted, f"{name} is {list(output.shape)}, not {wanted}"
    return values, outputs


def tensors_of(job, model, values):
    """Every tensor by its name: the inputs that were made up, or the weights' file."""
    if "weights" in job:
        from safetensors.numpy import load_file

        return load_file(job["weights"])
    return {
        **values,
        **{each.name: onnx.numpy_helper.to_array(each) for each in model.graph.initializer},
    }


def check_values(job, model, graph, values, outputs):
    tensors = tensors_of(job, model, values)
    expected = network.run(graph, values, tensors)
    for (name, _), output, wanted in zip(graph["outputs"], outputs, expected):
        wanted = np.moveaxis(wanted, -1, 1) if wanted.ndim > 3 else wanted
        # What is no number here is none there: an odd root of a negative sum.
        assert np.isfinite(wanted).mean() > 0.3, f"{name} is not finite"
        tolerance = job.get("tolerance", 2e-5)
        np.testing.assert_allclose(
            output, wanted, rtol=10 * tolerance, atol=tolerance, err_msg=name
        )


def check(job):
    model = onnx.load(job["model"], load_external_data=False)
    with open(job["graph"]) as file:
        graph = json.load(file)
    if "corrupt" in job:
        getattr(corrupt, job["corrupt"])(model)
    assert model.ir_version == 10 and model.opset_import[0].version == 22
    batch = job["batch"]
    if job.get("external"):
        onnx.checker.check_model(job["model"], full_check=True)
        check_tensors(model, graph)
    else:
        check_shapes(model, graph, batch)
    if job["ask"] == "shapes":
        return
    values, outputs = check_run(job, model, graph, batch)
    if job["ask"] == "values":
        check_values(job, model, graph, values, outputs)


def main():
    with open(sys.argv[1]) as file:
        jobs = json.load(file)
    failed = 0
    for job in jobs:
        try:
            check(job)
        except Exception as error:
            failed += 1
            print(f"FAILED {job['model']}: {type(error).__name__}: {error}", file=sys.stderr)
            if not isinstance(error, AssertionError) and "corrupt" not in job:
                traceback.print_exc()
    print(f"{len(jobs) - failed} of {len(jobs)} models passed")
    sys.exit(1 if failed else 0)


main()
