//! Tables for the terminal: what their rows are called, how wide they are.

use shapewise::report::Summary;

/// The names of the rows: their first column.
fn names(summary: &Summary) -> Vec<String> {
    let rows = summary.rows().map(|row| row.short_path().to_string());
    rows.collect()
}

#[test]
fn a_residual_without_a_label_is_called_by_its_sum() {
    let summary = pages::Unlabelled::summary();
    assert_eq!(
        names(&summary),
        [
            "image", "add", "3", "last", "5", "add_2", "7", "mask", "Total"
        ]
    );
    // What reads it says so, too.
    let csv = summary.csv().to_string();
    let relu = csv.lines().find(|line| line.contains(",3,relu,")).unwrap();
    assert!(relu.contains(",add,"), "{relu}");
}
