//! Files made by hand, and the networks that they are compared with.

#![allow(dead_code, reason = "each test uses a part")]
#![allow(missing_docs, reason = "test networks")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use shapewise::network;

/// A tensor of a file: its name, its type, its shape.
pub(crate) type Tensor<'a> = (&'a str, &'a str, &'a [u64]);

/// A file with this header and so many bytes after it.
pub(crate) fn raw(header: impl AsRef<[u8]>, data: usize) -> Vec<u8> {
    let header = header.as_ref();
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend_from_slice(header);
    file.resize(file.len() + data, 0);
    file
}

/// The beginning of a file with these tensors one after the other.
pub(crate) fn beginning(tensors: &[Tensor<'_>]) -> Vec<u8> {
    let (mut text, mut end) = (String::from("{"), 0);
    for (name, dtype, shape) in tensors {
        let begin = end;
        let bits = dtype.trim_start_matches(|c: char| !c.is_ascii_digit());
        let bytes = bits.parse::<u64>().unwrap() / 8;
        end += shape.iter().product::<u64>() * bytes;
        let comma = if text.len() > 1 { "," } else { "" };
        write!(
            text,
            r#"{comma}"{name}":{{"dtype":"{dtype}","shape":{shape:?},"data_offsets":[{begin},{end}]}}"#
        )
        .unwrap();
    }
    text.push('}');
    raw(text, 0)
}

/// The tensors of a list in `tests/data`: name, shape and type.
pub(crate) fn listed(model: &str) -> Vec<(String, String, Vec<u64>)> {
    let text = std::fs::read_to_string(data(&format!("{model}.tensors"))).unwrap();
    let lines = text.lines().map(|line| {
        let parts: Vec<&str> = line.split(' ').collect();
        let [name, shape, dtype] = parts[..] else {
            panic!("three parts: {line}");
        };
        let extents = shape.split('x').filter(|extent| *extent != "-");
        let shape = extents.map(|extent| extent.parse().unwrap()).collect();
        (name.to_owned(), dtype.to_owned(), shape)
    });
    lines.collect()
}

/// The beginning of a file with the tensors of a list under other names.
pub(crate) fn beginning_of(
    list: &[(String, String, Vec<u64>)],
    rename: impl Fn(&str) -> String,
) -> Vec<u8> {
    let names: Vec<String> = list.iter().map(|(name, ..)| rename(name)).collect();
    let tensors = names.iter().zip(list);
    let tensors: Vec<Tensor<'_>> = tensors
        .map(|(name, (_, dtype, shape))| (name.as_str(), dtype.as_str(), shape.as_slice()))
        .collect();
    beginning(&tensors)
}

/// A file in `tests/data`.
pub(crate) fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

network! {
    /// Two convolutions of 3x3, added to what came in.
    block BasicBlock(channels, stride = 1) {
        residual {
            conv1: conv(channels, 3x3, stride = stride, padding = half, bias = false);
            bn1: batch_norm, relu;
            conv2: conv(channels, 3x3, padding = half, bias = false);
            bn2: batch_norm;
        } shortcut if stride != 1 || input.channels != channels {
            downsample: { conv(channels, 1x1, stride = stride, bias = false), batch_norm; }
        }
        relu;
    }

    pub struct ResNet18(image: 224x224x3) -> (logits: 1000) {
        conv1: conv(64, 7x7, stride = 2, padding = half, bias = false);
        bn1: batch_norm, relu;
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        layer1: { BasicBlock(64); BasicBlock(64); }
        layer2: { BasicBlock(128, stride = 2); BasicBlock(128); }
        layer3: { BasicBlock(256, stride = 2); BasicBlock(256); }
        layer4: { BasicBlock(512, stride = 2); BasicBlock(512); }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(1000);

        assert params == 11_689_512;
    }

    pub struct AlexNet(image: 224x224x3) -> (logits: 1000) {
        features: {
            conv(64, 11x11, stride = 4, padding = 2), relu;
            max_pool(3x3, stride = 2);
            conv(192, 5x5, padding = 2), relu;
            max_pool(3x3, stride = 2);
            conv(384, 3x3, padding = 1), relu;
            conv(256, 3x3, padding = 1), relu;
            conv(256, 3x3, padding = 1), relu;
            max_pool(3x3, stride = 2);
        }
        avgpool: adaptive_avg_pool(6x6), flatten;
        classifier: {
            dropout(0.5), linear(4096), relu;
            dropout(0.5), linear(4096), relu;
            linear(1000);
        }

        assert params == 61_100_840;
    }

    /// The network of `small.safetensors`.
    pub struct Small(image: 32x32x3) -> (logits: 10) {
        conv1: conv(8, 3x3, padding = half, bias = false);
        bn1: batch_norm, relu;
        layer1: repeat 1 { BasicBlock(8); }
        layer2: repeat 1 { BasicBlock(12, stride = 2); }
        pool: global_avg_pool;
        fc: linear(10);
    }

    /// The network of `small_half.safetensors`.
    #[dtype(f16)]
    pub struct SmallHalf(image: 32x32x3) -> (logits: 10) {
        conv1: conv(8, 3x3, padding = half, bias = false);
        bn1: batch_norm, relu;
        layer1: repeat 1 { BasicBlock(8); }
        layer2: repeat 1 { BasicBlock(12, stride = 2); }
        pool: global_avg_pool;
        fc: linear(10);
    }

    /// The network of `tied.safetensors`.
    pub struct Tied(tokens: 5) -> 5x50 {
        embedding: embedding(50, 16);
        middle: linear(16);
        head: linear(50, bias = false, shared = embedding);
    }

    /// The same without tying.
    pub struct Untied(tokens: 5) -> 5x50 {
        embedding: embedding(50, 16);
        middle: linear(16);
        head: linear(50, bias = false);
    }

    /// A normalisation alone.
    pub struct Normal(image: 4x4x6) -> 4x4x6 {
        norm: batch_norm;
    }

    /// A vector through two layers of different sizes.
    pub struct Two(features: 4) -> 2 {
        first: linear(3), relu;
        second: linear(2);
    }

    /// Layers of one size, numbered.
    pub struct Stack(features: 6) -> 2 {
        layers: repeat 4 { linear(6); }
        head: linear(2);
    }

    /// Thousands of tensors.
    pub struct Deep(features: 6) -> 6 {
        layers: repeat 1000 { linear(6), relu; linear(6); }
    }

    /// A sequence whose activation has a number and no tensors.
    pub struct Sequence(image: 4x4x3) -> 4x4x2 {
        features: { conv(2, 1x1), batch_norm, relu; conv(2, 1x1), batch_norm; }
    }

    /// A sequence whose last layer has the weight of its first.
    pub struct TiedSequence(tokens: 5) -> 5x50 {
        #[name = "net.0"]
        table: embedding(50, 16);
        #[name = "net.2"]
        middle: linear(16);
        #[name = "net.4"]
        head: linear(50, bias = false, shared = table);
    }

    /// One convolution and one linear layer.
    pub struct Mixed(image: 4x4x3) -> 5 {
        conv: conv(7, 4x4), flatten;
        fc: linear(5);
    }
}
