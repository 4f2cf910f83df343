//! DETR, against the parameters of `transformers` 5.24.0 (`DetrForObjectDetection`, ResNet-50, 91 classes).

use shapewise::network;

network! {
    block Bottleneck(mid, stride = 1) {
        residual {
            conv1: conv(mid, 1x1, bias = false);
            bn1: batch_norm(frozen = true), relu;
            conv2: conv(mid, 3x3, stride = stride, padding = half, bias = false);
            bn2: batch_norm(frozen = true), relu;
            conv3: conv(4 * mid, 1x1, bias = false);
            bn3: batch_norm(frozen = true);
        } shortcut if input.channels != 4 * mid {
            downsample: { conv(4 * mid, 1x1, stride = stride, bias = false), batch_norm(frozen = true); }
        }
        relu;
    }

    block Stage(mid, blocks, stride = 2) {
        Bottleneck(mid, stride = stride);
        repeat blocks - 1 { Bottleneck(mid); }
    }

    block FeedForward {
        let width = input.features;
        residual { mlp: { fc1: linear(2048), relu; fc2: linear(width); } dropout(0.1); }
    }

    /// Queries and keys know where they are; values do not.
    block EncoderLayer(places) {
        residual {
            placed: add(_, places);
            self_attn: attention(8, memory = placed, value = input, dropout = 0.1, projections = separate);
            dropout(0.1);
        }
        self_attn_layer_norm: layer_norm;
        #[flat] FeedForward;
        final_layer_norm: layer_norm;
    }

    block DecoderLayer(queries, memory, places) {
        residual {
            placed: add(_, queries);
            self_attn: attention(8, memory = placed, value = input, dropout = 0.1, projections = separate);
            dropout(0.1);
        }
        self_attn_layer_norm: layer_norm;
        residual {
            add(_, queries);
            encoder_attn: attention(8, memory = places, value = memory, dropout = 0.1, projections = separate);
            dropout(0.1);
        }
        encoder_attn_layer_norm: layer_norm;
        #[flat] FeedForward;
        final_layer_norm: layer_norm;
    }

    /// Sines and cosines of the row, then of the column, of each position.
    block Places(wide) {
        let rows = input.height;
        let columns = input.width;
        mean(axis = width), mean(axis = features), arange(1), rescale(6.283185307179586 / rows);
        sinusoidal_embedding(features = wide / 2), reshape([rows, 1, wide / 2], order = channels_last);
        down: expand([rows, columns, wide / 2]);
        from input, mean(axis = height), mean(axis = features), arange(1), rescale(6.283185307179586 / columns);
        sinusoidal_embedding(features = wide / 2);
        across: expand([rows, columns, wide / 2]);
        concat(down, across), to_sequence;
    }

    /// DETR (Carion et al., 2020) with a ResNet-50: a hundred boxes with their classes.
    pub struct Detr(image: 800x1056x3) -> (classes: 100x92, boxes: 100x4) {
        backbone: {
            conv1: conv(64, 7x7, stride = 2, padding = half, bias = false);
            bn1: batch_norm(frozen = true), relu;
            max_pool(3x3, stride = 2, padding = 1);
            layer1: Stage(64, 3, stride = 1);
            layer2: Stage(128, 4);
            layer3: Stage(256, 6);
            layer4: Stage(512, 3)                       => 25x33x2048;
        }
        input_projection: conv(256, 1x1);
        places: Places(256);
        from input_projection, to_sequence;
        encoder: { layers: repeat 6 { EncoderLayer(places); } }
        keys: add(_, places);
        query_position_embeddings: parameter([100, 256]);
        full_like(0.0);
        decoder: {
            layers: repeat 6 { DecoderLayer(query_position_embeddings, memory = encoder, places = keys); }
            layernorm: layer_norm;
        }
        classes: linear(92);
        bbox_predictor: from decoder, {
            layers: {
                #[name = "0"] linear(256), relu;
                #[name = "1"] linear(256), relu;
                #[name = "2"] linear(4);
            }
        }
        boxes: sigmoid;

        assert params == 41_524_768;
    }
}
