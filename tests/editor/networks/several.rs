//! Several inputs and outputs, generics, constants of Rust, networks as layers, lists.

use shapewise::network;

mod config {
    pub const WIDTH: usize = 8;
}

const HIDDEN: usize = 12;

network! {
    /// What two images are compared by.
    pub struct Tower(image: 32x32x3) -> (features: 16) {
        //     ^ hover Tower: | parameters
        stem: conv(8, 3x3, stride = 2, padding = half), relu;
        //                             ^ hover what is added around the input
        //                                       ^ hover both sides
        //                                              ^ hover Rectified linear unit
        residual { conv(8, 3x3, padding = half); }
        //^ hover Adds
        residual {
            inner: conv(image.channels + 5, 1x1);
            //          ^ goes image: 32
            //          ^ hover 32x32x3
            //                ^ hover channels
        } shortcut if _.channels == 8 { identity; }
        global_avg_pool, linear(16);
    }

    pub struct Both<const CLASSES: usize = 2>(left: 32x32x3, right: 32x32x3, words: 12 of indices)
        -> (alike: 1, class = named: [CLASSES]) {
        a: Tower;
        // ^ hover What two images are compared by
        // ^ goes Tower(image
        b: from right, Tower(shared = a);
        //      ^ goes right:
        //      ^ hover 32x32x3
        //             ^ goes Tower(image
        //                   ^ hover weights of an earlier one
        //                            ^ goes a: Tower
        let width = config::WIDTH * 2;
        //                  ^ goes WIDTH
        alike: sub(a, b), linear(1), sigmoid;
        //         ^ goes a: Tower
        //            ^ goes b: from
        looked: from words, embedding(100, width);
        //                                 ^ goes width =
        (positions, last_state): gru(HIDDEN);
        //                           ^ goes HIDDEN
        //          ^ hover 1, HIDDEN | result of `gru`
        named: from last_state, flatten, linear(CLASSES);
        //          ^ goes last_state): gru
        //          ^ references 2
        //          ^ renames 2
        //                                      ^ goes CLASSES
    }

    pub struct Listed(image: 16x16x3) -> (classes: 10) {
        let widths = [8, 16, 32];
        stages: repeat (width, act) in [(widths[0], relu), (widths[1], gelu)] {
            //                           ^ goes widths =
            out: conv(width, 3x3, stride = 2, padding = half), act;
            //        ^ goes width, act
        }
        concat(stages.*.out[1], stages.{1}.out);
        //              ^ goes out: conv
        //                                 ^ goes out: conv
        kept: if len(widths) == 3 { relu; } else { gelu; }
        //       ^ hover how many elements
        concat { branch { conv(4, 1x1); } right: branch { conv(4, 3x3, padding = half); } };
        //       ^ hover branches
        conv(4, 1x1), add(_, right);
        global_avg_pool, linear(10);
    }
}
//~ Tower(shared = a) => Tower($) completes shared
//~ sub(a, b) => sub(a, $) completes a | b | left | right | -relu
//~ from right => from $ completes left | right | a | -relu
//~ padding = half => padding = $ completes half | same | -bias
//~ global_avg_pool, linear(16) => global_avg_pool, li$ completes linear | Tower
//~ image.channels => image. 
//~ let width = => let  =
