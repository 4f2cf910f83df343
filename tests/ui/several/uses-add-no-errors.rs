use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> (logits: 10) {
        conv1: conv(6, 50x50), relu;
        head: {
            fc1: flatten, linear(120), relu;
            fc2: linear(10);
        }
    }
}

const _: () = assert!(Net::PARAMS == 61_706);
const _: () = assert!(Net::CONV1.params == 156 && Net::HEAD_FC1.macs > 0);
const LOGITS: usize = Net::OUTPUT.elements();
static BUFFER: [f32; Net::OUTPUT.elements()] = [0.0; LOGITS];

struct Engine<const N: usize>;

fn run<N: shapewise::Network>(_: N) -> usize {
    N::GRAPH.nodes().len()
}

fn main() {
    let _engine = Engine::<{ Net::INPUT.elements() }>;
    let _ = (BUFFER, run(Net), Net::stage("head.fc1"), Net::summary());
}
