//! What the keywords of arguments do.

/// What a keyword does, where its argument's documentation does not say it.
pub(super) fn documentation(argument: &str, keyword: &str) -> Option<&'static str> {
    Some(match (argument, keyword) {
        ("padding", "same") => {
            "As much as makes the output `ceil(input / stride)`: TensorFlow's and ONNX's padding, the odd row or column at the end."
        }
        ("padding", "half") => {
            "`dilation*(kernel - 1)/2` on both sides: with a stride of 1 and an odd kernel, the output is as large as the input."
        }
        ("padding", "causal") => {
            "`dilation*(kernel - 1)` before the first position and nothing behind the last: no output sees what comes after it. On sequences only."
        }
        (_, "zeros") => "The padding is made of zeros.",
        (_, "constant") => "The padding is made of one number.",
        (_, "reflect") => "The padding mirrors the input at its border, without the border itself.",
        (_, "replicate") => "The padding repeats the border of the input.",
        (_, "circular") => "The padding is taken from the opposite side.",
        ("order", "channels_first") => {
            "The elements in the order of PyTorch's tensors: channels before the other axes."
        }
        ("order", "channels_last") => {
            "The elements in the order of Keras's tensors: channels after the other axes."
        }
        ("axis", "channels") => "The last axis: the channels of each position.",
        ("axis", "features") => "The last axis, by the word for vectors and sequences.",
        ("axis", "depth") => "The axis of depth.",
        ("axis", "height") => "The axis of height: rows.",
        ("axis", "width") => "The axis of width: columns.",
        ("axis", "positions") => "All axes before the last: every position.",
        ("axis", "length") => "The axis of length: positions of a sequence.",
        ("merge_mode", "concat") => "The results of both directions side by side.",
        ("merge_mode", "sum") => "The sum of both directions.",
        ("merge_mode", "mul") => "The product of both directions.",
        ("merge_mode", "ave") => "The mean of both directions.",
        ("activation" | "act", "silu") => "Sigmoid linear unit: `x*sigmoid(x)`.",
        ("qk_norm", "rms") => "Queries and keys are divided by their root mean square.",
        ("qk_norm", "layer") => "Queries and keys go through a layer normalisation.",
        ("partition", "window") => "Neighbours are a window, as in Swin.",
        ("partition", "grid") => {
            "A window is spread over the whole input: its positions are as far apart as there are windows along the axis, as in MaxViT."
        }
        ("index_buffers", "flat") => "The index is stored with all pairs in a row.",
        ("index_buffers", "matrix") => "The index is stored with a row for each position.",
        ("index_buffers", "none") => "Nothing is stored that follows from the window.",
        ("scores", "softmax") => "The scores of all experts add up to 1.",
        ("scores", "sigmoid") => "Each expert is scored by itself.",
        ("bias", "single") => "One bias for each gate, as Keras has it, where PyTorch has two.",
        ("activation" | "nonlinearity", "relu") => "Rectified linear unit: `max(0, x)`.",
        ("activation", "gelu") => "Gaussian error linear unit.",
        ("nonlinearity", "tanh") => "Hyperbolic tangent.",
        ("approximate", "none") => "The exact formula.",
        ("approximate", "tanh") => "The formula of GPT-2 and BERT, with a hyperbolic tangent.",
        ("mode", "row") => "Samples are dropped one by one.",
        ("mode", "batch") => "The whole batch is dropped.",
        ("mode", "nearest") => "The nearest element, by the floor of its position.",
        ("mode", "nearest_exact") => "The nearest element, by the centres of elements.",
        ("mode", "linear") => "Linear interpolation on one axis.",
        ("mode", "bilinear") => "Linear interpolation on two axes.",
        ("mode", "bicubic") => "Cubic interpolation on two axes.",
        ("mode", "trilinear") => "Linear interpolation on three axes.",
        ("mode", "area") => "The mean of the area that an element covers.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use shapewise_core::catalogue::entries;

    #[test]
    fn the_words_of_paddings_are_described() {
        let arguments = entries().flat_map(|entry| entry.arguments);
        let paddings = arguments.filter(|argument| argument.name.starts_with("padding"));
        let mut described = 0;
        for argument in paddings {
            for keyword in argument.accepts.keywords {
                let documentation = super::documentation(argument.name, keyword);
                assert!(documentation.is_some(), "{} = {keyword}", argument.name);
                described += 1;
            }
        }
        assert!(described > 0);
    }
}
