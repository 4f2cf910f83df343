//! The hyperparameters that shapes and counts do not show.

use std::collections::BTreeMap;

use shapewise::layer::activation::Activation;
use shapewise::layer::attention::Attention;
use shapewise::layer::convolution::Convolution;
use shapewise::layer::normalisation::Normalisation;
use shapewise::layer::pooling::{Pool, Pooling};
use shapewise::layer::regularisation::Regularisation;
use shapewise::layer::{Layer, Window};

/// Hyperparameters by PyTorch's names, a number per axis.
pub(crate) type Settings = BTreeMap<String, Vec<f64>>;

/// The hyperparameters of a layer of the kinds that occur here.
pub(crate) fn settings(layer: &Layer) -> Settings {
    let mut settings = Settings::new();
    let mut set = |name: &str, values: Vec<f64>| {
        settings.insert(name.to_owned(), values);
    };
    match layer {
        Layer::Convolution(Convolution::Conv(conv) | Convolution::Depthwise(conv)) => {
            set_window(&mut set, &conv.window);
            set("dilation", numbers(conv.window.dilation.as_slice()));
            set("groups", numbers(&[conv.groups]));
        }
        Layer::Convolution(Convolution::Transpose(conv)) => {
            set_window(&mut set, &conv.window);
            set("dilation", numbers(conv.window.dilation.as_slice()));
            set("groups", numbers(&[conv.groups]));
        }
        Layer::Pooling(Pooling::Max(pool) | Pooling::Average { pool, .. }) => {
            let Pool { window, ceil_mode } = pool;
            set_window(&mut set, window);
            set("ceil_mode", numbers(&[usize::from(*ceil_mode)]));
        }
        Layer::Normalisation(Normalisation::Batch(norm)) => {
            set("eps", vec![norm.eps]);
            set("momentum", vec![norm.momentum]);
        }
        Layer::Normalisation(Normalisation::Layer { eps, .. }) => set("eps", vec![*eps]),
        Layer::Regularisation(Regularisation::Dropout { p }) => set("p", vec![*p]),
        Layer::Recurrent(recurrent) => set("dropout", vec![recurrent.dropout]),
        Layer::Attention(Attention::MultiHead(attention)) => {
            set("num_heads", numbers(&[attention.heads]));
            set("dropout", vec![attention.dropout]);
        }
        Layer::Activation(Activation::Gelu { tanh }) => {
            set("tanh", numbers(&[usize::from(*tanh)]));
        }
        _ => {}
    }
    settings
}

fn set_window(set: &mut impl FnMut(&str, Vec<f64>), window: &Window) {
    let padding = window.padding;
    assert!(padding.is_symmetric(), "padding {padding:?}");
    set("kernel_size", numbers(window.kernel.as_slice()));
    set("stride", numbers(window.stride.as_slice()));
    set("padding", numbers(padding.before().as_slice()));
}

fn numbers(values: &[usize]) -> Vec<f64> {
    let number = |value: &usize| f64::from(u32::try_from(*value).expect("a small number"));
    values.iter().map(number).collect()
}
