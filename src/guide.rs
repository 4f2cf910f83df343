//! The guide: from counting by hand to a build that counts.
//!
//! | Page | About |
//! |:--|:--|
//! | [`counting`] | AlexNet counted by hand, then by the macro |
//! | [`reading`] | the table, the documentation, the constants: which figure means what |
//! | [`budgets`] | limits that fail the build, and what to do in continuous integration |
//! | [`embedded`] | `no_std`, static buffers of the size that the network needs |
//! | [`pytorch`] | coming from PyTorch: names, defaults, weights |
//! | [`keras`] | coming from Keras: names, defaults |
//! | [`training`] | a network that trains, loads what PyTorch learned, and is tuned, in burn |
//! | [`conventions`] | why tools count differently, and how to get their figures |
//!
//! The language itself is described in the [reference](crate::reference). Every
//! example on these pages is compiled and run as a test, but those of [`training`], which
//! need burn.

pub mod budgets {
    #![doc = include_str!("guide/budgets.md")]
}

pub mod conventions {
    #![doc = include_str!("guide/conventions.md")]
}

pub mod counting {
    #![doc = include_str!("guide/counting.md")]
}

pub mod embedded {
    #![doc = include_str!("guide/embedded.md")]
}

pub mod keras {
    #![doc = include_str!("guide/keras.md")]
    #![doc = include_str!("guide/keras_names.md")]
}

pub mod pytorch {
    #![doc = include_str!("guide/pytorch.md")]
    #![doc = include_str!("guide/pytorch_names.md")]
}

pub mod reading {
    #![doc = include_str!("guide/reading.md")]
}

pub mod training {
    #![doc = include_str!("guide/training.md")]
}
