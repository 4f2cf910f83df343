//! YOLOv8n (Ultralytics, 2023): a detector at three resolutions, whose 3,157,200 parameters are those of
//! `yolov8n.yaml`. Repeats whose copies are all read, maps joined as one sequence.

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
                reshape([8400, 4, 16], order = channels_last), softmax; // allow(softmax_inside)
                dfl: { conv: conv(1, 1x1, bias = false); }
            }
        }
        sides: reshape([8400, 4], order = channels_last);
        rows: repeat map in model.detect.cv3.* { from map, to_sequence; }
        classes: concat(rows.*, axis = length), sigmoid;

        assert params == 3_157_200;
    }
}

fn main() {
    println!("{}", YoloV8n::summary().for_terminal());
}
