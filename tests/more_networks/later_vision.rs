//! Vision networks, against the parameters of timm 1.0.31 (`mixer_b16_224`, `convnextv2_tiny`),
//! torchvision 0.29.2 (`efficientnet_v2_s`) and `transformers` 5.24.0
//! (`SegformerForSemanticSegmentation`, B0 with 150 classes).

use shapewise::network;

network! {
    block MixerLayer(tokens, channels) {
        residual {
            norm1: layer_norm(eps = 1e-6);
            permute([1, 0]);
            mlp_tokens: { fc1: linear(tokens), gelu; fc2: linear(196); }
            permute([1, 0]);
        }
        residual {
            norm2: layer_norm(eps = 1e-6);
            mlp_channels: { fc1: linear(channels), gelu; fc2: linear(768); }
        }
    }

    /// MLP-Mixer B/16 (Tolstikhin et al., 2021).
    pub struct MlpMixer(image: 224x224x3) -> (classes: 1000) {
        stem: conv(768, 16x16, stride = 16), to_sequence;
        blocks: repeat 12 { MixerLayer(384, 3072); }
        norm: layer_norm(eps = 1e-6);
        head: mean, linear(1000);

        assert params == 59_880_472;
    }

    /// How strong each channel is among all, as its factor (Woo et al., 2023).
    block ResponseNorm(channels) {
        strength: square, sum, sqrt, normalize(p = 1), rescale(channels);
        weighted: mul(input, strength, broadcast = true), scale(init = 0.0);
        bias: from strength, parameter(channels, std = 0.0);
        shifted: add(weighted, bias, broadcast = true);
        add(shifted, input);
    }

    block ConvNextLayer(channels) {
        residual {
            dwconv: depthwise_conv(7x7, padding = half);
            norm: layer_norm(eps = 1e-6);
            pwconv1: linear(4 * channels, per_position = true), gelu;
            grn: ResponseNorm(4 * channels);
            pwconv2: linear(channels, per_position = true);
        }
    }

    /// ConvNeXt V2-T (Woo et al., 2023).
    pub struct ConvNextV2(image: 224x224x3) -> (classes: 1000) {
        stem: conv(96, 4x4, stride = 4), layer_norm(eps = 1e-6);
        stage1: repeat 3 { ConvNextLayer(96); }
        down2: layer_norm(eps = 1e-6), conv(192, 2x2, stride = 2);
        stage2: repeat 3 { ConvNextLayer(192); }
        down3: layer_norm(eps = 1e-6), conv(384, 2x2, stride = 2);
        stage3: repeat 9 { ConvNextLayer(384); }
        down4: layer_norm(eps = 1e-6), conv(768, 2x2, stride = 2);
        stage4: repeat 3 { ConvNextLayer(768); }
        head: mean, layer_norm(eps = 1e-6), linear(1000);

        assert params == 28_635_496;
    }

    block Norm(channels, kernel, stride = 1) {
        conv(channels, kernel, stride = stride, padding = half, bias = false), batch_norm(eps = 1e-3), silu;
    }

    block Fused(out, expand, stride = 1) {
        residual if stride == 1 && input.channels == out {
            if expand == 1 {
                Norm(out, 3x3, stride = stride);
            } else {
                Norm(expand * input.channels, 3x3, stride = stride);
                conv(out, 1x1, bias = false), batch_norm(eps = 1e-3);
            }
        }
    }

    block Inverted(out, expand, stride = 1) {
        let squeezed = div_floor(input.channels, 4);
        let wide = expand * input.channels;
        residual if stride == 1 && input.channels == out {
            Norm(wide, 1x1);
            deep: depthwise_conv(3x3, stride = stride, padding = half, bias = false), batch_norm(eps = 1e-3), silu;
            gate: mean, linear(squeezed), silu, linear(wide), sigmoid;
            mul(deep, gate, broadcast = true);
            conv(out, 1x1, bias = false), batch_norm(eps = 1e-3);
        }
    }

    /// EfficientNetV2-S (Tan and Le, 2021).
    pub struct EfficientNetV2(image: 384x384x3) -> (classes: 1000) {
        Norm(24, 3x3, stride = 2);
        repeat 2 { Fused(24, 1); }
        repeat i in 0..4 { Fused(48, 4, stride = if i == 0 { 2 } else { 1 }); }
        repeat i in 0..4 { Fused(64, 4, stride = if i == 0 { 2 } else { 1 }); }
        repeat i in 0..6 { Inverted(128, 4, stride = if i == 0 { 2 } else { 1 }); }
        repeat i in 0..9 { Inverted(160, 6); }
        repeat i in 0..15 { Inverted(256, 6, stride = if i == 0 { 2 } else { 1 }); }
        Norm(1280, 1x1);
        classifier: mean, dropout(0.2), linear(1000);

        assert params == 21_458_488;
    }

    block Efficient(heads, ratio) {
        let width = input.channels;
        q: to_sequence, linear(width);
        if ratio > 1 {
            seen: from input, conv(width, [ratio, ratio], stride = ratio), to_sequence, layer_norm;
        } else {
            seen: from input, to_sequence;
        }
        k: linear(width);
        v: from seen, linear(width);
        scaled_dot_product_attention(q, k, v, heads = heads);
        proj: linear(width), reshape([input.height, input.width, width], order = channels_last);
    }

    block SegformerLayer(heads, ratio) {
        let width = input.channels;
        residual { norm1: layer_norm; attention: Efficient(heads, ratio); }
        residual {
            norm2: layer_norm;
            dense1: linear(4 * width, per_position = true);
            dwconv: depthwise_conv(3x3, padding = half), gelu;
            dense2: linear(width, per_position = true);
        }
    }

    block Stage(width, kernel, stride, heads, ratio) {
        embed: conv(width, kernel, stride = stride, padding = half), layer_norm;
        blocks: repeat 2 { SegformerLayer(heads, ratio); }
        norm: layer_norm;
    }

    /// SegFormer B0 (Xie et al., 2021).
    pub struct Segformer(image: 512x512x3) -> (map: 128x128x150) {
        stage1: Stage(32, 7x7, 4, 1, 8);
        stage2: Stage(64, 3x3, 2, 2, 4);
        stage3: Stage(160, 3x3, 2, 5, 2);
        stage4: Stage(256, 3x3, 2, 8, 1);
        c4: linear(256, per_position = true), upsample(8, mode = bilinear);
        c3: from stage3, linear(256, per_position = true), upsample(4, mode = bilinear);
        c2: from stage2, linear(256, per_position = true), upsample(2, mode = bilinear);
        c1: from stage1, linear(256, per_position = true);
        concat(c4, c3, c2, c1);
        fuse: conv(256, 1x1, bias = false), batch_norm, relu, dropout(0.1);
        classifier: conv(150, 1x1);

        assert params == 3_752_694;
    }
}
