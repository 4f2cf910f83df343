//! The tensors of recurrent layers, with PyTorch's names in PyTorch's order.

use super::{Biases, Recurrent};
use crate::extents::Extents;
use crate::layer::{Role, Tensor, TensorName};

/// The tensors of one direction of one layer, in their order.
const SLOTS: [(&str, Slot); 5] = [
    ("weight_ih_l", Slot::Input),
    ("weight_hh_l", Slot::Hidden),
    ("bias_ih_l", Slot::FirstBias),
    ("bias_hh_l", Slot::SecondBias),
    ("weight_hr_l", Slot::Projection),
];

#[derive(Clone, Copy)]
enum Slot {
    Input,
    Hidden,
    FirstBias,
    SecondBias,
    Projection,
}

pub(super) const fn tensor(recurrent: &Recurrent, index: usize) -> Option<Tensor> {
    let each = each(recurrent);
    let run = index / each;
    let (layer, direction) = (run / recurrent.directions(), run % recurrent.directions());
    if layer >= recurrent.layers {
        return None;
    }
    let mut left = index % each;
    let mut i = 0;
    while i < SLOTS.len() {
        let (stem, slot) = SLOTS[i];
        if has(recurrent, slot) {
            if left == 0 {
                let (extents, role) = shape(recurrent, slot, layer);
                return Some(Tensor {
                    name: TensorName {
                        stem,
                        index: Some(layer),
                        suffix: if direction == 0 { "" } else { "_reverse" },
                    },
                    extents,
                    role,
                });
            }
            left -= 1;
        }
        i += 1;
    }
    None
}

/// How many tensors each direction of each layer has.
const fn each(recurrent: &Recurrent) -> usize {
    let mut count = 0;
    let mut i = 0;
    while i < SLOTS.len() {
        if has(recurrent, SLOTS[i].1) {
            count += 1;
        }
        i += 1;
    }
    count
}

const fn has(recurrent: &Recurrent, slot: Slot) -> bool {
    match slot {
        Slot::Input | Slot::Hidden => true,
        Slot::FirstBias => !matches!(recurrent.biases, Biases::None),
        Slot::SecondBias => matches!(recurrent.biases, Biases::Double),
        Slot::Projection => recurrent.projection.is_some(),
    }
}

const fn shape(recurrent: &Recurrent, slot: Slot, layer: usize) -> (Extents, Role) {
    let rows = recurrent.gates() * recurrent.features;
    match slot {
        Slot::Input => (
            Extents::new(&[rows, recurrent.entering(layer)]),
            Role::Weight,
        ),
        Slot::Hidden => (Extents::new(&[rows, recurrent.state()]), Role::Weight),
        Slot::FirstBias | Slot::SecondBias => (Extents::new(&[rows]), Role::Bias),
        Slot::Projection => (
            Extents::new(&[recurrent.state(), recurrent.features]),
            Role::Weight,
        ),
    }
}
