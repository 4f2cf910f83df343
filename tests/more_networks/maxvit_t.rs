//! MaxViT-T (Tu et al., 2022), as torchvision has it.

use shapewise::network;

network! {
    block SqueezeExcitation(squeeze) {
        let width = input.channels;
        avgpool: adaptive_avg_pool(1x1);
        fc1: conv(squeeze, 1x1), silu;
        fc2: conv(width, 1x1), sigmoid;
        mul(_, input, broadcast = true);
    }

    block MbConv(out, stride) {
        residual {
            layers: {
                pre_norm: batch_norm(eps = 1e-3, momentum = 0.01);
                conv_a: { conv(4 * out, 1x1, bias = false), batch_norm(eps = 1e-3, momentum = 0.01), gelu; }
                conv_b: {
                    depthwise_conv(3x3, stride = stride, padding = half, bias = false);
                    batch_norm(eps = 1e-3, momentum = 0.01), gelu;
                }
                squeeze_excitation: SqueezeExcitation(out / 4);
                conv_c: conv(out, 1x1);
            }
        } shortcut if stride == 2 {
            proj: { avg_pool(3x3, stride = 2, padding = 1); conv(out, 1x1); }
        }
    }

    /// Windows of 7x7 that attend to themselves.
    block Attention(scale_of) {
        let width = input.channels;
        residual {
            attn_layer: {
                layer_norm;
                attention(width / 32, window = 7x7, relative_position_bias = true, scale = scale_of);
                dropout(0.0);
            }
        }
        residual {
            mlp_layer: {
                layer_norm;
                linear(4 * width, per_position = true), gelu;
                linear(width, per_position = true), dropout(0.0);
            }
        }
    }

    /// The positions that are as far apart as the image is large, a seventh of it, side by side; `back`
    /// where they were.
    block Grid(back = false) {
        let rows = input.height;
        let columns = input.width;
        let width = input.channels;
        if back {
            reshape([rows / 7, 7, columns / 7, 7, width], order = channels_last);
        } else {
            reshape([7, rows / 7, 7, columns / 7, width], order = channels_last);
        }
        permute([1, 0, 3, 2, 4]), reshape([rows, columns, width], order = channels_last);
    }

    block Layer(out, stride, scale_of) {
        layers: {
            MBconv: MbConv(out, stride);
            window_attention: Attention(scale_of);
            #[flat] Grid;
            grid_attention: Attention(scale_of);
            #[flat] Grid(back = true);
        }
    }

    /// The scores of a block are divided by the root of its width, not by that of a head's.
    block Block(out, copies, scale_of) {
        layers: repeat i in 0..copies { Layer(out, if i == 0 { 2 } else { 1 }, scale_of); }
    }

    /// MaxViT-T.
    pub struct MaxVitT(image: 224x224x3) -> (logits: 1000) {
        stem: {
            { conv(64, 3x3, stride = 2, padding = half, bias = false), batch_norm(eps = 1e-3, momentum = 0.01), gelu; }
            { conv(64, 3x3, padding = half); }
        }
        blocks: {
            Block(64, 2, 0.125)                     => 56x56x64;
            Block(128, 2, 0.08838834764831845)      => 28x28x128;
            Block(256, 5, 0.0625)                   => 14x14x256;
            Block(512, 2, 0.04419417382415922)      => 7x7x512;
        }
        classifier: {
            adaptive_avg_pool(1x1), flatten;
            layer_norm;
            linear(512), tanh;
            linear(1000, bias = false);
        }

        assert params == 30_919_624;
    }
}
