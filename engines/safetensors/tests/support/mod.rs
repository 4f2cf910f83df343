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
