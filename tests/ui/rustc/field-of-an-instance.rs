use shapewise::network;

network! {
    pub struct Net<const CHANNELS: usize, const KERNEL: usize>(image: 16x32x3) -> [10] {
        conv(CHANNELS, [KERNEL, 3]), relu;
        conv(CHANNELS, 3x3);
        global_avg_pool, linear(10);

        assert receptive_field >= [16, 2 * KERNEL];
    }

    pub struct Body<const CHANNELS: usize>(image: 16x32x3) -> [12, 28, CHANNELS] {
        conv(CHANNELS, 3x3), relu, conv(CHANNELS, 3x3);

        assert receptive_field == 5x7;
    }

    pub struct OneAxis<const CHANNELS: usize>(image: 16x32x3) -> [14, 30, CHANNELS] {
        conv(CHANNELS, 3x3);

        assert receptive_field >= 3;
    }
}

const _: u64 = Net::<8, 3>::PARAMS;
const _: u64 = Body::<8>::PARAMS;
const _: u64 = OneAxis::<8>::PARAMS;

fn main() {}
