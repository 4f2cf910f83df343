//! The pipeline of `network!`, from tokens to items.
