//! What is found, and how it is told.

use std::fmt::Write as _;
use std::ops::Range;
use std::rc::Rc;

use shapewise_compiler::report::Place;
use shapewise_core::report::Grouped;

use crate::network::located;
use crate::source::{File, Invocation};

/// Something that is looked for.
#[derive(Debug)]
pub(super) struct Kind {
    /// By what name it is allowed.
    pub(super) name: &'static str,
    /// What it is.
    pub(super) what: &'static str,
}

/// All that is looked for.
pub(super) const LINTS: [Kind; 10] = [
    Kind {
        name: "bias_before_norm",
        what: "a bias that the normalisation after it takes away",
    },
    Kind {
        name: "nothing_between",
        what: "two linear layers or convolutions that are one: no activation between them",
    },
    Kind {
        name: "softmax_inside",
        what: "a softmax in the middle, whose result weighted layers read",
    },
    Kind {
        name: "dropout_before_norm",
        what: "a dropout before a batch norm, which then sees another variance in training",
    },
    Kind {
        name: "stride_above_kernel",
        what: "a stride above the kernel: elements that nobody reads",
    },
    Kind {
        name: "input_left_out",
        what: "windows that leave the end of their input out",
    },
    Kind {
        name: "uneven_channels",
        what: "channels that do not fill the hardware's multiples of 8",
    },
    Kind {
        name: "small_receptive_field",
        what: "features that see less than half of the image when they are pooled",
    },
    Kind {
        name: "large_receptive_field",
        what: "features that see far more than there is",
    },
    Kind {
        name: "residual_after_relu",
        what: "a residual whose body ends in an activation that is never negative",
    },
];

/// The list of what is looked for.
pub(super) fn listed() -> String {
    let mut text = String::new();
    for lint in &LINTS {
        let _ = writeln!(text, "{:22} {}", lint.name, lint.what);
    }
    text
}

/// Something that works, and is seldom meant.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) lint: &'static str,
    pub(super) place: Place,
    /// What it is; `{}` stands for the amount.
    pub(super) headline: String,
    /// How many parameters, elements or multiply-accumulates it is about; those of copies
    /// are added.
    pub(super) amount: u64,
    pub(super) why: String,
    pub(super) change: String,
}

impl Finding {
    /// Where it stands.
    pub(super) fn located(&self, invocation: &Invocation) -> (Rc<File>, Range<usize>) {
        located(invocation, self.place)
    }

    /// All that is told.
    pub(super) fn message(&self, times: usize) -> String {
        let amount = Grouped(self.amount).to_string();
        let mut text = self.headline.replace("{}", &amount);
        if times > 1 {
            let together = if self.amount > 0 { " together" } else { "" };
            let _ = write!(text, " (in {times} copies{together})");
        }
        let name = self.lint;
        let _ = write!(
            text,
            "\n  why      {}\n  change   {}\n  allow    `// allow({name})` above it, or `--allow {name}`",
            self.why, self.change
        );
        text
    }
}
