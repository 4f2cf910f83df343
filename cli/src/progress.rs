//! How far something is that takes long: a bar where a terminal shows it, lines else.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use shapewise_core::report::Bytes;

use crate::terminal::Terminal;

/// What takes no longer than this is not told of.
const PATIENCE: Duration = Duration::from_secs(1);

/// One line that says how far it is. A crate for bars would bring more than it would save.
#[derive(Debug)]
pub(crate) struct Progress<'t> {
    terminal: &'t Terminal,
    what: String,
    started: Instant,
    last: Option<Instant>,
    /// Whether the line is written over.
    bar: bool,
}

impl<'t> Progress<'t> {
    pub(crate) fn new(what: String, terminal: &'t Terminal) -> Self {
        Self {
            terminal,
            what,
            started: Instant::now(),
            last: None,
            bar: std::io::stderr().is_terminal(),
        }
    }

    /// That so many of all bytes are done.
    pub(crate) fn at(&mut self, done: u64, total: u64) {
        let pause = Duration::from_millis(if self.bar { 100 } else { 5_000 });
        let since = self.last.map(|last| last.elapsed());
        let taken = self.started.elapsed();
        if taken < PATIENCE || since.is_some_and(|since| since < pause) {
            return;
        }
        self.last = Some(Instant::now());
        let text = line(
            &self.what,
            done,
            total,
            taken,
            self.bar,
            self.terminal.width(),
        );
        match self.bar {
            true => self.terminal.tell(&format!("\r\u{1b}[K{text}")),
            false => self.terminal.tell(&format!("{text}\n")),
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if self.bar && self.last.is_some() {
            self.terminal.tell("\r\u{1b}[K");
        }
    }
}

/// The line: what, how far, how long it still takes.
fn line(what: &str, done: u64, total: u64, taken: Duration, bar: bool, width: usize) -> String {
    let part = if total == 0 {
        1.0
    } else {
        done as f64 / total as f64
    };
    let part = part.clamp(0.0, 1.0);
    let left = match part > 0.0 {
        true => format!(", {:.0} s left", taken.as_secs_f64() * (1.0 - part) / part),
        false => String::new(),
    };
    let percent = format!("{:.0}%", part * 100.0);
    let figures = format!("{percent} of {}{left}", Bytes(total));
    let text = format!("{what}: {figures}");
    const CELLS: usize = 20;
    let room = width.saturating_sub(text.chars().count() + 4);
    let cells = CELLS.min(room);
    if !bar || cells < 5 {
        return match bar {
            true => text.chars().take(width.saturating_sub(1)).collect(),
            false => text,
        };
    }
    // Never more than there are.
    let full = (0..cells)
        .filter(|cell| (*cell as f64) < part * cells as f64)
        .count();
    let (full, empty) = ("#".repeat(full), "-".repeat(cells - full));
    format!("{what}: [{full}{empty}] {figures}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let taken = Duration::from_secs(3);
        let at = |done, bar, width| line("writing net.onnx", done, 4 << 30, taken, bar, width);
        assert_eq!(
            at(1 << 30, false, 20),
            "writing net.onnx: 25% of 4.00 GiB, 9 s left"
        );
        assert_eq!(
            at(1 << 30, true, 100),
            "writing net.onnx: [#####---------------] 25% of 4.00 GiB, 9 s left"
        );
        assert_eq!(at(4 << 30, true, 30).chars().count(), 29);
        assert_eq!(at(0, false, 100), "writing net.onnx: 0% of 4.00 GiB");
        assert!(line("x", 9, 0, taken, true, 80).contains("100%"));
    }

    #[test]
    fn what_is_quick_is_not_told() {
        let terminal = Terminal::new(crate::terminal::Colour::Never, Some(80), false);
        let mut progress = Progress::new("x".to_owned(), &terminal);
        progress.at(1, 2);
        assert!(progress.last.is_none());
        progress.started = Instant::now()
            .checked_sub(Duration::from_secs(2))
            .expect("a past");
        progress.at(1, 2);
        assert!(progress.last.is_some());
    }
}
