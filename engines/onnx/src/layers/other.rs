//! What belongs to no other family.

use shapewise_core::layer::other::Other;

use crate::Error;
use crate::layer::Said;
use crate::value::Value;

pub(super) fn say(said: &mut Said<'_>, layer: &Other) -> Result<Value, Error> {
    let x = said.input();
    match layer {
        Other::Scale { .. } => {
            let scale = said.weight("")?;
            let scale = said.builder.along_channels(&scale, x.rank())?;
            Ok(said.builder.binary("Mul", &x, &scale))
        }
        Other::Identity => Ok(said.builder.unary("Identity", &x)),
    }
}
