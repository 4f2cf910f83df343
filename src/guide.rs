#![doc = include_str!("links.md")]
#![doc = include_str!("guide/README.md")]

pub mod budgets {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("guide/budgets.md")]
}

pub mod conventions {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("guide/conventions.md")]
}

pub mod counting {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("guide/counting.md")]
}

pub mod editor {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("guide/editor.md")]
}

pub mod embedded {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("guide/embedded.md")]
}

pub mod keras {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("guide/keras.md")]
    #![doc = include_str!("guide/keras_names.md")]
}

pub mod pytorch {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("guide/pytorch.md")]
    #![doc = include_str!("guide/pytorch_names.md")]
}

pub mod reading {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("guide/reading.md")]
}

pub mod serving {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("guide/serving.md")]
}

pub mod tool {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("guide/tool.md")]
}

pub mod training {
    #![doc = include_str!("links.md")]
    #![doc = include_str!("guide/training.md")]
}
