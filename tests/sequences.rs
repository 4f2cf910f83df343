//! Dense, recurrent and attention layers, tables and merges: products counted
//! one by one, tensors by PyTorch's names, and what is rejected.

mod sequences {
    mod huge;
    mod layer;
    mod macs;
    mod merges;
    mod rejections;
    mod tensors;
}
