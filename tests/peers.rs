//! The page that shows messages beside those of other libraries shows what the
//! macro prints.

use std::fs;
use std::path::Path;

/// The messages of this library on the page: those with a source's line.
fn messages(page: &str) -> Vec<&str> {
    let blocks = page.split("```text\n").skip(1);
    let blocks = blocks.filter_map(|block| block.split("\n```").next());
    blocks
        .filter(|block| block.contains(" --> tests/ui/"))
        .collect()
}

#[test]
fn messages_are_those_that_are_recorded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("src/reference/peers.md")).expect("the page");
    let messages = messages(&page);
    assert_eq!(messages.len(), 5);
    for message in &messages {
        let (_, source) = message.split_once(" --> ").expect("a source");
        let (source, _) = source.split_once(".rs:").expect("a line");
        // `tests/ui.rs` compares these with what rustc prints.
        let recorded = fs::read_to_string(root.join(format!("{source}.stderr")));
        assert_eq!(recorded.expect("a record").trim(), *message);
    }
    assert!(messages.is_sorted_by_key(|message| message.len()));
}
