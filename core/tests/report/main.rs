//! Reports of small networks: every cell, every format, every width.

mod compare;
mod formats;
mod rows;
mod support;
mod width;
