//! One test over all engines: see `tests/agree`.
//!
//! The example networks and thirty random ones run with the same weights on the same inputs
//! in `shapewise-lower`'s plain engine, in onnxruntime, burn and candle.

#![forbid(unsafe_code)]
