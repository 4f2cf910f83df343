#![doc = include_str!("links.md")]
#![doc = include_str!("reference/README.md")]

pub mod blocks {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("reference/blocks.md")]
}

pub mod layers {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("reference/layers.md")]
}

pub mod names {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("reference/names.md")]
}

pub mod networks {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("reference/networks.md")]
}

pub mod peers {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("reference/peers.md")]
}

pub mod results {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("reference/results.md")]
}

pub mod shapes {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("reference/shapes.md")]
}

pub mod structure {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("reference/structure.md")]
}

pub mod values {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("reference/values.md")]
}
