//! Files that are broken, by accident or on purpose: each has its own error.

mod support;

use shapewise_safetensors::{
    Error, ErrorKind, Header, MAX_AXES, MAX_HEADER, Problem, Special, check, check_file,
    check_header,
};
use support::{Deep, Two, raw};

/// The error of a file with this header, and no data.
fn error(header: &str) -> Error {
    Header::of_beginning(&raw(header, 0)).unwrap_err()
}

/// A header with one tensor `a` of these fields.
fn one(fields: &str) -> String {
    format!(r#"{{"a":{{{fields}}}}}"#)
}

macro_rules! assert_error {
    ($error:expr, $pattern:pat $(if $guard:expr)?) => {{
        let error: Error = $error;
        assert!(matches!(error.kind(), $pattern $(if $guard)?), "{error:?}");
        assert!(!error.to_string().is_empty());
    }};
}

#[test]
fn the_length_is_checked_before_anything_is_read() {
    assert_error!(
        check::<Two>(b"").unwrap_err(),
        ErrorKind::NoLength { bytes: 0 }
    );
    assert_error!(
        check::<Two>(b"1234567").unwrap_err(),
        ErrorKind::NoLength { bytes: 7 }
    );
    let huge = u64::MAX.to_le_bytes();
    assert_error!(
        check::<Two>(&huge).unwrap_err(),
        ErrorKind::HeaderTooLarge { length: u64::MAX }
    );
    let over = (MAX_HEADER + 1).to_le_bytes();
    assert_error!(
        check_header::<Two>(&over).unwrap_err(),
        ErrorKind::HeaderTooLarge { .. }
    );
    let most = MAX_HEADER.to_le_bytes();
    assert_error!(
        check_header::<Two>(&most).unwrap_err(),
        ErrorKind::HeaderTruncated {
            length: MAX_HEADER,
            bytes: 0
        }
    );
    assert_error!(error(""), ErrorKind::Syntax { at: 0, .. });
}

#[test]
fn files_are_checked_like_bytes() {
    let path = std::env::temp_dir().join(format!("shapewise-hostile-{}", std::process::id()));
    let of = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        let error = check_file::<Two>(&path).unwrap_err();
        std::fs::remove_file(&path).unwrap();
        error
    };
    assert_error!(of(b"short"), ErrorKind::NoLength { bytes: 5 });
    assert_error!(
        of(&u64::MAX.to_le_bytes()),
        ErrorKind::HeaderTooLarge { .. }
    );
    assert_error!(
        of(&MAX_HEADER.to_le_bytes()),
        ErrorKind::HeaderTruncated { .. }
    );
    assert_error!(
        of(&raw("{}", 3)),
        ErrorKind::DataLeft {
            needed: 0,
            bytes: 3
        }
    );
    let tensor = one(r#""dtype":"U8","shape":[4],"data_offsets":[0,4]"#);
    assert_error!(
        of(&raw(tensor, 3)),
        ErrorKind::DataTruncated {
            needed: 4,
            bytes: 3
        }
    );
    assert_error!(
        check_file::<Two>("no/such/file").unwrap_err(),
        ErrorKind::File(Problem::Io(_))
    );
    assert_error!(
        check_file::<Two>(std::env::temp_dir()).unwrap_err(),
        ErrorKind::File(Problem::Special(Special::Folder))
    );
}

#[test]
fn a_header_is_utf8_and_json() {
    let bytes = raw(b"{\"a\xff\":1}", 0);
    assert_error!(
        check_header::<Two>(&bytes).unwrap_err(),
        ErrorKind::NotUtf8 { at: 3 }
    );
    for (header, place) in [
        (" {}", 0),
        ("[]", 0),
        ("{", 1),
        ("{}x", 2),
        ("{}{}", 2),
        ("{,}", 1),
        (r#"{"a"}"#, 4),
        (r#"{"a":}"#, 5),
        (r#"{"a":1}"#, 5),
        (r#"{"a":[]}"#, 5),
        (r#"{"a":null}"#, 5),
        (r#"{a:{}}"#, 1),
        (r#"{"a"#, 3),
        ("{\"a\n\":{}}", 3),
        (r#"{"\x":{}}"#, 3),
        (r#"{"\u12g4":{}}"#, 6),
        (r#"{"\ud800":{}}"#, 8),
        (r#"{"\ud800\u0041":{}}"#, 14),
        (r#"{"\udc00":{}}"#, 8),
        (r#"{"__metadata__":{},}"#, 19),
        (r#"{"__metadata__":{"a":1}}"#, 21),
        (r#"{"__metadata__":[]}"#, 16),
        (r#"{"a":{"dtype":5}}"#, 14),
        (r#"{"a":{"shape":5}}"#, 14),
        (r#"{"a":{"shape":[1,]}}"#, 17),
        (r#"{"a":{"shape":[01]}}"#, 15),
        (r#"{"a":{"shape":["1"]}}"#, 15),
        (r#"{"a":{"data_offsets":[1]}}"#, 21),
        (r#"{"a":{"data_offsets":[1,2,3]}}"#, 26),
        (r#"{"a":{"other":tru}}"#, 14),
        (r#"{"a":{"other":-}}"#, 15),
        (r#"{"a":{"other":1.}}"#, 16),
        (r#"{"a":{"other":1e}}"#, 16),
    ] {
        assert_error!(error(header), ErrorKind::Syntax { at, .. } if *at == place);
    }
}

#[test]
fn numbers_are_whole_and_fit() {
    for number in ["-1", "-0", "1.0", "1e2", "0.5"] {
        let shape = one(&format!(r#""shape":[{number}]"#));
        assert_error!(error(&shape), ErrorKind::NotANatural { at: 15 });
        let offsets = one(&format!(r#""data_offsets":[{number},4]"#));
        assert_error!(error(&offsets), ErrorKind::NotANatural { .. });
    }
    for number in ["18446744073709551616", &"9".repeat(1000)] {
        let shape = one(&format!(r#""shape":[{number}]"#));
        assert_error!(error(&shape), ErrorKind::NumberTooLarge { at: 15 });
    }
    // Nothing reads this one; it must be a number all the same.
    assert_error!(
        error(&one(r#""x":1e999"#)),
        ErrorKind::NumberTooLarge { at: 10 }
    );
}

#[test]
fn nothing_is_there_twice() {
    let a = r#""a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"#;
    let escaped = a.replacen("\"a\"", r#""\u0061""#, 1);
    for header in [format!("{{{a},{a}}}"), format!("{{{a},{escaped}}}")] {
        assert_error!(error(&header), ErrorKind::Duplicate { at: 53, name } if name == "a");
    }
    let twice = one(r#""dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]"#);
    assert_error!(error(&twice), ErrorKind::Duplicate { name, .. } if name == "dtype");
    let twice = r#"{"__metadata__":{},"__metadata__":{}}"#;
    assert_error!(error(twice), ErrorKind::Duplicate { name, .. } if name == "__metadata__");
    let twice = r#"{"__metadata__":{"a":"1","a":"2"}}"#;
    assert_error!(error(twice), ErrorKind::Duplicate { at: 25, name } if name == "a");
}

#[test]
fn a_tensor_has_its_three_fields() {
    for (fields, missing) in [
        (r#""shape":[],"data_offsets":[0,1]"#, "dtype"),
        (r#""dtype":"U8","data_offsets":[0,1]"#, "shape"),
        (r#""dtype":"U8","shape":[]"#, "data_offsets"),
    ] {
        assert_error!(
            error(&one(fields)),
            ErrorKind::MissingField { tensor, field } if tensor == "a" && *field == missing
        );
    }
    let unknown = one(r#""dtype":"F31","shape":[],"data_offsets":[0,1]"#);
    assert_error!(error(&unknown), ErrorKind::UnknownType { name, .. } if name == "F31");
}

#[test]
fn sizes_agree_with_offsets() {
    let of = |dtype: &str, shape: &str, begin: u64, end: u64| {
        error(&one(&format!(
            r#""dtype":"{dtype}","shape":{shape},"data_offsets":[{begin},{end}]"#
        )))
    };
    assert_error!(
        of("F32", "[2]", 0, 7),
        ErrorKind::WrongSize {
            needed: 8,
            given: 7,
            ..
        }
    );
    assert_error!(
        of("F32", "[2]", 8, 0),
        ErrorKind::Reversed {
            begin: 8,
            end: 0,
            ..
        }
    );
    assert_error!(of("F4", "[3]", 0, 1), ErrorKind::PartOfAByte { .. });
    assert_error!(
        of("F32", "[4294967296,4294967296]", 0, 4),
        ErrorKind::Overflow { .. }
    );
    assert_error!(
        of("F64", "[2305843009213693952]", 0, 0),
        ErrorKind::Overflow { .. }
    );
    assert_error!(
        of("F32", "[2]", 4, 12),
        ErrorKind::Gap {
            begin: 4,
            after: 0,
            ..
        }
    );
    let axes = |count: usize| format!("[{}]", vec!["1"; count].join(","));
    assert_error!(
        of("U8", &axes(MAX_AXES + 1), 0, 1),
        ErrorKind::TooManyAxes { .. }
    );
    let header = one(&format!(
        r#""dtype":"U8","shape":{},"data_offsets":[0,1]"#,
        axes(MAX_AXES)
    ));
    assert!(check_header::<Two>(&raw(header, 0)).is_ok());
}

#[test]
fn tensors_stand_one_after_the_other() {
    let of = |second: (u64, u64)| {
        let (begin, end) = second;
        let length = end - begin;
        format!(
            r#"{{"a":{{"dtype":"U8","shape":[4],"data_offsets":[0,4]}},"b":{{"dtype":"U8","shape":[{length}],"data_offsets":[{begin},{end}]}}}}"#
        )
    };
    assert_error!(error(&of((3, 7))), ErrorKind::Overlap { tensor, begin: 3, after: 4 } if tensor == "b");
    assert_error!(
        error(&of((0, 4))),
        ErrorKind::Overlap {
            begin: 0,
            after: 4,
            ..
        }
    );
    assert_error!(error(&of((5, 7))), ErrorKind::Gap { tensor, begin: 5, after: 4 } if tensor == "b");
    assert_error!(error(&of((u64::MAX - 1, u64::MAX))), ErrorKind::Gap { .. });
    assert!(check::<Two>(&raw(of((4, 7)), 7)).is_ok());
    assert_error!(
        check::<Two>(&raw(of((4, 7)), 6)).unwrap_err(),
        ErrorKind::DataTruncated {
            needed: 7,
            bytes: 6
        }
    );
    assert_error!(
        check::<Two>(&raw(of((4, 7)), 8)).unwrap_err(),
        ErrorKind::DataLeft {
            needed: 7,
            bytes: 8
        }
    );
}

#[test]
fn nesting_has_an_end() {
    let nested = |depth: usize, open: &str, close: &str| {
        let value = format!("{}0{}", open.repeat(depth), close.repeat(depth));
        one(&format!(
            r#""x":{value},"dtype":"U8","shape":[],"data_offsets":[0,1]"#
        ))
    };
    assert_error!(
        error(&nested(10_000_000, "[", "]")),
        ErrorKind::TooDeep { .. }
    );
    assert_error!(
        error(&nested(1_000_000, r#"{"a":"#, "}")),
        ErrorKind::TooDeep { .. }
    );
    assert!(check_header::<Two>(&raw(nested(64, "[", "]"), 0)).is_ok());
    assert_error!(error(&nested(65, "[", "]")), ErrorKind::TooDeep { .. });
    assert_error!(
        error(&"[".repeat(1_000_000)),
        ErrorKind::Syntax { at: 0, .. }
    );
    assert_error!(
        error(&"{\"a\":".repeat(1_000_000)),
        ErrorKind::TooDeep { .. }
    );
}

/// Names of millions of parts would make work that grows with their square.
#[test]
fn long_names_take_no_time() {
    let long = "0.".repeat(4_000_000);
    let header = format!(r#"{{"{long}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}}}"#);
    let report = check_header::<Two>(&raw(header, 0)).unwrap();
    assert_eq!(
        (report.missing().count(), report.unexpected().count()),
        (4, 1)
    );
    assert!(report.to_string().len() < 2_000);
}

/// So would free text that is searched again for every tensor that is missing.
#[test]
fn long_free_text_takes_no_time() {
    let texts: Vec<String> = (0..1_000_000).map(|i| format!(r#""{i}":"""#)).collect();
    let header = format!(r#"{{"__metadata__":{{{}}}}}"#, texts.join(","));
    let report = check_header::<Deep>(&raw(header, 0)).unwrap();
    assert_eq!(report.missing().count(), report.expected());
}

#[test]
fn names_cannot_write_to_the_terminal() {
    let header = r#"{"\u001b[2Jx\r\u202e":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#;
    let report = check_header::<Two>(&raw(header, 0)).unwrap();
    for text in [report.to_string(), format!("{report:#}")] {
        assert!(text.contains(r"\u{1b}[2Jx\r\u{202e}"), "{text}");
        assert!(!text.contains(['\u{1b}', '\r', '\u{202e}']));
    }
    let twice = error(&format!(
        "{0},{1}",
        &header[..header.len() - 1],
        &header[1..]
    ));
    assert!(!twice.to_string().contains('\u{1b}'), "{twice}");
}
