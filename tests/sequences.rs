//! Dense, recurrent and attention layers, tables, merges and other layers of several values: products counted
//! one by one, tensors by PyTorch's names, and what is rejected.

mod sequences {
    mod conv_recurrent;
    mod deformable;
    mod huge;
    mod layer;
    mod macs;
    mod merges;
    mod mixtures;
    mod rejections;
    mod tensors;
}
