shapewise::network! {
    pub struct Inner(image: 32x32x3) -> 32x32x6 {
        conv(6, 50x50);
    }

    pub struct Outer(image: 32x32x3) -> (logits: 10) {
        stem: Inner;
        head: flatten, linear(10);

        assert params <= 1M;
    }
}

const _: () = assert!(Outer::PARAMS > 10 && Outer::INPUT.elements() > 10);
const _: [u8; Outer::OUTPUT.elements()] = [0; Outer::OUTPUT.elements()];
const HEAD: shapewise::Stage = Outer::HEAD;

fn main() {
    println!("{} {}", Outer::summary(), HEAD.output);
    assert!(Outer::stage("stem").is_some());
    let _graph = <Outer as shapewise::Network>::GRAPH;
}
