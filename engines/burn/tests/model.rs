//! A model as a module of burn's: names, modes, checkpoints, errors.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Device, Distribution, Int, Tensor};
use shapewise::network;
use shapewise_burn::{Error, Model, Value};

network! {
    /// A network with a batch normalisation, dropout and groups of names.
    pub struct Net(image: 8x8x3) -> (logits: 5) {
        features: { conv1: conv(4, 3x3, bias = false), batch_norm, relu; }
        drop: dropout(0.5);
        fc: flatten, linear(5);
    }

    pub struct Words(words: 6) -> (logits: 6x3) {
        table: embedding(20, 8);
        fc: linear(3);
    }

    /// Nothing in it is learned.
    pub struct Bare(x: 64) -> 64 { drop: dropout(0.5); }

    pub struct Wider(image: 8x8x3) -> (logits: 7) {
        features: { conv1: conv(4, 3x3, bias = false), batch_norm, relu; }
        drop: dropout(0.5);
        fc: flatten, linear(7);
    }
}

/// The paths of all parameters, as burn's own tools see them.
#[derive(Default)]
struct Paths {
    open: Vec<String>,
    all: Vec<String>,
}

impl ModuleVisitor for Paths {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.open.push(name.to_owned());
    }

    fn exit_module(&mut self, name: &str, _container: &str) {
        assert_eq!(self.open.pop().as_deref(), Some(name));
    }

    fn visit_float<const D: usize>(&mut self, _param: &Param<Tensor<D>>) {
        self.all.push(self.open.join("."));
    }

    fn visit_int<const D: usize>(&mut self, _param: &Param<Tensor<D, Int>>) {
        self.all.push(self.open.join("."));
    }
}

fn images(count: usize, device: &Device) -> Tensor<4> {
    Tensor::random([count, 3, 8, 8], Distribution::Normal(0.0, 1.0), device)
}

fn numbers<const D: usize>(tensor: &Tensor<D>) -> Vec<f32> {
    tensor.to_data().iter().collect()
}

#[test]
fn parameters_are_visited_by_pytorchs_names() {
    let model = Model::<Net>::new(&Device::flex()).unwrap();
    let mut paths = Paths::default();
    model.visit(&mut paths);
    assert!(paths.open.is_empty());
    let names: Vec<&str> = model.weights().iter().map(|weight| &*weight.name).collect();
    assert_eq!(paths.all, names);
    assert!(names.contains(&"features.conv1.weight") && names.contains(&"fc.bias"));
    // Statistics are parameters to burn's count, as in its own modules.
    assert!(model.num_params() as u64 >= Net::PARAMS);
}

#[test]
fn the_seed_decides() {
    let device = Device::flex();
    let of = |seed| {
        let model = Model::<Net>::seeded(&device, seed).unwrap();
        model.tensor("fc.weight").unwrap().to_data()
    };
    assert_eq!(of(3), of(3));
    assert_ne!(of(3), of(4));
}

#[test]
fn training_and_validation_differ() {
    let device = Device::flex().autodiff();
    let model = Model::<Net>::new(&device).unwrap();
    let batch = images(4, &device);
    let one: Tensor<2> = model.forward(batch.clone()).unwrap();
    let other: Tensor<2> = model.forward(batch.clone()).unwrap();
    assert_ne!(numbers(&one), numbers(&other), "dropout is active");
    let valid = model.valid();
    let batch = batch.inner();
    let one: Tensor<2> = valid.forward(batch.clone()).unwrap();
    let other: Tensor<2> = valid.forward(batch).unwrap();
    assert_eq!(numbers(&one), numbers(&other));
    // The statistics were kept.
    let mean = model.tensor("features.1.running_mean");
    let mean = mean.or_else(|| {
        let names = model.weights().iter().map(|weight| weight.name.clone());
        let name = names
            .into_iter()
            .find(|name| name.ends_with("running_mean"))?;
        model.tensor(&name)
    });
    assert!(
        mean.unwrap()
            .to_data()
            .iter::<f32>()
            .any(|value| value != 0.0)
    );
}

#[test]
fn checkpoints_come_back() {
    let folder = std::env::temp_dir().join(format!("shapewise-burn-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("net.safetensors");
    let device = Device::flex();
    let model = Model::<Net>::seeded(&device, 7).unwrap();
    model.save(&path).unwrap();
    assert!(
        shapewise_safetensors::check_file::<Net>(&path)
            .unwrap()
            .is_ok()
    );
    let batch = images(2, &device);
    let expected: Tensor<2> = model.forward(batch.clone()).unwrap();
    let loaded = Model::<Net>::new(&device).unwrap().load(&path).unwrap();
    let found: Tensor<2> = loaded.forward(batch).unwrap();
    assert_eq!(numbers(&expected), numbers(&found));

    let error = Model::<Wider>::new(&device)
        .unwrap()
        .load(&path)
        .unwrap_err();
    assert!(matches!(error, Error::Fit(_)));
    let text = error.to_string();
    assert!(text.contains("fc.weight"), "{text}");
    let missing = Model::<Net>::new(&device)
        .unwrap()
        .load(folder.join("none"));
    assert!(missing.unwrap_err().to_string().contains("none"));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_does_not_fit_is_told() {
    let device = Device::flex();
    let model = Model::<Net>::new(&device).unwrap();
    let wrong = Tensor::<4>::zeros([2, 3, 8, 9], &device);
    let error = model.forward::<2>(wrong).unwrap_err().to_string();
    assert!(error.contains("image") && error.contains('9'), "{error}");
    let words = Model::<Words>::new(&device).unwrap();
    let floats = Value::floats(vec![0.0; 12], &[2, 6], &device).unwrap();
    let error = words.run(vec![floats]).unwrap_err().to_string();
    assert!(error.contains("table"), "{error}");
    let indices = Value::ints(vec![1; 12], &[2, 6], &device).unwrap();
    assert_eq!(words.run(vec![indices]).unwrap()[0].extents(), [2, 6, 3]);
    for outside in [20, -1, i64::from(i32::MAX)] {
        let indices = [vec![19; 11], vec![outside]].concat();
        let indices = Value::ints(indices, &[2, 6], &device.clone().autodiff()).unwrap();
        let error = words.run(vec![indices]).unwrap_err().to_string();
        let expected = format!("`table: embedding`: the index {outside} is not among");
        assert!(error.contains(&expected), "{error}");
    }
    let label = model.run_to(&["nowhere"], vec![images(1, &device).into()]);
    assert!(label.unwrap_err().to_string().contains("nowhere"));
}

#[test]
fn it_stands_among_other_modules() {
    #[derive(Module, Debug)]
    struct Both {
        backbone: Model<Net>,
        scale: Param<Tensor<1>>,
    }
    let device = Device::flex().autodiff();
    let both = Both {
        backbone: Model::new(&device).unwrap(),
        scale: Param::from_tensor(Tensor::ones([5], &device)),
    };
    let mut paths = Paths::default();
    both.visit(&mut paths);
    assert!(paths.all.contains(&"backbone.fc.weight".to_owned()));
    assert!(paths.all.contains(&"scale".to_owned()));
    let frozen = both.freeze();
    assert!(!frozen.scale.val().is_require_grad());
    let out: Tensor<2> = frozen.backbone.forward(images(1, &device)).unwrap();
    assert_eq!(out.dims(), [1, 5]);
}

network! {
    /// A network whose head has another number of classes.
    pub struct Finetuned(image: 8x8x3) -> (logits: 2) {
        features: { conv1: conv(4, 3x3, bias = false), batch_norm, relu; }
        drop: dropout(0.5);
        fc: flatten, linear(2);
    }

    /// A checkpoint has its two tables once.
    pub struct Tied(words: 4) -> (scores: 4x20) {
        table: embedding(20, 8);
        head: linear(20, bias = false, shared = table);
    }
}

/// A folder of this test's own.
fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("shapewise-burn-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn elements<N: shapewise::Network>(model: &Model<N>, name: &str) -> Vec<f32> {
    model.tensor(name).unwrap().to_data().iter().collect()
}

#[test]
fn what_fits_is_loaded_and_the_rest_is_told() {
    let folder = folder("fitting");
    let path = folder.join("net.safetensors");
    let device = Device::flex();
    let trained = Model::<Net>::seeded(&device, 5).unwrap();
    trained.save(&path).unwrap();
    let fresh = Model::<Finetuned>::seeded(&device, 9).unwrap();
    let head = elements(&fresh, "fc.weight");
    let (model, report) = fresh.load_fitting(&path).unwrap();
    let left: Vec<&str> = report.mismatched().map(|found| &*found.name).collect();
    assert_eq!(left, ["fc.weight", "fc.bias"]);
    assert_eq!(
        elements(&model, "features.conv1.weight"),
        elements(&trained, "features.conv1.weight")
    );
    assert_eq!(
        elements(&model, "fc.weight"),
        head,
        "the head stays as it was"
    );
    // What has nothing in common is an error.
    let words = Model::<Words>::new(&device).unwrap();
    assert!(matches!(words.load_fitting(&path), Err(Error::Fit(_))));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn tied_tensors_are_loaded_by_either_name() {
    let folder = folder("tied");
    let path = folder.join("tied.safetensors");
    let table: Vec<f32> = (0..160).map(|number| number as f32).collect();
    let bytes: Vec<u8> = table
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    for name in ["table.weight", "head.weight"] {
        let view =
            safetensors::tensor::TensorView::new(safetensors::Dtype::F32, vec![20, 8], &bytes);
        let file = safetensors::serialize([(name, view.unwrap())], None).unwrap();
        std::fs::write(&path, file).unwrap();
        let model = Model::<Tied>::new(&Device::flex())
            .unwrap()
            .load(&path)
            .unwrap();
        assert_eq!(elements(&model, "table.weight"), table, "{name}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn frozen_parameters_get_no_gradients() {
    let device = Device::flex().autodiff();
    let model = Model::<Net>::new(&device)
        .unwrap()
        .frozen("features.*")
        .unwrap();
    let trained = |model: &Model<Net>| {
        let logits: Tensor<2> = model.forward(images(4, &device)).unwrap();
        let gradients = logits.sum().backward();
        let has = |name: &str| model.tensor(name).unwrap().grad(&gradients).is_some();
        (has("features.conv1.weight"), has("fc.weight"))
    };
    assert_eq!(trained(&model), (false, true));
    // It stays so on another device, and what is loaded, too.
    assert_eq!(trained(&model.clone().fork(&device)), (false, true));
    let folder = folder("frozen");
    let path = folder.join("net.safetensors");
    model.save(&path).unwrap();
    let model = model.load(&path).unwrap();
    assert_eq!(trained(&model), (false, true));
    assert_eq!(
        trained(&model.unfrozen("*conv1.weight").unwrap()),
        (true, true)
    );
    std::fs::remove_dir_all(folder).unwrap();
    let error = Model::<Net>::new(&device).unwrap().frozen("layer4.*");
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains("`layer4.*`") && error.contains("`fc.weight`"),
        "{error}"
    );
}

#[test]
fn groups_have_learning_rates_of_their_own() {
    use burn::optim::lr_scheduler::LrSchedulerConfig;
    use burn::optim::lr_scheduler::module_lr_scheduler::ModuleLrSchedulerConfig;
    use burn::optim::{GradientsParams, SgdConfig};

    let device = Device::flex().autodiff();
    let model = Model::<Words>::new(&device).unwrap();
    let group = model.group("table.*").unwrap();
    let rates = ModuleLrSchedulerConfig::new(LrSchedulerConfig::Constant(0.5))
        .with_group(group, LrSchedulerConfig::Constant(0.0));
    let mut rates = rates.init().unwrap();
    let words = Tensor::<2, Int>::ones([3, 6], &device);
    let scores: Tensor<3> = model.forward(words).unwrap();
    let gradients = GradientsParams::from_grads(scores.sum().backward(), &model);
    let before = (
        elements(&model, "table.weight"),
        elements(&model, "fc.weight"),
    );
    let model = SgdConfig::new().init().step(rates.step(), model, gradients);
    assert_eq!(elements(&model, "table.weight"), before.0);
    assert_ne!(elements(&model, "fc.weight"), before.1);
}

/// What PyTorch's model with these tensors gives: `data/make_pt.py` prints it.
const BY_PYTORCH: [f32; 5] = [
    0.077_234_08,
    0.062_191_03,
    0.680_361_87,
    0.556_163_6,
    0.515_889_05,
];

#[test]
fn files_of_torch_save_are_loaded() {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let device = Device::flex();
    let pixels: Vec<f32> = (0..3 * 8 * 8u16)
        .map(|pixel| f32::from(pixel) / 100.0)
        .collect();
    let image = burn::tensor::TensorData::new(pixels, [1, 3, 8, 8]);
    let image = Tensor::<4>::from_data(image, &device);
    for name in ["net.pt", "training.pt"] {
        let model = Model::<Net>::new(&device).unwrap().load(data.join(name));
        let logits: Tensor<2> = model.unwrap().valid().forward(image.clone()).unwrap();
        for (ours, theirs) in numbers(&logits).into_iter().zip(BY_PYTORCH) {
            assert!((ours - theirs).abs() < 1e-5, "{name}: {ours} and {theirs}");
        }
    }
    // One that does not fit is told as any other checkpoint, and one cut off as such.
    let wider = Model::<Wider>::new(&device).unwrap();
    let error = wider.load(data.join("net.pt")).unwrap_err();
    assert!(
        matches!(&error, Error::Fit(report) if report.contains("fc.weight")),
        "{error}"
    );
    let folder = folder("torso");
    let torso = folder.join("torso.pt");
    let bytes = std::fs::read(data.join("net.pt")).unwrap();
    std::fs::write(&torso, &bytes[..bytes.len() / 2]).unwrap();
    let error = Model::<Net>::new(&device)
        .unwrap()
        .load(&torso)
        .unwrap_err();
    assert!(matches!(error, Error::Pytorch { .. }), "{error}");
    assert!(error.to_string().contains("torso.pt"), "{error}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_network_without_tensors_trains_where_it_was_made() {
    let device = Device::flex().autodiff();
    let model = Model::<Bare>::new(&device).unwrap();
    let zeros = |model: &Model<Bare>, device: &Device| {
        let y: Tensor<2> = model.forward(Tensor::<2>::ones([1, 64], device)).unwrap();
        numbers(&y).iter().filter(|value| **value == 0.0).count()
    };
    assert!(zeros(&model, &device) > 0, "dropout is active");
    assert_eq!(zeros(&model.valid(), &Device::flex()), 0);
    assert!(zeros(&model.valid().train(), &device) > 0, "again");
}

#[test]
fn statistics_are_kept_of_every_batch() {
    let device = Device::flex().autodiff();
    let model = Model::<Net>::new(&device).unwrap();
    let mean = || {
        let mut weights = model.weights().iter();
        let weight = weights.find(|weight| weight.name.ends_with("running_mean"));
        let value = model.tensor(&weight.unwrap().name).unwrap();
        value.to_data().iter::<f32>().collect::<Vec<_>>()
    };
    let batch = images(4, &device);
    let _: Tensor<2> = model.forward(batch.clone()).unwrap();
    let once = mean();
    let _: Tensor<2> = model.forward(batch).unwrap();
    // A tenth of the batch's, then a tenth and nine tenths of that.
    for (twice, once) in mean().iter().zip(&once) {
        assert!((twice - 1.9 * once).abs() < 1e-6, "{twice} after {once}");
    }
}

#[test]
fn batches_are_counted_as_in_pytorch() {
    let device = Device::flex().autodiff();
    let model = Model::<Net>::new(&device).unwrap();
    let count = |model: &Model<Net>| {
        let mut weights = model.weights().iter();
        let weight = weights.find(|weight| weight.name.ends_with("num_batches_tracked"));
        let value = model.tensor(&weight.unwrap().name).unwrap();
        value.to_data().iter::<i64>().collect::<Vec<_>>()
    };
    assert_eq!(count(&model), [0]);
    for _ in 0..3 {
        let _: Tensor<2> = model.forward(images(2, &device)).unwrap();
    }
    assert_eq!(count(&model), [3]);
    let valid = model.valid();
    let _: Tensor<2> = valid.forward(images(2, &Device::flex())).unwrap();
    assert_eq!(count(&valid), [3]);
}
