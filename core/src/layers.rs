//! Every layer of the language, by its own name: the documentation that an
//! editor shows where a network uses the layer.

pub use crate::layer::activation::names::*;
pub use crate::layer::attention::names::*;
pub use crate::layer::conv_recurrent::names::*;
pub use crate::layer::convolution::names::*;
pub use crate::layer::dense::names::*;
pub use crate::layer::embedding::names::*;
pub use crate::layer::merge::names::*;
pub use crate::layer::mixture::names::*;
pub use crate::layer::normalisation::names::*;
pub use crate::layer::other::names::*;
pub use crate::layer::pooling::names::*;
pub use crate::layer::recurrent::names::*;
pub use crate::layer::reduction::names::*;
pub use crate::layer::regularisation::names::*;
pub use crate::layer::shape_ops::names::*;
pub use crate::layer::state_space::names::*;
