"""The layers of the language in plain NumPy, from PyTorch's definitions.

Values are as in the notation: the batch, spatial axes, channels last. Nothing here
is shared with the export: not the layout, not the arithmetic of windows.
"""
