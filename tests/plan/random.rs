//! Random plans of small networks against what the papers say, calculated without the library:
//! parameters by hand, whole tensors divided by counting devices one by one.

use proptest::prelude::*;
use shapewise::graph::DType;
use shapewise::plan::{Checkpoint, Optimizer, Training};
use shapewise::{Network, network};

/// Positions, features, layers, the features in between, tokens.
const S: u64 = 16;
const H: u64 = 24;
const L: u64 = 6;
const F: u64 = 96;
const V: u64 = 50;

network! {
    block Layer() {
        residual { linear(96), relu, linear(24); }
    }

    struct Mlp(tokens: 16) -> (logits: 16x50) {
        embed: embedding(50, 24);
        h: repeat 6 { Layer; }
        head: linear(50);
    }
}

/// A device of a stage: what it has of each tensor.
struct Device {
    /// Elements of tensors that are divided, and of those that are whole.
    parameters: u64,
    /// Bytes that one sample leaves on it, of each element 1.
    kept: u64,
    macs: u64,
    largest: u64,
    copies: u64,
}

/// The statements of the network in their order: embedding, layers, head.
fn pieces(t: u64) -> Vec<Device> {
    // The first product has its rows divided, with their biases; the second its columns.
    let up = (H * F + F) / t;
    let down = F * H / t + H;
    let embed = Device {
        parameters: V * H,
        kept: 0,
        macs: 0,
        largest: V * H,
        copies: 0,
    };
    let mut all = vec![embed];
    for _ in 0..L {
        all.push(Device {
            parameters: up + down,
            // What enters, whole, and what relu gives, of which each has a part.
            kept: S * H + S * F / t,
            macs: 2 * S * H * F,
            largest: up.max(down),
            copies: 1,
        });
    }
    let head = (H * V + V).div_ceil(t);
    all.push(Device {
        parameters: head,
        kept: S * H,
        macs: S * H * V,
        largest: head,
        copies: 0,
    });
    all
}

/// All ways to cut a row into so many stages; the first with the least largest MACs, of which
/// each stage has as much as it can.
fn stages(pieces: &[Device], count: usize) -> Vec<(usize, usize)> {
    let total =
        |from: usize, to: usize| pieces[from..to].iter().map(|piece| piece.macs).sum::<u64>();
    fn least(from: usize, left: usize, end: usize, total: &dyn Fn(usize, usize) -> u64) -> u64 {
        if left == 1 {
            return total(from, end);
        }
        (from + 1..=end - left + 1)
            .map(|cut| total(from, cut).max(least(cut, left - 1, end, total)))
            .min()
            .expect("a cut")
    }
    let bound = least(0, count, pieces.len(), &total);
    let mut cuts = Vec::new();
    let mut from = 0;
    for left in (0..count).rev() {
        let mut to = from + 1;
        while to < pieces.len() - left && (left == 0 || total(from, to + 1) <= bound) {
            to += 1;
        }
        cuts.push((from, to));
        from = to;
    }
    cuts
}

/// A plan that can be.
fn plans() -> impl Strategy<Value = Training> {
    let kinds = prop::sample::select(vec![
        Optimizer::Sgd,
        Optimizer::Momentum,
        Optimizer::Adam,
        Optimizer::AdamW,
    ]);
    let types = prop::sample::select(vec![DType::F32, DType::Bf16, DType::F16]);
    let again = prop::sample::select(vec![
        Checkpoint::None,
        Checkpoint::Attention,
        Checkpoint::Copies,
    ]);
    let shares = prop::sample::select(vec![1u64, 2, 4, 8]);
    (
        kinds,
        types,
        again,
        shares,
        1..=8u64,
        1..=6u64,
        (0..4u64, 1..=5u64, 1..=40u64),
        any::<Option<bool>>(),
    )
        .prop_map(
            |(
                kind,
                dtype,
                again,
                tensor,
                pipeline,
                replicas,
                (zero, accumulate, batch),
                master,
            )| {
                let plan = Training::with(kind)
                    .dtype(dtype)
                    .checkpoint(again)
                    .tensor(tensor)
                    .pipeline(pipeline)
                    .devices(tensor * pipeline * replicas)
                    .zero(zero)
                    .accumulate(accumulate)
                    .batch(batch);
                match master {
                    Some(master) => plan.master(master),
                    None => plan,
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn plans_are_what_the_papers_say(plan in plans()) {
        let width = if plan.dtype == Some(DType::F32) { 4 } else { 2 };
        let replicas = plan.devices / plan.tensor / plan.pipeline;
        let samples = plan.batch.div_ceil(replicas * plan.accumulate);
        let master = plan.master.unwrap_or(width == 2);
        let states = match plan.optimizer {
            Optimizer::Sgd => 0,
            Optimizer::Momentum => 1,
            _ => 2,
        };
        let pieces = pieces(plan.tensor);
        let cuts = stages(&pieces, usize::try_from(plan.pipeline).unwrap());
        let mut worst = 0;
        for (stage, (from, to)) in cuts.into_iter().enumerate() {
            let own = &pieces[from..to];
            let parameters: u64 = own.iter().map(|piece| piece.parameters).sum();
            // ZeRO: the largest of what devices have that take turns.
            let divided = |from: u64, bytes: u64| match plan.zero >= from {
                true => (0..replicas).map(|device| (bytes + device) / replicas).max().unwrap(),
                false => bytes,
            };
            let mut total = divided(3, parameters * width) + divided(2, parameters * width);
            if master {
                total += divided(1, parameters * 4);
            }
            total += divided(1, parameters * states * if master { 4 } else { width });
            if plan.zero == 3 && replicas > 1 {
                let largest = own.iter().map(|piece| piece.largest).max().unwrap();
                total += 2 * largest * width;
            }
            // One forth, one back: as many parts as stages follow, itself one of them.
            let flight = (plan.pipeline - stage as u64).min(plan.accumulate);
            let again = plan.checkpoint == Checkpoint::Copies;
            let mut kept = 0;
            let mut recomputed = 0;
            for (place, piece) in own.iter().enumerate() {
                let entering = S * H * width * samples;
                if again && piece.copies > 0 {
                    kept += entering;
                    recomputed = recomputed.max((piece.kept - S * H) * width * samples);
                } else {
                    kept += piece.kept * width * samples;
                }
                if from + place == 0 {
                    // The embedding keeps its indices, of 8 bytes.
                    kept += S * 8 * samples;
                }
            }
            total += kept * flight + recomputed;
            worst = worst.max(total);
        }
        let need = plan.train(Mlp::GRAPH).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(need.total(), worst, "{:?}", need);
        prop_assert_eq!(plan.of(Mlp::GRAPH), need);
    }
}

#[test]
fn the_network_is_as_counted_by_hand() {
    let parameters: u64 = pieces(1).iter().map(|piece| piece.parameters).sum();
    assert_eq!(Mlp::PARAMS, parameters);
    assert_eq!(
        Mlp::MACS,
        pieces(1).iter().map(|piece| piece.macs).sum::<u64>()
    );
}
