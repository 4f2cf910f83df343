//! Memory, receptive fields, depth and other tools' counts: of small networks
//! counted by hand, of published ones, and of random ones by brute force.

#[path = "analysis/budgets.rs"]
mod budgets;
#[path = "analysis/composed.rs"]
mod composed;
#[path = "analysis/conventions.rs"]
mod conventions;
#[path = "analysis/layers.rs"]
mod layers;
#[path = "analysis/memory.rs"]
mod memory;
#[path = "analysis/published.rs"]
mod published;
#[path = "analysis/random.rs"]
mod random;
#[path = "analysis/random_fields.rs"]
mod random_fields;
#[path = "analysis/receptive.rs"]
mod receptive;
#[path = "analysis/several.rs"]
mod several;
