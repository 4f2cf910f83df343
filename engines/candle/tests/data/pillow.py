"""Writes pillow.bin: images as torchvision's transforms resize and cut them, by Pillow 13.0.0, which they call."""

from pathlib import Path

from PIL import Image

CASES = [(37, 23, 16, 13), (20, 31, 48, 41), (50, 50, 17, 17), (64, 48, 24, 17), (9, 40, 12, 9)]

parts = []
for width, height, shorter, size in CASES:
    places = range(width * height * 3)
    image = Image.frombytes("RGB", (width, height), bytes(n * n * 7 // 13 % 251 for n in places))
    # Source: torchvision's `_compute_resized_output_size` and `center_crop`.
    short, long = min(width, height), max(width, height)
    longer = int(shorter * long / short)
    to = (shorter, longer) if width <= height else (longer, shorter)
    image = image.resize(to, Image.Resampling.BILINEAR)
    left, top = (int(round((extent - size) / 2.0)) for extent in to)
    parts.append(image.crop((left, top, left + size, top + size)).tobytes())
Path(__file__).with_name("pillow.bin").write_bytes(b"".join(parts))
