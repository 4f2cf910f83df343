//! Networks of several kinds, as people write them.

use shapewise::network;

/// A network of elsewhere: what it takes, indices or numbers, the macro does not know.
mod tables {
    shapewise::network! {
        pub struct Words(ids: 24) -> (words: 24x5) {
            embedding(30, 5);
        }
    }
}

network! {
    pub struct LeNet(image: 28x28x1) -> (digits: 10) {
        conv1: conv(6, 5x5, padding = 2), tanh, avg_pool(2x2);
        conv2: conv(16, 5x5), tanh, avg_pool(2x2);
        fc1: flatten, linear(120), tanh;
        fc2: linear(84), tanh;
        fc3: linear(10);
    }

    block Basic(channels, stride = 1) {
        residual {
            conv1: conv(channels, 3x3, stride = stride, padding = 1, bias = false);
            bn1: batch_norm, relu;
            conv2: conv(channels, 3x3, padding = 1, bias = false);
            bn2: batch_norm;
        } shortcut if stride != 1 || input.channels != channels {
            downsample: { conv(channels, 1x1, stride = stride, bias = false); batch_norm; };
        }
        relu;
    }

    pub struct ResNet18(image: 64x64x3) -> (logits: 10) {
        conv1: conv(16, 7x7, stride = 2, padding = 3, bias = false);
        bn1: batch_norm, relu;
        max_pool(3x3, stride = 2, padding = 1);
        layer1: repeat 2 { Basic(16); }
        layer2: repeat i in 0..2 { Basic(32, stride = if i == 0 { 2 } else { 1 }); }
        layer3: repeat i in 0..2 { Basic(64, stride = if i == 0 { 2 } else { 1 }); }
        global_avg_pool;
        fc: linear(10);
    }

    /// Layers without paths of their own, with tensors and without.
    pub struct Flat(tokens: 6x8) -> (classes: 6x3) {
        #[flat] relu;
        #[flat] layer_norm;
        inner: { #[flat] linear(3); #[flat] #[tensor(weight = "gain")] prelu; tanh; }
    }

    block Separable(channels, stride = 1) {
        depthwise: depthwise_conv(3x3, stride = stride, padding = 1, bias = false), batch_norm, relu6;
        pointwise: conv(channels, 1x1, bias = false), batch_norm, relu6;
    }

    pub struct MobileNet(image: 32x32x3) -> (logits: 10) {
        stem: conv(8, 3x3, stride = 2, padding = 1, bias = false), batch_norm, relu6;
        one: Separable(16);
        two: Separable(32, stride = 2);
        excite: {
            squeezed: global_avg_pool, linear(8), relu, linear(32), sigmoid;
        }
        mul(two, excite, broadcast = true);
        hard_swish;
        mean;
        fc: linear(10);
    }

    block Twice(channels) {
        conv1: conv(channels, 3x3, padding = half), batch_norm, relu;
        conv2: conv(channels, 3x3, padding = half), batch_norm, relu;
    }

    pub struct UNet(image: 32x32x1) -> (mask: 32x32x2) {
        down1: Twice(8);
        max_pool(2x2);
        down2: Twice(16);
        max_pool(2x2);
        bottom: Twice(32);
        up2: conv_transpose(16, 2x2, stride = 2);
        concat(down2, _);
        right2: Twice(16);
        up1: conv_transpose(8, 2x2, stride = 2);
        concat(down1, _);
        right1: Twice(8);
        head: conv(2, 1x1);
    }

    pub struct Sentiment(words: 12) -> (score: 2) {
        table: embedding(50, 16);
        (sequence, hidden, _cell): lstm(24, layers = 2, bidirectional = true);
        from hidden, last;
        merged: linear(8);
        from sequence, mean, linear(8);
        add(_, merged);
        tanh;
        head: linear(2);
    }

    block Encoder(heads) {
        residual { ln_1: layer_norm; self_attention: attention(heads); }
        residual {
            ln_2: layer_norm;
            mlp: { linear(4 * input.features); gelu; linear(input.features); }
        }
    }

    pub struct ViT(image: 32x32x3) -> (heads: 10) {
        conv_proj: conv(32, 8x8, stride = 8);
        to_sequence;
        token: class_token;
        pos_embedding: positional_embedding;
        layers: repeat 2 { Encoder(4); }
        ln: layer_norm;
        first;
        head: linear(10);
    }

    pub struct Gpt(tokens: 16) -> (logits: 16x40) {
        wte: embedding(40, 24);
        wpe: positional_embedding(20, batch_axis = false);
        blocks: repeat 2 {
            residual { ln_1: layer_norm; attn: attention(3, causal = true); }
            residual { ln_2: layer_norm; mlp: { linear(48); gelu(approximate = tanh); linear(24); } }
        }
        ln_f: layer_norm;
        lm_head: linear(40, bias = false, shared = wte);
    }

    pub struct Keyword(samples: 64x1) -> (classes: 4, features: 8) {
        one: conv(8, 5, stride = 2, padding = half), batch_norm, relu, max_pool(2);
        two: conv(8, 3, padding = causal), batch_norm, relu;
        features: mean;
        classes: linear(4), softmax;
    }

    /// Indices on their way to a table, some of them read as numbers too.
    pub struct Segments(ids: 3x4, more: 12) -> (words: 24x5, sum: 12, same = sum: 12) {
        flatten(order = channels_last);
        all: concat(_, more);
        words: tables::Words;
        from all, slice(features = 0..12);
        sum: add(_, more), dropout(0.1);
    }
}
