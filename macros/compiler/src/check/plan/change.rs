//! What to change of a plan so that it fits: found by trying.

use shapewise_core::plan::{Asked, Checkpoint, Need, Serving, Training, Weights};
use shapewise_core::report::Bytes;

use super::Planner;

/// A change of a plan: how it is written, the plan with it.
struct Change {
    text: String,
    asked: Asked,
}

impl Change {
    fn new(text: String, asked: Asked) -> Self {
        Self { text, asked }
    }
}

/// A way to need less.
enum Way {
    /// What is tried, that which costs least first.
    Each(Vec<Change>),
    /// The most of something, fewer than so many, and the change for a number of it.
    Most(u64, Box<dyn Fn(u64) -> Change>),
}

impl Way {
    /// The first change that fits, or that of most.
    fn find(
        self,
        planner: &mut Planner<'_, '_>,
        fits: &dyn Fn(&Need) -> bool,
    ) -> Option<(Change, Need)> {
        let mut tried = |change: Change| {
            let need = planner.need(&change.asked).ok()?;
            fits(&need).then_some((change, need))
        };
        match self {
            Self::Each(changes) => changes.into_iter().find_map(tried),
            Self::Most(than, change) => {
                let (mut least, mut most) = (1, than);
                let mut found = None;
                while least < most {
                    let middle = u64::midpoint(least, most);
                    match tried(change(middle)) {
                        Some(fitting) => {
                            found = Some(fitting);
                            least = middle + 1;
                        }
                        None => most = middle,
                    }
                }
                found
            }
        }
    }
}

/// The changes that fit, those that cost least first; nothing where none of what is tried
/// does.
pub(super) fn proposed(
    planner: &mut Planner<'_, '_>,
    asked: &Asked,
    fits: &dyn Fn(&Need) -> bool,
) -> Option<String> {
    let mut helps = Vec::new();
    let before = match planner.need(asked) {
        Ok(Need::Train(need)) => need.macs,
        _ => 0,
    };
    for way in ways(asked) {
        if helps.len() == 4 {
            break;
        }
        if let Some((change, need)) = way.find(planner, fits) {
            helps.push(format!(
                "`{}` ({}{})",
                change.text,
                Bytes(need.bytes()),
                more(before, &need)
            ));
        }
    }
    (!helps.is_empty()).then(|| helps.join(", or "))
}

/// What a change costs in multiply-accumulates.
fn more(before: u64, need: &Need) -> String {
    match need {
        Need::Train(need) if before > 0 && need.macs > before => {
            let percent = (need.macs - before).saturating_mul(100) / before;
            format!(", {percent}% more MACs")
        }
        _ => String::new(),
    }
}

/// The ways to need less, that which costs least first.
fn ways(asked: &Asked) -> Vec<Way> {
    match asked {
        Asked::Train(plan) => ways_to_train(*plan),
        Asked::Serve(plan) => ways_to_serve(*plan, Asked::Serve),
        Asked::Cache(plan) => ways_to_serve(*plan, Asked::Cache),
    }
}

fn ways_to_train(plan: Training) -> Vec<Way> {
    let train = |text: String, plan: Training| Change::new(text, Asked::Train(plan));
    let stages = (plan.zero + 1..=3).filter(|_| plan.replicas() > 1);
    let zero = stages.map(|stage| train(format!("zero = {stage}"), plan.zero(stage)));
    let kinds = [Checkpoint::Attention, Checkpoint::Copies, Checkpoint::Full];
    let now = kinds.iter().position(|kind| *kind == plan.checkpoint);
    let kinds = kinds.into_iter().skip(now.map_or(0, |now| now + 1));
    let again = kinds.map(|kind| {
        let text = format!("checkpoint = {}", kind.name());
        train(text, plan.checkpoint(kind))
    });
    let stage = plan.replicas().saturating_mul(plan.tensor);
    let experts = powers(plan.expert)
        .take_while(|expert| *expert <= stage)
        .map(|expert| train(format!("expert = {expert}"), plan.expert(expert)));
    // As many samples a step, fewer at once.
    let parts = powers(plan.accumulate);
    let parts = parts.filter(|parts| plan.replicas().saturating_mul(*parts) <= plan.batch);
    let parts = parts.map(|parts| train(format!("accumulate = {parts}"), plan.accumulate(parts)));
    let each = plan.replicas().saturating_mul(plan.accumulate).max(1);
    let batch = Way::Most(
        plan.micro_batch(),
        Box::new(move |samples| {
            let batch = samples.saturating_mul(each);
            let plan = plan.batch(batch);
            Change::new(format!("batch = {batch}"), Asked::Train(plan))
        }),
    );
    let more = |plan: Training, before: &'static str| {
        powers(1).take(10).map(move |times| {
            let devices = plan.devices.saturating_mul(times);
            train(
                format!("{before}devices = {devices}"),
                plan.devices(devices),
            )
        })
    };
    let all = plan.zero(3).checkpoint(Checkpoint::Full);
    let mut together = Vec::new();
    if plan.replicas() > 1 {
        together.push(train("zero = 3, checkpoint = full".to_owned(), all));
    }
    together.extend(more(all, "zero = 3, checkpoint = full, "));
    vec![
        Way::Each(experts.collect()),
        Way::Each(zero.collect()),
        Way::Each(parts.collect()),
        Way::Each(again.collect()),
        batch,
        Way::Each(more(plan, "").collect()),
        Way::Each(together),
    ]
}

fn ways_to_serve(plan: Serving, wrap: fn(Serving) -> Asked) -> Vec<Way> {
    let kinds = [Weights::Int8, Weights::Int4];
    let smaller = match plan.weights {
        Weights::Plain => &kinds[..],
        Weights::Fp8 | Weights::Int8 => &kinds[1..],
        Weights::Int4 => &[],
    };
    let weights = smaller.iter().map(|kind| {
        let text = format!("weights = {}", kind.name());
        Change::new(text, wrap(plan.weights(*kind)))
    });
    let batch =
        Box::new(move |batch| Change::new(format!("batch = {batch}"), wrap(plan.batch(batch))));
    let positions = Box::new(move |positions| {
        let text = format!("positions = {positions}");
        Change::new(text, wrap(plan.positions(positions)))
    });
    let experts = powers(plan.expert).take(10);
    let experts = experts.map(|expert| {
        let text = format!("expert = {expert}");
        Change::new(text, wrap(plan.expert(expert)))
    });
    vec![
        Way::Each(weights.collect()),
        Way::Each(experts.collect()),
        Way::Most(plan.batch, batch),
        Way::Most(plan.positions.unwrap_or(0), positions),
    ]
}

/// Twice, four times, ... of a number.
fn powers(from: u64) -> impl Iterator<Item = u64> {
    (1..32).map(move |power| from.saturating_mul(1 << power))
}
