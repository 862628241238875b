//! How far the program is, on a terminal, once it has taken longer than one likes to wait.

use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Who has the result sooner needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two drawings when nothing else moves the bar.
const TICK: Duration = Duration::from_millis(200);

const BYTES: &str = "{msg} {bar:30} {bytes} of {total_bytes}, {elapsed}";
const ROUNDS: &str = "{msg} {bar:30} round {pos} of {len}, {elapsed}";

/// A bar, one stage after the other; gone when it is dropped.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// On standard error, if that is a terminal.
    pub(crate) fn on_terminal() -> Self {
        Self::on(ProgressDrawTarget::stderr(), PATIENCE)
    }

    /// Draws on the target, after this time.
    fn on(target: ProgressDrawTarget, patience: Duration) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if !target.is_hidden() {
            let shown = bar.clone();
            // If the program ends before, so does the thread, and a bar that is finished is not drawn.
            thread::spawn(move || {
                thread::sleep(patience);
                shown.set_draw_target(target);
                shown.enable_steady_tick(TICK);
            });
        }
        Self(bar)
    }

    /// Begins a stage that moves this many bytes.
    pub(crate) fn bytes(&self, what: &'static str, bytes: u64) {
        self.stage(what, BYTES, bytes);
    }

    /// Begins a stage of this many rounds.
    pub(crate) fn rounds(&self, what: &'static str, rounds: usize) {
        self.stage(what, ROUNDS, rounds as u64);
    }

    fn stage(&self, what: &'static str, template: &str, length: u64) {
        self.0.set_style(ProgressStyle::with_template(template).expect("the templates are right"));
        self.0.set_message(what);
        self.0.set_length(length);
        self.0.set_position(0);
    }

    /// So many bytes, or rounds, are done.
    pub(crate) fn advance(&self, by: usize) {
        self.0.inc(by as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};
    use std::time::Instant;

    use indicatif::TermLike;

    use super::*;

    /// A terminal that keeps all that is drawn on it.
    #[derive(Clone, Debug, Default)]
    struct Paper(Arc<Mutex<String>>);

    impl Paper {
        fn text(&self) -> String {
            self.0.lock().unwrap().clone()
        }

        fn target(&self) -> ProgressDrawTarget {
            ProgressDrawTarget::term_like(Box::new(self.clone()))
        }

        /// Waits until this has been drawn.
        #[track_caller]
        fn wait_for(&self, words: &str) {
            let start = Instant::now();
            while !self.text().contains(words) {
                assert!(start.elapsed() < Duration::from_secs(60), "{words:?}: {:?}", self.text());
                thread::sleep(Duration::from_millis(5));
            }
        }
    }

    impl TermLike for Paper {
        fn width(&self) -> u16 {
            80
        }
        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, line: &str) -> io::Result<()> {
            self.write_str(line)
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            *self.0.lock().unwrap() += text;
            Ok(())
        }
        fn clear_line(&self) -> io::Result<()> {
            Ok(())
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn each_stage_is_drawn_with_what_is_done_of_it() {
        let paper = Paper::default();
        let progress = Progress::on(paper.target(), Duration::ZERO);
        progress.bytes("reading", 4096);
        progress.advance(1024);
        paper.wait_for("reading ");
        paper.wait_for(" 1.00 KiB of 4.00 KiB");
        progress.rounds("summing", 3);
        progress.advance(1);
        progress.advance(1);
        paper.wait_for("summing ");
        paper.wait_for(" round 2 of 3");
        progress.bytes("writing", 2048);
        paper.wait_for("writing ");
        paper.wait_for(" 0 B of 2.00 KiB");
        drop(progress);
        let text = paper.text();
        thread::sleep(2 * TICK);
        assert_eq!(paper.text(), text);
    }

    #[test]
    fn nothing_is_drawn_before_or_after() {
        let paper = Paper::default();
        let progress = Progress::on(paper.target(), Duration::from_secs(3600));
        progress.bytes("reading", 2);
        progress.advance(1);
        thread::sleep(2 * TICK);
        assert_eq!(paper.text(), "");
        drop(progress);

        let progress = Progress::on(paper.target(), TICK);
        progress.bytes("reading", 2);
        progress.advance(2);
        drop(progress);
        thread::sleep(3 * TICK);
        assert_eq!(paper.text(), "");
    }
}
