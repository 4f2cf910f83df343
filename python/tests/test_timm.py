"""Models of timm whose modules are written for speed, or on tables that nobody learns."""

import pytest
import shapewise
import torch

timm = pytest.importorskip("timm")


def test_windows_and_tables_of_positions_compute_what_the_models_do(computed):
    from timm.models.edgenext import PositionalEncodingFourier
    from timm.models.swin_transformer import SwinTransformer

    class Encoded(torch.nn.Module):
        """Sines and cosines of rows and columns, as XCiT and EdgeNeXt have them."""

        def __init__(self):
            super().__init__()
            self.stem = torch.nn.Conv2d(3, 8, 4, 4)
            self.pos = PositionalEncodingFourier(hidden_dim=6, dim=8)

        def forward(self, x):
            x = self.stem(x)
            return x + self.pos((1, *x.shape[2:]))

    swin = SwinTransformer(img_size=56, patch_size=4, window_size=7, embed_dim=12, depths=(2, 2), num_heads=(2, 3), num_classes=5)
    image = torch.randn(2, 3, 56, 56, generator=torch.Generator().manual_seed(0))
    wrong = computed({"swin": (swin, [image]), "encoded": (Encoded(), [image[:, :, :20]])})
    assert not wrong, wrong


@pytest.mark.parametrize("version", ["swin_transformer", "swin_transformer_v2"])
def test_windows_without_weights_are_those_of_the_model(version):
    """Masks and indices that are made where the weights are keep their numbers."""
    module = pytest.importorskip(f"timm.models.{version}")
    cls = getattr(module, "SwinTransformer" if version == "swin_transformer" else "SwinTransformerV2")

    def make():
        return cls(img_size=56, patch_size=4, window_size=7, embed_dim=12, depths=(2, 2), num_heads=(2, 3), num_classes=5, attn_drop_rate=0.1)

    inputs = [((3, 56, 56), torch.float32)]
    with shapewise.meta():
        empty = make()
    source = shapewise.to_network(empty, inputs, name="Net")
    assert source == shapewise.to_network(make(), inputs, name="Net")
    assert "shift = 3" in source and "dropout = 0.1" in source
