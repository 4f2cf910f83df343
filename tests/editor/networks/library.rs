//! Blocks of another module.

mod blocks {
    shapewise::network! {
        /// A convolution with its normalisation.
        pub block Norm(channels, kernel = 3x3) {
            conv(channels, kernel, padding = half, bias = false), batch_norm, relu;
            // ^ hover Convolution
        }
    }
}

mod networks {
    shapewise::network! {
        use crate::blocks::{Norm, Norm as Again};
        //                  ^ hover kernel = 3x3

        pub struct Net(image: 16x16x3) -> (map: 16x16x8) {
            first: Norm(4);
            //^ hover 16x16x4
            //     ^ hover A block | kernel = 3x3
            Again(8, kernel = 1x1);
            //       ^ hover 3x3
        }
    }
}
//~ Norm(4) => Norm(4, $) completes channels | kernel
