//! The procedural macro of `shapewise`.
