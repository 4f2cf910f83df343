//! Networks that differ, and how.

use shapewise::compare;
use shapewise::report::{Change, Comparison};
use shapewise::{Custom, Shape};

const fn silent(input: Shape) -> Custom {
    Custom::new(input)
}

shapewise::network! {
    pub struct Old(image: 32x32x3) -> (classes: 10) {
        stem: conv(8, 3x3, padding = half), relu;
        body: {
            a: conv(16, 3x3, padding = half);
            max_pool(2x2);
            b: conv(16, 3x3, padding = half);
        }
        extra: conv(16, 1x1);
        head: flatten, linear(10);
    }

    pub struct New(image: 32x32x3) -> (classes: 10) {
        stem: conv(8, 3x3, padding = half), relu;
        norm: batch_norm;
        body: {
            a: conv(16, 3x3, padding = half);
            avg_pool(2x2);
            b: conv(16, 3x3, padding = half);
        }
        head: flatten, linear(10);
    }

    pub struct Silent(image: 32x32x3) -> (classes: 10) {
        stem: custom silent();
        head: flatten, linear(10);
    }

    pub struct LeftFirst(image: 8x8x4) -> (map: 8x8x4) {
        left: conv(4, 1x1);
        #[allow(unused_value)]
        right: from image, conv(4, 3x3, padding = half);
        sum: add(left, image);
    }

    pub struct RightFirst(image: 8x8x4) -> (map: 8x8x4) {
        right: conv(4, 3x3, padding = half);
        #[allow(unused_value)]
        left: from image, conv(4, 1x1);
        sum: add(right, image);
    }
}

fn differences(comparison: &Comparison) -> Vec<(Change, &'static str)> {
    let differences = comparison.differences();
    differences
        .map(|one| {
            let row = one.after.or(one.before).expect("one of them");
            (one.change, &*row.path.to_string().leak())
        })
        .collect()
}

#[test]
fn statements_are_matched_by_label_and_place() {
    use Change::{Added, Changed, Removed, Same};
    assert_eq!(
        differences(&compare::<Old, New>()),
        [
            (Same, "stem"),
            (Added, "norm"),
            (Changed, "body"),
            (Same, "body.a"),
            (Changed, "body.1"),
            (Same, "body.b"),
            (Removed, "extra"),
            (Same, "head"),
        ]
    );
    let back = differences(&compare::<New, Old>());
    assert_eq!(back[1], (Removed, "norm"));
    assert!(back.contains(&(Added, "extra")), "{back:?}");
    // At depth 1 groups stay closed.
    let closed = differences(&compare::<Old, New>().depth(1));
    assert_eq!(closed.len(), 5, "{closed:?}");
}

#[test]
fn a_network_is_the_same_as_itself() {
    for comparison in [compare::<Old, Old>(), compare::<LeftFirst, LeftFirst>()] {
        let all = differences(&comparison);
        assert!(all.iter().all(|(change, _)| *change == Change::Same));
        assert!(!comparison.to_string().contains("─"), "{comparison}");
    }
}

#[test]
fn order_and_merged_values_count() {
    use Change::{Changed, Same};
    assert_eq!(
        differences(&compare::<LeftFirst, RightFirst>()),
        [(Same, "right"), (Same, "left"), (Changed, "sum")]
    );
}

#[test]
fn lower_bounds_have_no_difference() {
    let table = compare::<Old, Silent>().to_string();
    let macs = table.lines().find(|line| line.starts_with("MACs"));
    let macs: Vec<&str> = macs.expect("a line of totals").split_whitespace().collect();
    assert_eq!(macs, ["MACs", "2.10", "M", ">=", "30.7", "k", "unknown"]);
}

#[test]
fn the_table_is_as_wide_as_the_terminal_at_most() {
    let comparison = compare::<Old, New>();
    for width in 0..120 {
        for comparison in [comparison.width(width), comparison.width(width).same(true)] {
            for line in comparison.to_string().lines() {
                assert!(line.chars().count() <= width.max(60), "{width}: {line}");
            }
        }
    }
}

#[test]
fn both_forms_show_the_same() {
    let comparison = compare::<Old, New>();
    assert_eq!(comparison.to_string(), TABLE);
    assert_eq!(comparison.markdown().to_string(), MARKDOWN);
}

const TABLE: &str = "\
Old -> New

  Layer  Units          Output    Params    MACs
────────────────────────────────────────────────
+ norm   batch_norm     32x32x8       16       -
- body   { 3 layers }   16x16x16   3,488  1.77 M
+ body   { 3 layers }   16x16x16   3,488  1.77 M
-   1    max_pool(2x2)  16x16x16       -       -
+   1    avg_pool(2x2)  16x16x16       -       -
- extra  conv(16, 1x1)  16x16x16     272  65.5 k
────────────────────────────────────────────────
4 statements are the same

                       Old       New  Difference
Input              32x32x3   32x32x3
Output                  10        10
Layers                   8         8  same
Parameters          44,954    44,698  -256 (0.6%)
Buffers                  0        16  +16
Parameter size     176 KiB   175 KiB  -1.00 KiB (0.6%)
MACs                2.10 M    2.03 M  -65.5 k (3.1%)
Peak memory       96.0 KiB  96.0 KiB  same
Kept in training   188 KiB   172 KiB  -15.9 KiB (8.5%)
";

const MARKDOWN: &str = "\
**Old → New**

| Change | Layer | Units | Output | Params | MACs |
| --- | --- | --- | --- | ---: | ---: |
| added | norm | `batch_norm` | 32x32x8 | 16 | - |
| changed | body | `{ 3 layers }` | 16x16x16 | 3,488 | 1.77 M |
| changed | body.1 | `max_pool(2x2)` → `avg_pool(2x2)` | 16x16x16 | - | - |
| removed | extra | `conv(16, 1x1)` | 16x16x16 | 272 | 65.5 k |

4 statements are the same

| Total | Old | New | Difference |
| --- | ---: | ---: | ---: |
| Input | 32x32x3 | 32x32x3 |  |
| Output | 10 | 10 |  |
| Layers | 8 | 8 | same |
| Parameters | 44,954 | 44,698 | -256 (0.6%) |
| Buffers | 0 | 16 | +16 |
| Parameter size | 176 KiB | 175 KiB | -1.00 KiB (0.6%) |
| MACs | 2.10 M | 2.03 M | -65.5 k (3.1%) |
| Peak memory | 96.0 KiB | 96.0 KiB | same |
| Kept in training | 188 KiB | 172 KiB | -15.9 KiB (8.5%) |
";
