//! Networks on points in space.

use shapewise::network;

network! {
    block Dense(width) { linear(width), batch_norm, relu; }

    /// A matrix that turns what comes in: as the paper has it, its last bias begins as the identity.
    block Transform {
        let dims = input.features;
        repeat width in [64, 128, 1024] { Dense(width); }
        max;
        Dense(512);
        Dense(256);
        linear(dims * dims), reshape([dims, dims], order = channels_last);
    }

    /// PointNet (Qi et al., 2017) for the 40 classes of ModelNet: "3.5M" parameters and "440M"
    /// multiply-accumulates in its table 6.
    pub struct PointNet(points: 1024x3) -> (classes: 40) {
        turn: Transform;
        matmul(points, turn);
        repeat width in [64, 64] { Dense(width); }
        local: identity;
        align: Transform;
        matmul(local, align);
        repeat width in [64, 128, 1024] { Dense(width); }
        max;
        Dense(512);
        Dense(256);
        dropout(0.3), linear(40);

        // 803,081 and 1,857,344 of both transforms, 819,624 of the rest.
        assert params == 803_081 + 1_857_344 + 819_624;
    }

    /// x, and its sines and cosines at as many octaves.
    block Octaves(bands) {
        waves: repeat i in 0..bands {
            at: from input, rescale(1 << i);
            sin: sin;
            from at, cos;
            concat(sin, _);
        }
        concat(input, waves.*);
    }

    /// NeRF (Mildenhall et al., 2020): of 64 points along a ray and the way to look, colour and
    /// density. The 595,844 parameters of the authors' code, of which there are two: coarse and fine.
    pub struct Nerf(points: 64x3, way: 64x3) -> (colour: 64x3, density: 64x1) {
        place: Octaves(10)                                  => 64x63;
        repeat 5 { linear(256), relu; }
        concat(place, _);
        seen: repeat 3 { linear(256), relu; }
        density: linear(1), relu;
        feature: from seen, linear(256);
        looked: from way, Octaves(4)                        => 64x27;
        concat(feature, looked);
        linear(128), relu;
        colour: linear(3), sigmoid;

        assert params == 595_844;
    }
}
