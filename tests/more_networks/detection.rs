//! Detectors, against the parameters of `ultralytics` 8.4.190 (`yolov8n.yaml`) and of `transformers`
//! 5.24.0 (`DetrForObjectDetection`, ResNet-50, 91 classes).

use shapewise::network;

network! {
    block Conv(width, kernel, stride = 1) {
        conv: conv(width, kernel, stride = stride, padding = half, bias = false);
        bn: batch_norm(eps = 1e-3, momentum = 0.03), silu;
    }

    block Bottleneck(width, add) {
        residual if add { cv1: Conv(width, 3x3); cv2: Conv(width, 3x3); }
    }

    /// Half of the channels go through the bottlenecks; what each of them gives is read.
    block C2f(width, bottlenecks, add = false) {
        cv1: Conv(width, 1x1);
        (kept, first): channel_split(2);
        m: from first, repeat bottlenecks { Bottleneck(width / 2, add); }
        concat(kept, first, m.*);
        cv2: Conv(width, 1x1);
    }

    /// Pooling over 5, 9 and 13 positions, as three times over 5.
    block Sppf(width) {
        cv1: Conv(width / 2, 1x1);
        pooled: repeat 3 { max_pool(5x5, stride = 1, padding = half); }
        concat(cv1, pooled.*);
        cv2: Conv(width, 1x1);
    }

    block Head(features, width, out) {
        from features, Conv(width, 3x3);
        Conv(width, 3x3);
        conv(out, 1x1);
    }

    /// YOLOv8n (Ultralytics, 2023): for each of 8,400 cells the distances to the four sides of a
    /// box, and how likely each of 80 classes is.
    pub struct YoloV8n(image: 640x640x3) -> (sides: 8400x4, classes: 8400x80) {
        model: {
            Conv(16, 3x3, stride = 2);
            Conv(32, 3x3, stride = 2);
            C2f(32, 1, add = true);
            Conv(64, 3x3, stride = 2);
            #[name = "4"] eighth: C2f(64, 2, add = true)            => 80x80x64;
            Conv(128, 3x3, stride = 2);
            #[name = "6"] sixteenth: C2f(128, 2, add = true)        => 40x40x128;
            Conv(256, 3x3, stride = 2);
            C2f(256, 1, add = true);
            #[name = "9"] deepest: Sppf(256)                        => 20x20x256;
            upsample(2);
            concat(_, sixteenth);
            #[name = "12"] middle: C2f(128, 1);
            upsample(2);
            concat(_, eighth);
            #[name = "15"] small: C2f(64, 1)                        => 80x80x64;
            Conv(64, 3x3, stride = 2);
            concat(_, middle);
            #[name = "18"] medium: C2f(128, 1)                      => 40x40x128;
            Conv(128, 3x3, stride = 2);
            concat(_, deepest);
            #[name = "21"] large: C2f(256, 1)                       => 20x20x256;
            #[name = "22"]
            detect: {
                let maps = [small, medium, large];
                cv2: repeat map in maps { Head(map, 64, 4 * 16); }
                cv3: repeat map in maps { Head(map, 80, 80); }
                rows: repeat map in cv2.* { from map, to_sequence; }
                // Each distance is the mean of 0 to 15, by how likely they are.
                concat(rows.*, axis = length);
                reshape([8400, 4, 16], order = channels_last), softmax;
                dfl: { conv: conv(1, 1x1, bias = false); }
            }
        }
        sides: reshape([8400, 4]);
        rows: repeat map in model.detect.cv3.* { from map, to_sequence; }
        classes: concat(rows.*, axis = length), sigmoid;

        assert params == 3_157_200;
    }
}

network! {
    block Bottleneck(mid, stride = 1) {
        residual {
            conv1: conv(mid, 1x1, bias = false);
            bn1: batch_norm, relu;
            conv2: conv(mid, 3x3, stride = stride, padding = half, bias = false);
            bn2: batch_norm, relu;
            conv3: conv(4 * mid, 1x1, bias = false);
            bn3: batch_norm;
        } shortcut if input.channels != 4 * mid {
            downsample: { conv(4 * mid, 1x1, stride = stride, bias = false), batch_norm; }
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
            bn1: batch_norm, relu;
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
        bbox_predictor: from decoder, { layers: { linear(256), relu; linear(256), relu; linear(4); } }
        boxes: sigmoid;

        // The authors' batch norms do not learn: their 53,120 factors and offsets are buffers.
        assert params == 41_524_768 + 53_120;
    }
}
