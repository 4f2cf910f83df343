//! The progress of training as lines, where there is no terminal to draw in.

use burn::train::logger::{EvaluationProgressLogger, TrainingProgressLogger};
use burn::train::metric::{MetricDefinition, MetricId};
use burn::train::renderer::{
    EvaluationName, MetricState, MetricsRenderer, MetricsRendererEvaluation,
    MetricsRendererTraining,
};

/// A line for each epoch, with the last figures of each metric.
#[derive(Default)]
pub(crate) struct Lines {
    epochs: usize,
    metrics: Vec<Metric>,
}

struct Metric {
    id: MetricId,
    name: String,
    train: Option<f64>,
    valid: Option<f64>,
}

impl Lines {
    fn note(&mut self, state: MetricState, figure: fn(&mut Metric) -> &mut Option<f64>) {
        let MetricState::Numeric(entry, Some(number)) = state else {
            return;
        };
        let mut metrics = self.metrics.iter_mut();
        if let Some(metric) = metrics.find(|metric| metric.id == entry.metric_id) {
            *figure(metric) = Some(number.current());
        }
    }

    fn figures(&self, figure: fn(&Metric) -> Option<f64>) -> String {
        let figures = self.metrics.iter().filter_map(|metric| {
            let figure = figure(metric)?;
            Some(format!("{} {figure:.4}", metric.name))
        });
        figures.collect::<Vec<_>>().join(", ")
    }
}

impl MetricsRendererTraining for Lines {
    fn update_train(&mut self, state: MetricState) {
        self.note(state, |metric| &mut metric.train);
    }

    fn update_valid(&mut self, state: MetricState) {
        self.note(state, |metric| &mut metric.valid);
    }
}

impl TrainingProgressLogger for Lines {
    fn start(&mut self, epochs: usize, _first: usize, _items: Option<usize>, _label: Option<&str>) {
        self.epochs = epochs;
    }

    fn update_epoch(&mut self, epoch: usize) {
        println!(
            "epoch {epoch:2} of {}: {}; validation: {}",
            self.epochs,
            self.figures(|metric| metric.train),
            self.figures(|metric| metric.valid)
        );
    }

    fn start_split(&mut self, _split: &str, _items: usize) {}

    fn update_split(&mut self, _items: usize) {}

    fn end_split(&mut self) {}

    fn end(&mut self) {}

    fn log_event_training(&mut self, _event: String) {}
}

// Nothing is evaluated by burn here.
impl EvaluationProgressLogger for Lines {
    fn start_global_progress(&mut self, _tests: usize) {}

    fn start_test(&mut self, _name: &str, _items: usize) {}

    fn update_test_progress(&mut self, _items: usize) {}

    fn end_test(&mut self) {}

    fn end_global_progress(&mut self) {}

    fn log_event_evaluation(&mut self, _event: String) {}
}

impl MetricsRendererEvaluation for Lines {
    fn update_test(&mut self, _name: EvaluationName, _state: MetricState) {}
}

impl MetricsRenderer for Lines {
    fn manual_close(&mut self) {}

    fn register_metric(&mut self, definition: MetricDefinition) {
        if self
            .metrics
            .iter()
            .any(|metric| metric.id == definition.metric_id)
        {
            return;
        }
        self.metrics.push(Metric {
            id: definition.metric_id,
            name: definition.name.to_string(),
            train: None,
            valid: None,
        });
    }
}
