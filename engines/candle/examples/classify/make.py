"""Writes a checkpoint of a ResNet-18 that goes by colours, and an image of an apple.

    python3 make.py FOLDER

The checkpoint has torchvision's names and shapes, in half precision. It was not trained: its first
convolution keeps the colour of each pixel, the residual blocks pass it on, and the last layer says which of
ten things has a colour most like the mean. Python's own library is all that it takes.
"""

import json
import struct
import sys
import zlib
from pathlib import Path

# What is said of a colour: ImageNet's class, and its red, green and blue.
THINGS = {
    14: (40, 70, 200),  # indigo bunting
    24: (128, 128, 128),  # great grey owl
    80: (20, 20, 25),  # black grouse
    130: (245, 140, 150),  # flamingo
    850: (140, 100, 60),  # teddy
    948: (120, 190, 60),  # Granny Smith
    949: (200, 30, 40),  # strawberry
    950: (240, 140, 30),  # orange
    951: (240, 220, 60),  # lemon
    970: (235, 240, 245),  # alp
}
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
SHIFT = 3  # no colour is below 0 then, where a ReLU would lose it
CLASSES = 1000


def tensors():
    """Names, shapes, and what is not 0 by its place."""
    ones = lambda count: {place: 1 for place in range(count)}

    def batch_norm(name, count, bias=()):
        yield f"{name}.weight", (count,), ones(count)
        yield f"{name}.bias", (count,), dict(bias)
        yield f"{name}.running_mean", (count,), {}
        yield f"{name}.running_var", (count,), ones(count)

    # The middle of the window, from each colour to a channel of its own.
    middle = {(colour * 3 + colour) * 49 + 24: 1 for colour in range(3)}
    yield "conv1.weight", (64, 3, 7, 7), middle
    yield from batch_norm("bn1", 64, {colour: SHIFT for colour in range(3)})
    channels = 64
    for stage, out in enumerate((64, 128, 256, 512), 1):
        for block in range(2):
            path = f"layer{stage}.{block}"
            yield f"{path}.conv1.weight", (out, channels, 3, 3), {}
            yield from batch_norm(f"{path}.bn1", out)
            yield f"{path}.conv2.weight", (out, out, 3, 3), {}
            yield from batch_norm(f"{path}.bn2", out)
            if channels != out:
                same = {colour * channels + colour: 1 for colour in range(3)}
                yield f"{path}.downsample.0.weight", (out, channels, 1, 1), same
                yield from batch_norm(f"{path}.downsample.1", out)
            channels = out
    # The nearest colour: |x - c|^2 without |x|^2, which all have, is linear.
    weight, bias = {}, {place: -50 for place in range(CLASSES)}
    for thing, colour in THINGS.items():
        seen = [(c / 255 - mean) / std + SHIFT for c, mean, std in zip(colour, MEAN, STD)]
        weight |= {thing * 512 + place: 2 * value for place, value in enumerate(seen)}
        bias[thing] = -sum(value * value for value in seen)
    yield "fc.weight", (CLASSES, 512), weight
    yield "fc.bias", (CLASSES,), bias


def checkpoint(path):
    header, parts, end = {}, [], 0
    for name, shape, values in tensors():
        count = 1
        for extent in shape:
            count *= extent
        data = bytearray(2 * count)
        for place, value in values.items():
            struct.pack_into("<e", data, 2 * place, value)
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [end, end + len(data)]}
        end += len(data)
        parts.append(data)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def apple(path, width=320, height=240):
    """A green disc with a lighter side, on white."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            right, down = (x - width / 2) / 118, (y - height / 2) / 112
            inside = right * right + down * down <= 1
            light = max(0, 1 - ((right + 0.4) ** 2 + (down + 0.4) ** 2) * 2)
            pixel = (110 + 90 * light, 190 + 40 * light, 50 + 90 * light)
            rows += bytes(int(value) for value in pixel) if inside else b"\xff\xff\xff"

    def chunk(kind, data):
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint(folder / "colours.safetensors")
    apple(folder / "apple.png")
    print(f"wrote {folder / 'colours.safetensors'} and {folder / 'apple.png'}")


main()
