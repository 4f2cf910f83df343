//! MaxViT.
//!
//! Tu et al. 2022, [*MaxViT: Multi-axis vision transformer*](https://arxiv.org/abs/2204.01697): after each convolutional
//! part attention within windows of 7x7, then within grids of 7x7 positions from all over the map. Height and
//! width are multiples of 224, so that 7 divides those of every map.

shapewise::network! {
    /// A convolution, batch normalisation, and GELU.
    pub block Conv2dNormActivation(channels, kernel = 3x3, stride = 1, groups = 1) {
        conv(channels, kernel, stride = stride, padding = half, groups = groups, bias = false),
            batch_norm(eps = 0.001, momentum = 0.01), gelu;
    }

    /// A factor per channel, computed from the channels' means.
    pub block SqueezeExcitation(squeeze) {
        avgpool: adaptive_avg_pool(1x1);
        fc1: conv(squeeze, 1x1), silu;
        fc2: conv(input.channels, 1x1), sigmoid;
        mul(_, input, broadcast = true);
    }

    /// An inverted bottleneck, four times as wide as what it gives; added to what came in, or to a projection of that
    /// where its resolution is halved. Training leaves it out with a probability of `drop`.
    pub block MBConv(channels, drop = 0.0, stride = 1) {
        residual {
            layers: {
                pre_norm: batch_norm(eps = 0.001, momentum = 0.01);
                conv_a: Conv2dNormActivation(4 * channels, 1x1);
                conv_b: Conv2dNormActivation(4 * channels, stride = stride, groups = 4 * channels);
                squeeze_excitation: SqueezeExcitation(channels / 4);
                conv_c: conv(channels, 1x1);
            }
            stochastic_depth(drop);
        } shortcut if stride == 2 {
            proj: { avg_pool(3x3, stride = 2, padding = 1); conv(channels, 1x1); }
        }
    }

    /// Attention within the parts of a map, heads of 32 channels each, and a feed-forward part; each is normalised
    /// first and added to what came in. The scores' scale is torchvision's, of all channels and not of a head's.
    pub block PartitionAttentionLayer(partition, scale, drop = 0.0) {
        residual {
            attn_layer: {
                layer_norm;
                #[tensor(
                    qkv.weight = "to_qkv.weight", qkv.bias = "to_qkv.bias",
                    proj.weight = "merge.weight", proj.bias = "merge.bias",
                )]
                attention(
                    input.channels / 32, window = 7x7, partition = partition, scale = scale,
                    relative_position_bias = true, index_buffers = matrix,
                ), dropout(0.0);
            }
            stochastic_depth(drop);
        }
        residual {
            mlp_layer: {
                layer_norm;
                linear(4 * input.channels, per_position = true), gelu;
                linear(input.channels, per_position = true), dropout(0.0);
            }
            stochastic_depth(drop);
        }
    }

    /// A convolutional part, attention within windows, attention within grids.
    pub block MaxVitLayer(channels, scale, drop = 0.0, stride = 1) {
        layers: {
            MBconv: MBConv(channels, drop = drop, stride = stride);
            window_attention: PartitionAttentionLayer(window, scale = scale, drop = drop);
            grid_attention: PartitionAttentionLayer(grid, scale = scale, drop = drop);
        }
    }

    /// Layers, the first of which halves the resolution. The later ones are left out more often: the network has
    /// `of` layers, `before` of them before these. `scale` is one by the root of the channels.
    pub block MaxVitBlock(channels, scale, depth, before, of, rate) {
        layers: {
            MaxVitLayer(channels, scale = scale, drop = rate * before / (of - 1), stride = 2);
            repeat i in 1..depth {
                MaxVitLayer(channels, scale = scale, drop = rate * (before + i) / (of - 1));
            }
        }
    }

    /// torchvision's `maxvit_t`.
    pub struct MaxVitT<const CLASSES: usize = 1000, const SIZE: usize = 224>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        stem: {
            Conv2dNormActivation(64, stride = 2);
            { conv(64, 3x3, padding = half); }
        }
        blocks: {
            MaxVitBlock(64, scale = 0.125, depth = 2, before = 0, of = 11, rate = 0.2);
            MaxVitBlock(128, scale = 0.08838834764831845, depth = 2, before = 2, of = 11, rate = 0.2);
            MaxVitBlock(256, scale = 0.0625, depth = 5, before = 4, of = 11, rate = 0.2);
            MaxVitBlock(512, scale = 0.04419417382415922, depth = 2, before = 9, of = 11, rate = 0.2);
        }
        classifier: {
            adaptive_avg_pool(1x1), flatten, layer_norm;
            linear(512), tanh;
            linear(CLASSES, bias = false);
        }
    }
}
