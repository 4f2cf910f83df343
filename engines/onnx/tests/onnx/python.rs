//! The checks that run in Python.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::{Value as Json, json};
use shapewise::graph::Graph;
use shapewise_onnx::{Batch, Options, export_graph};

pub(crate) use crate::interpreter::run;

/// Models to be checked, in a folder of their own.
pub(crate) struct Jobs {
    pub(crate) folder: PathBuf,
    jobs: Vec<Json>,
}

impl Jobs {
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).expect("a folder for the models");
        Self {
            folder,
            jobs: vec![],
        }
    }

    /// Asks something of a model: that its `shapes` agree, that it can `run`, that
    /// its `values` are those of the reference. `more` adds to the job.
    pub(crate) fn ask(
        &mut self,
        ask: &str,
        name: &str,
        graph: &'static Graph,
        options: &Options,
        more: Json,
    ) {
        let model = export_graph(graph, options).unwrap_or_else(|error| panic!("{name}: {error}"));
        let place = self.jobs.len();
        let path = self.folder.join(format!("{place}-{name}.onnx"));
        fs::write(&path, model).expect("the model is written");
        let data = self.folder.join(format!("{place}-{name}.json"));
        fs::write(&data, crate::data::of(graph).to_string()).expect("the network is written");
        let mut job = json!({
            "ask": ask,
            "model": path,
            "graph": data,
            "batch": match &options.batch {
                Batch::Fixed(samples) => json!(samples),
                Batch::Symbolic(name) => json!(name),
            },
        });
        if let (Json::Object(job), Json::Object(more)) = (&mut job, more) {
            job.extend(more);
        }
        self.jobs.push(job);
    }

    fn output(&self) -> Output {
        let jobs = self.folder.join("jobs.json");
        fs::write(&jobs, Json::from(self.jobs.clone()).to_string()).expect("the jobs are written");
        run("check.py", &[&jobs])
    }

    /// Every model passes.
    pub(crate) fn pass(self) {
        let output = self.output();
        let passed = format!("{0} of {0} models passed", self.jobs.len());
        assert!(
            output.status.success() && String::from_utf8_lossy(&output.stdout).contains(&passed),
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// Every model fails; returns what is said of them.
    pub(crate) fn fail(self) -> String {
        let output = self.output();
        let passed = format!("0 of {} models passed", self.jobs.len());
        assert!(
            !output.status.success() && String::from_utf8_lossy(&output.stdout).contains(&passed),
            "a damaged model passed:\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}
