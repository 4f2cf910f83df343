//! Any bytes at all: never a panic, and never a file accepted that the format's own
//! reader refuses.

mod support;

use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use safetensors::SafeTensors;
use shapewise_safetensors::{Error, ErrorKind, Header, check, check_file, check_header};
use small::Small;
use support::{data, raw};

/// Reads and compares, and compares the verdict with that of the format's reader.
fn verdict(bytes: &[u8]) -> Result<(), Error> {
    let ours = check::<Small>(bytes).map(|report| {
        let texts = [report.to_string(), format!("{report:#}")];
        assert!(texts.iter().all(|text| text.ends_with('\n')));
    });
    // Whatever a whole file is, its beginning is no worse.
    let beginning = check_header::<Small>(bytes);
    assert!(ours.is_err() || beginning.is_ok());
    if let Err(error) = &ours {
        assert!(!error.to_string().is_empty());
    }
    if ours.is_ok() {
        let theirs = SafeTensors::deserialize(bytes);
        assert!(theirs.is_ok(), "{:?}: {bytes:?}", theirs.err());
    }
    ours
}

fn files() -> impl Strategy<Value = Vec<u8>> {
    let names = [
        "small",
        "small_wrapped",
        "small_half",
        "small_finetuned",
        "tied",
    ];
    let read = |name| std::fs::read(data(&format!("{name}.safetensors"))).unwrap();
    select(names.map(read).to_vec())
}

/// Where the header of a file ends.
fn header_end(file: &[u8]) -> usize {
    let length = u64::from_le_bytes(*file.first_chunk().unwrap());
    8 + usize::try_from(length).unwrap()
}

/// Pieces that a header is made of, and some that it is not.
fn pieces() -> impl Strategy<Value = String> {
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\"a\":",
        "{\"a\":{",
        "\"dtype\":\"F32\"",
        "\"dtype\":\"I8\",",
        "\"shape\":[1],",
        "\"shape\":[],",
        "\"data_offsets\":[0,4]",
        "\"data_offsets\":[0,1]",
        "\"__metadata__\":{",
        "\"x\":\"y\"",
        "0",
        "-1",
        "1.5",
        "1e9",
        "18446744073709551615",
        "18446744073709551616",
        "null",
        "true",
        "\\u0041",
        "\\ud800",
        "\\",
        " ",
        "\n",
        "é",
        "\u{0}",
        "}}",
    ];
    vec(select(pieces.to_vec()), 0..24).prop_map(|pieces| pieces.concat())
}

fn types() -> impl Strategy<Value = (&'static str, u64)> {
    select(vec![
        ("F32", 32),
        ("F16", 16),
        ("I64", 64),
        ("BOOL", 8),
        ("F8_E4M3", 8),
        ("F4", 4),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(bytes in vec(any::<u8>(), 0..200)) {
        let _ = verdict(&bytes);
    }

    #[test]
    fn random_headers(bytes in vec(any::<u8>(), 0..200), left in 0_usize..9) {
        let _ = verdict(&raw(bytes, left));
    }

    #[test]
    fn headers_of_pieces(text in pieces(), left in 0_usize..5) {
        let _ = verdict(&raw(&text, left));
        let _ = verdict(&raw(format!(r#"{{"a":{{{text}}}}}"#), left));
        let _ = verdict(&raw(format!(r#"{{"b":{{"x":{text},"dtype":"I8","shape":[1],"data_offsets":[0,1]}}}}"#), 1));
    }

    #[test]
    fn mutated_files(
        mut file in files(),
        changes in vec((any::<Index>(), any::<u8>()), 1..4),
        in_header in any::<bool>(),
    ) {
        let header = header_end(&file);
        for (place, byte) in changes {
            let end = if in_header { header } else { file.len() };
            file[place.index(end)] = byte;
        }
        let of_bytes = verdict(&file);
        // On disk it is what it is in memory.
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutated.safetensors");
        std::fs::write(&path, &file).unwrap();
        let of_file = check_file::<Small>(&path).map(drop);
        let kind = |result: Result<(), Error>| result.map_err(|error| format!("{:?}", error.kind()));
        prop_assert_eq!(kind(of_bytes), kind(of_file));
    }

    #[test]
    fn files_of_another_length(file in files(), end in any::<Index>(), more in vec(any::<u8>(), 1..9)) {
        verdict(&file).unwrap();
        prop_assert!(verdict(&file[..end.index(file.len())]).is_err());
        let longer = [file, more].concat();
        let error = verdict(&longer).unwrap_err();
        let left = matches!(error.kind(), ErrorKind::DataLeft { .. });
        prop_assert!(left, "{error}");
    }

    /// Headers that lost, doubled or exchanged a part.
    #[test]
    fn headers_cut_and_joined(file in files(), places in [any::<Index>(), any::<Index>(), any::<Index>()]) {
        let header = header_end(&file);
        let mut places = places.map(|place| 8 + place.index(header - 8));
        places.sort_unstable();
        let [first, second, third] = places;
        let parts = [&file[8..first], &file[second..third], &file[first..second], &file[third..header]];
        let exchanged = parts.concat();
        let doubled = [&file[8..second], &file[first..header]].concat();
        for text in [exchanged, doubled] {
            let _ = verdict(&raw(text, file.len() - header));
        }
    }

    /// What is well made is read as it was written, by both.
    #[test]
    fn files_that_are_well_made(
        tensors in vec(("[a-z.0-9é\"\\\\\u{1f600}]{0,12}", types(), vec(0_u64..5, 0..4)), 0..8),
    ) {
        let mut seen = std::collections::HashSet::new();
        let (mut entries, mut end, mut expected) = (Vec::new(), 0, Vec::new());
        for (name, (dtype, bits), shape) in tensors {
            let size = shape.iter().product::<u64>() * bits;
            if size % 8 != 0 || !seen.insert(name.clone()) {
                continue;
            }
            let begin = end;
            end += size / 8;
            let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
            entries.push(format!(
                r#""{quoted}":{{"dtype":"{dtype}","shape":{shape:?},"data_offsets":[{begin},{end}]}}"#
            ));
            expected.push((name, dtype, shape));
        }
        // The order of the header is free.
        entries.reverse();
        expected.reverse();
        let file = raw(format!("{{{}}}  ", entries.join(",")), usize::try_from(end).unwrap());
        verdict(&file).unwrap();
        let header = Header::of_file(&file).unwrap();
        let read = header.tensors().iter().map(|tensor| {
            (tensor.name().to_owned(), tensor.element_type().name(), tensor.shape().to_vec())
        });
        prop_assert_eq!(read.collect::<Vec<_>>(), expected);
        let theirs = SafeTensors::deserialize(&file).unwrap();
        prop_assert_eq!(theirs.len(), header.tensors().len());
    }
}
