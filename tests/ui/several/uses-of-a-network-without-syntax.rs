use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> (logits: 10) {
        conv1: conv(6, 5x5) relu;
        fc: flatten, linear(10);
    }
}

const _: () = assert!(Net::PARAMS > 0 && Net::CONV1.params > 0);

fn main() {
    let _ = [0.0_f32; Net::OUTPUT.elements()];
    let _ = Net::stage("conv1");
}
