//! A model as a module of candle's: builders, names, modes, checkpoints, errors.

use std::collections::HashMap;

use candle_core::{DType, Device, IndexOp, Module, ModuleT, Tensor, Var};
use candle_nn::{AdamW, Linear, Optimizer, ParamsAdamW, VarBuilder, VarMap};
use shapewise::{Custom, Network, Shape, network};
use shapewise_candle::{Candle, CustomCall, Customs, Error, Model};

#[allow(dead_code, reason = "the benchmark has the other network")]
mod hand;

network! {
    /// A network with a batch normalisation, dropout and groups of names.
    pub struct Net(image: 8x8x3) -> (logits: 5) {
        features: { conv1: conv(4, 3x3, bias = false), batch_norm, relu; }
        drop: dropout(0.5);
        fc: flatten, linear(5);
    }

    pub struct Wider(image: 8x8x3) -> (logits: 7) {
        features: { conv1: conv(4, 3x3, bias = false), batch_norm, relu; }
        drop: dropout(0.5);
        fc: flatten, linear(7);
    }

    pub struct Words(words: 6) -> (logits: 6x3) {
        table: embedding(20, 8);
        fc: linear(3);
    }

    pub struct Tied(words: 6) -> (logits: 6x20) {
        table: embedding(20, 8);
        head: linear(20, bias = false, shared = table);
    }

    pub struct Pair(a: 8, b: 8) -> (sum: 4, difference: 4) {
        left: linear(4);
        right: from b, linear(4);
        sum: add(left, right);
        difference: sub(left, right);
    }

    pub struct Wave(steps: 6x3) -> (longer: 14x2) {
        up: conv_transpose(2, 4, stride = 2);
    }

    pub struct Own(x: 8) -> 3 {
        body: linear(16);
        bend: custom square()  => 16;
        head: linear(3);
    }
}

/// Its square: a layer with nothing to learn.
const fn square(input: Shape) -> Custom {
    Custom::new(input)
}

const CPU: Device = Device::Cpu;

/// A model with variables of its own.
fn variables<N: Network>(seed: u64) -> (Model<N>, VarMap) {
    let map = VarMap::new();
    let vb = VarBuilder::from_varmap(&map, DType::F32, &CPU);
    (Model::seeded(vb, seed).unwrap(), map)
}

fn images(count: usize) -> Tensor {
    let pixels = (0..count * 3 * 64).map(|n| (n % 17) as f32 / 8.0 - 1.0);
    Tensor::from_iter(pixels, &CPU)
        .and_then(|x| x.reshape((count, 3, 8, 8)))
        .unwrap()
}

fn numbers(x: &Tensor) -> Vec<f32> {
    let x = x.to_dtype(DType::F32).unwrap();
    x.flatten_all().unwrap().to_vec1().unwrap()
}

fn close(ours: &Tensor, theirs: &Tensor, within: f32) {
    assert_eq!(ours.dims(), theirs.dims());
    let (ours, theirs) = (numbers(ours), numbers(theirs));
    let most = theirs.iter().fold(0f32, |most, x| most.max(x.abs()));
    for (ours, theirs) in ours.iter().zip(&theirs) {
        let gap = (ours - theirs).abs() / most;
        assert!(gap <= within, "{ours} and {theirs} of {most}");
    }
}

fn folder(name: &str) -> std::path::PathBuf {
    let name = format!("shapewise-candle-{name}-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_residual_network_is_the_same_as_by_hand() {
    let (model, map) = variables::<small::Small>(7);
    let vb = VarBuilder::from_varmap(&map, DType::F32, &CPU);
    let before = map.all_vars().len();
    let hand = hand::ByHand::small(vb).unwrap();
    assert_eq!(map.all_vars().len(), before, "the same names");
    // The same numbers each time: with some, batch normalisation of few values magnifies
    // the last digits of both.
    let pixels = (0..4 * 3 * 32 * 32_u32).map(|n| (n * 7919 % 1013) as f32 / 506.0 - 1.0);
    let images = Tensor::from_iter(pixels, &CPU).and_then(|x| x.reshape((4, 3, 32, 32)));
    let images = images.unwrap();
    let ours = model.forward(&images).unwrap();
    close(&ours, &hand.forward_t(&images, false).unwrap(), 1e-5);
    // In training, too, with its gradients; the statistics move twice then.
    let ours = model.forward_t(&images, true).unwrap();
    let theirs = hand.forward_t(&images, true).unwrap();
    close(&ours, &theirs, 1e-5);
    let ours = ours.sqr().unwrap().sum_all().unwrap().backward().unwrap();
    let theirs = theirs.sqr().unwrap().sum_all().unwrap().backward().unwrap();
    for weight in model.weights().iter().filter(|w| w.is_parameter()) {
        let tensor = model.tensor(&weight.name).unwrap();
        let (ours, theirs) = (ours.get(tensor).unwrap(), theirs.get(tensor).unwrap());
        close(ours, theirs, 2e-4);
    }
    let images = images.to_dtype(DType::F32).unwrap();
    let ours = model.forward(&images).unwrap();
    close(&ours, &hand.forward_t(&images, false).unwrap(), 1e-5);
}

#[test]
fn variables_have_pytorchs_names_and_initialisation() {
    let (model, map) = variables::<Net>(3);
    let data = map.data().lock().unwrap();
    let mut names: Vec<&str> = data.keys().map(String::as_str).collect();
    names.sort_unstable();
    let own = |name: &str| format!("features.conv1.{name}");
    assert_eq!(
        names,
        [
            "fc.bias",
            "fc.weight",
            &own("batch_norm.bias"),
            &own("batch_norm.num_batches_tracked"),
            &own("batch_norm.running_mean"),
            &own("batch_norm.running_var"),
            &own("batch_norm.weight"),
            &own("weight"),
        ]
    );
    // Even up to one over the root of what each output reads, and the seed decides.
    let weight = numbers(model.tensor("features.conv1.weight").unwrap());
    let bound = 1.0 / 27f32.sqrt();
    let most = weight.iter().fold(0f32, |most, x| most.max(x.abs()));
    assert!(most <= bound && most > 0.8 * bound, "{most}");
    let again = |seed| {
        let (model, _map) = variables::<Net>(seed);
        numbers(model.tensor("features.conv1.weight").unwrap())
    };
    assert_eq!(again(3), weight);
    assert_ne!(again(4), weight);
    assert!(
        numbers(
            model
                .tensor("features.conv1.batch_norm.running_var")
                .unwrap()
        ) == [1.0; 4]
    );
}

#[test]
fn training_and_inference_differ_and_statistics_are_kept() {
    let (model, map) = variables::<Net>(1);
    let mean = || {
        numbers(
            model
                .tensor("features.conv1.batch_norm.running_mean")
                .unwrap(),
        )
    };
    let count = || {
        let count = model.tensor("features.conv1.batch_norm.num_batches_tracked");
        count.unwrap().to_scalar::<i64>().unwrap()
    };
    let still = numbers(&model.forward(&images(4)).unwrap());
    assert_eq!(numbers(&model.forward(&images(4)).unwrap()), still);
    assert_eq!((mean(), count()), (vec![0.0; 4], 0));
    // `apply_t` of candle's tensors, as hand-written modules use it.
    let once = images(4).apply_t(&model, true).unwrap();
    let first = mean();
    let twice = images(4).apply_t(&model, true).unwrap();
    assert_ne!(numbers(&once), numbers(&twice), "dropout is active");
    assert_eq!(count(), 2);
    for (twice, once) in mean().iter().zip(&first) {
        assert!((twice - 1.9 * once).abs() < 1e-6, "{twice} after {once}");
    }
    // They are the map's own, so that it saves them.
    let data = map.data().lock().unwrap();
    let own = &data["features.conv1.batch_norm.running_mean"];
    assert_eq!(numbers(own), mean());
}

/// A backbone of the macro's and a head of candle's, trained by its optimiser.
struct Tagger {
    backbone: Model<Net>,
    head: Linear,
}

impl Tagger {
    fn new(vb: VarBuilder<'_>) -> candle_core::Result<Self> {
        Ok(Self {
            backbone: Model::new(vb.pp("backbone"))?,
            head: candle_nn::linear(5, 2, vb.pp("head"))?,
        })
    }
}

impl ModuleT for Tagger {
    fn forward_t(&self, images: &Tensor, train: bool) -> candle_core::Result<Tensor> {
        images.apply_t(&self.backbone, train)?.apply(&self.head)
    }
}

#[test]
fn it_trains_as_a_part_of_a_module_by_hand() {
    let map = VarMap::new();
    let vb = VarBuilder::from_varmap(&map, DType::F32, &CPU);
    let model = Tagger::new(vb).unwrap();
    assert!(
        map.data()
            .lock()
            .unwrap()
            .contains_key("backbone.fc.weight")
    );
    let params = ParamsAdamW {
        lr: 0.02,
        ..ParamsAdamW::default()
    };
    let mut optimizer = AdamW::new(map.all_vars(), params).unwrap();
    let images = images(6);
    let labels = Tensor::new(&[0u32, 1, 0, 1, 0, 1], &CPU).unwrap();
    let mut losses = Vec::new();
    for _ in 0..30 {
        let logits = model.forward_t(&images, false).unwrap();
        let loss = candle_nn::loss::cross_entropy(&logits, &labels).unwrap();
        optimizer.backward_step(&loss).unwrap();
        losses.push(loss.to_scalar::<f32>().unwrap());
    }
    assert!(losses[29] < 0.5 * losses[0], "{losses:?}");
    // What is not learned stays, also where the optimiser has it.
    let name = "features.conv1.batch_norm.running_var";
    assert_eq!(numbers(model.backbone.tensor(name).unwrap()), [1.0; 4]);

    // What the map saves is loaded by its names again.
    let folder = folder("trained");
    let path = folder.join("tagger.safetensors");
    map.save(&path).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let vb = VarBuilder::from_buffered_safetensors(bytes, DType::F32, &CPU).unwrap();
    let loaded = Tagger::new(vb).unwrap();
    let logits = loaded.forward_t(&images, false).unwrap();
    close(&logits, &model.forward_t(&images, false).unwrap(), 0.0);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn serving_keeps_no_gradients() {
    let (model, map) = variables::<Net>(2);
    let serving = model.eval();
    let y = images(1).apply(&serving).unwrap();
    assert!(!y.track_op());
    assert!(model.forward(&images(1)).unwrap().track_op());
    // The tensors are the same.
    let bias = map.data().lock().unwrap()["fc.bias"].clone();
    bias.set(&(bias.as_tensor() + 1.0).unwrap()).unwrap();
    let moved = (serving.forward(&images(1)).unwrap() - y).unwrap();
    close(&moved, &moved.ones_like().unwrap(), 1e-5);
    let both = candle_nn::seq().add(serving.clone()).add_fn(|x| x.relu());
    assert_eq!(both.forward(&images(2)).unwrap().dims(), [2, 5]);
    assert_eq!(serving.model().weights().len(), 8);
}

#[test]
fn labels_indices_and_several_values() {
    let (model, _map) = variables::<Net>(2);
    let values = model.run_to(&["features", "fc"], &[images(2)]).unwrap();
    assert_eq!(values[0].dims(), [2, 4, 6, 6]);
    close(&values[1], &model.forward(&images(2)).unwrap(), 0.0);
    let error = model.run_to(&["nowhere"], &[images(2)]).unwrap_err();
    assert!(error.to_string().contains("no label `nowhere`"), "{error}");

    let (words, _map) = variables::<Words>(2);
    let places = Tensor::new(&[[0u32, 1, 2, 3, 4, 19]], &CPU).unwrap();
    let short = words.forward(&places).unwrap();
    let wide = words
        .forward(&places.to_dtype(DType::I64).unwrap())
        .unwrap();
    close(&short, &wide, 0.0);

    let (pair, _map) = variables::<Pair>(2);
    let ones = Tensor::ones((3, 8), DType::F32, &CPU).unwrap();
    let values = pair.run(&[ones.clone(), ones.clone()]).unwrap();
    assert_eq!(values.len(), 2);
    let error = pair.run(&[ones]).unwrap_err();
    assert!(error.to_string().contains("`a`, `b`"), "{error}");
}

#[test]
fn samples_of_a_batch_do_not_mix() {
    let (model, _map) = variables::<Wave>(4);
    let steps = Tensor::randn(0f32, 1., (2, 6, 3), &CPU).unwrap();
    let both = model.eval().forward(&steps).unwrap();
    for sample in 0..2 {
        let alone = steps.narrow(0, sample, 1).unwrap();
        let alone = model.eval().forward(&alone).unwrap();
        close(&both.narrow(0, sample, 1).unwrap(), &alone, 1e-6);
    }
}

#[test]
fn what_is_wrong_is_told() {
    // All tensors that do not fit at once.
    let zeros = |dims: &[usize]| Tensor::zeros(dims, DType::F32, &CPU).unwrap();
    let tensors: HashMap<String, Tensor> = [
        ("fc.weight".to_owned(), zeros(&[5, 144])),
        ("fc.bias".to_owned(), zeros(&[7])),
    ]
    .into();
    let vb = VarBuilder::from_tensors(tensors, DType::F32, &CPU);
    let Err(error) = Model::<Net>::new(vb) else {
        panic!("tensors are missing");
    };
    let Error::Tensors { all, unfit, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!((*all, unfit.len()), (8, 6), "{error}");
    let text = error.to_string();
    assert!(
        text.contains("`features.conv1.weight`: there is none"),
        "{text}"
    );
    assert!(text.contains("`fc.bias`: shape mismatch"), "{text}");
    // In candle's own functions, too.
    assert!(
        candle_core::Error::from(error)
            .to_string()
            .contains("fc.bias")
    );

    let (model, _map) = variables::<Net>(0);
    let wrong = model.forward(&zeros(&[2, 3, 8, 9])).unwrap_err();
    assert!(wrong.to_string().contains("reads N x 3 x 8 x 8"), "{wrong}");
    let doubles = images(1).to_dtype(DType::F64).unwrap();
    let wrong = model.run(&[doubles]).unwrap_err();
    assert!(
        matches!(
            wrong,
            Error::DType {
                given: DType::F64,
                ..
            }
        ),
        "{wrong}"
    );
    let bytes = images(1).to_dtype(DType::U8).unwrap();
    assert!(model.run(&[bytes]).is_err());
}

#[test]
fn layers_of_ones_own() {
    let vb = VarBuilder::zeros(DType::F32, &CPU);
    let error = Model::<Own>::new(vb.clone()).unwrap_err();
    assert!(error.to_string().contains("`bend`"), "{error}");
    let map = VarMap::new();
    let vb = VarBuilder::from_varmap(&map, DType::F32, &CPU);
    let square = |_: &mut Candle, call: CustomCall<'_, Tensor>| call.inputs[0].sqr();
    let model = Model::<Own>::build(vb, 0, Customs::new().layer("bend", square)).unwrap();
    let x = Tensor::ones((2, 8), DType::F32, &CPU).unwrap();
    let values = model.run_to(&["body", "bend"], &[x]).unwrap();
    close(&values[1], &values[0].sqr().unwrap(), 0.0);
}

#[test]
fn checkpoints_are_loaded_with_a_report_of_what_does_not_fit() {
    let folder = folder("load");
    let path = folder.join("net.safetensors");
    let (model, map) = variables::<Net>(5);
    map.save(&path).unwrap();
    let loaded = Model::<Net>::load(&path, DType::F32, &CPU).unwrap();
    close(
        &loaded.forward(&images(2)).unwrap(),
        &model.forward(&images(2)).unwrap(),
        0.0,
    );
    let error = Model::<Wider>::load(&path, DType::F32, &CPU).unwrap_err();
    assert!(
        matches!(&error, Error::Fit(report) if report.contains("fc.weight")),
        "{error}"
    );
    let error = Model::<Net>::load(folder.join("none"), DType::F32, &CPU).unwrap_err();
    assert!(error.to_string().contains("none"), "{error}");

    // A checkpoint without the counts of batches, as many are; any other lack is one.
    let mut tensors = candle_core::safetensors::load(&path, &CPU).unwrap();
    tensors.retain(|name, _| !name.ends_with("num_batches_tracked"));
    Model::<Net>::new(VarBuilder::from_tensors(tensors, DType::F32, &CPU)).unwrap();

    // Tied tensors by either name.
    let (tied, _map) = variables::<Tied>(5);
    for name in ["table.weight", "head.weight"] {
        let table = tied.tensor("table.weight").unwrap().clone();
        let path = folder.join("tied.safetensors");
        candle_core::safetensors::save(&[(name.to_owned(), table)].into(), &path).unwrap();
        let loaded = Model::<Tied>::load(&path, DType::F32, &CPU).unwrap();
        let own = loaded.tensor("table.weight").unwrap();
        close(own, tied.tensor("table.weight").unwrap(), 0.0);
    }
    std::fs::remove_dir_all(folder).unwrap();
}

/// What PyTorch gives for an image with `net.pt`, whose making stands beside it.
const BY_PYTORCH: [f32; 5] = [
    0.077_234_08,
    0.062_191_03,
    0.680_361_87,
    0.556_163_6,
    0.515_889_05,
];

#[test]
fn files_of_torch_save_are_loaded() {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../burn/tests/data");
    let data = std::path::Path::new(data);
    let pixels = (0..3 * 64).map(|pixel| pixel as f32 / 100.0);
    let image = Tensor::from_iter(pixels, &CPU)
        .and_then(|x| x.reshape((1, 3, 8, 8)))
        .unwrap();
    let expected = Tensor::new(&[BY_PYTORCH], &CPU).unwrap();
    for name in ["net.pt", "training.pt"] {
        let model = Model::<Net>::load(data.join(name), DType::F32, &CPU).unwrap();
        close(&model.forward(&image).unwrap(), &expected, 1e-5);
    }
    // candle's own way.
    let vb = VarBuilder::from_pth(data.join("net.pt"), DType::F32, &CPU).unwrap();
    let model = Model::<Net>::new(vb).unwrap();
    close(&model.forward(&image).unwrap(), &expected, 1e-5);
    let error = Model::<Wider>::load(data.join("net.pt"), DType::F32, &CPU).unwrap_err();
    assert!(matches!(&error, Error::Fit(report) if report.contains("fc.weight")));
    // One that was cut off is told as such.
    let folder = folder("torso");
    let torso = folder.join("torso.pt");
    let bytes = std::fs::read(data.join("net.pt")).unwrap();
    std::fs::write(&torso, &bytes[..bytes.len() / 2]).unwrap();
    let error = Model::<Net>::load(&torso, DType::F32, &CPU).unwrap_err();
    assert!(error.to_string().contains("torso.pt"), "{error}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn half_precision_gives_nearly_the_same() {
    let (model, map) = variables::<small::Small>(3);
    let images = Tensor::randn(0f32, 1., (2, 3, 32, 32), &CPU).unwrap();
    let whole = model.forward(&images).unwrap();
    let data = map.data().lock().unwrap();
    let tensors: HashMap<String, Tensor> = data
        .iter()
        .map(|(name, var)| (name.clone(), Var::as_tensor(var).clone()))
        .collect();
    for (dtype, within) in [(DType::F16, 0.01), (DType::BF16, 0.08), (DType::F64, 1e-5)] {
        let vb = VarBuilder::from_tensors(tensors.clone(), dtype, &CPU);
        let model = Model::<small::Small>::new(vb).unwrap();
        assert_eq!(model.dtype(), dtype);
        let half = model.forward(&images.to_dtype(dtype).unwrap()).unwrap();
        assert_eq!(half.dtype(), dtype);
        assert_ne!(numbers(&half), numbers(&whole), "{dtype:?} is another type");
        close(&half, &whole, within);
    }
    assert_eq!(whole.i((0, ..)).unwrap().dims(), [10]);
}
