//! Inception v3.
//!
//! Szegedy et al. 2015, [*Rethinking the Inception architecture for computer vision*](https://arxiv.org/abs/1512.00567).
//! The auxiliary head, which only training has, is left out. The extents in the blocks' documentation are those of
//! an image of 299x299.

shapewise::network! {
    /// A convolution with batch normalisation.
    pub block BasicConv2d(channels, kernel, stride = 1, padding = half) {
        conv: conv(channels, kernel, stride = stride, padding = padding, bias = false);
        bn: batch_norm(eps = 0.001), relu;
    }

    /// On 35x35: 1x1, 5x5, two of 3x3, and a pool.
    pub block InceptionA(pool_features) {
        concat {
            branch { branch1x1: BasicConv2d(64, 1x1); }
            branch { branch5x5_1: BasicConv2d(48, 1x1); branch5x5_2: BasicConv2d(64, 5x5); }
            branch {
                branch3x3dbl_1: BasicConv2d(64, 1x1);
                branch3x3dbl_2: BasicConv2d(96, 3x3);
                branch3x3dbl_3: BasicConv2d(96, 3x3);
            }
            branch { avg_pool(3x3, stride = 1, padding = 1); branch_pool: BasicConv2d(pool_features, 1x1); }
        }
    }

    /// From 35x35 to 17x17.
    pub block InceptionB() {
        concat {
            branch { branch3x3: BasicConv2d(384, 3x3, stride = 2, padding = 0); }
            branch {
                branch3x3dbl_1: BasicConv2d(64, 1x1);
                branch3x3dbl_2: BasicConv2d(96, 3x3);
                branch3x3dbl_3: BasicConv2d(96, 3x3, stride = 2, padding = 0);
            }
            branch { max_pool(3x3, stride = 2); }
        }
    }

    /// On 17x17: kernels of 7x7 as 1x7 and 7x1.
    pub block InceptionC(channels_7x7) {
        concat {
            branch { branch1x1: BasicConv2d(192, 1x1); }
            branch {
                branch7x7_1: BasicConv2d(channels_7x7, 1x1);
                branch7x7_2: BasicConv2d(channels_7x7, 1x7);
                branch7x7_3: BasicConv2d(192, 7x1);
            }
            branch {
                branch7x7dbl_1: BasicConv2d(channels_7x7, 1x1);
                branch7x7dbl_2: BasicConv2d(channels_7x7, 7x1);
                branch7x7dbl_3: BasicConv2d(channels_7x7, 1x7);
                branch7x7dbl_4: BasicConv2d(channels_7x7, 7x1);
                branch7x7dbl_5: BasicConv2d(192, 1x7);
            }
            branch { avg_pool(3x3, stride = 1, padding = 1); branch_pool: BasicConv2d(192, 1x1); }
        }
    }

    /// From 17x17 to 8x8.
    pub block InceptionD() {
        concat {
            branch {
                branch3x3_1: BasicConv2d(192, 1x1);
                branch3x3_2: BasicConv2d(320, 3x3, stride = 2, padding = 0);
            }
            branch {
                branch7x7x3_1: BasicConv2d(192, 1x1);
                branch7x7x3_2: BasicConv2d(192, 1x7);
                branch7x7x3_3: BasicConv2d(192, 7x1);
                branch7x7x3_4: BasicConv2d(192, 3x3, stride = 2, padding = 0);
            }
            branch { max_pool(3x3, stride = 2); }
        }
    }

    /// On 8x8: kernels of 3x3 as 1x3 beside 3x1.
    pub block InceptionE() {
        concat {
            branch { branch1x1: BasicConv2d(320, 1x1); }
            branch {
                branch3x3_1: BasicConv2d(384, 1x1);
                concat {
                    branch { branch3x3_2a: BasicConv2d(384, 1x3); }
                    branch { branch3x3_2b: BasicConv2d(384, 3x1); }
                }
            }
            branch {
                branch3x3dbl_1: BasicConv2d(448, 1x1);
                branch3x3dbl_2: BasicConv2d(384, 3x3);
                concat {
                    branch { branch3x3dbl_3a: BasicConv2d(384, 1x3); }
                    branch { branch3x3dbl_3b: BasicConv2d(384, 3x1); }
                }
            }
            branch { avg_pool(3x3, stride = 1, padding = 1); branch_pool: BasicConv2d(192, 1x1); }
        }
    }

    /// torchvision's `inception_v3`.
    pub struct InceptionV3<const CLASSES: usize = 1000, const SIZE: usize = 299>(image: [SIZE, SIZE, 3]) -> (logits: CLASSES) {
        #[name = "Conv2d_1a_3x3"] BasicConv2d(32, 3x3, stride = 2, padding = 0);
        #[name = "Conv2d_2a_3x3"] BasicConv2d(32, 3x3, padding = 0);
        #[name = "Conv2d_2b_3x3"] BasicConv2d(64, 3x3);
        maxpool1: max_pool(3x3, stride = 2);
        #[name = "Conv2d_3b_1x1"] BasicConv2d(80, 1x1);
        #[name = "Conv2d_4a_3x3"] BasicConv2d(192, 3x3, padding = 0);
        maxpool2: max_pool(3x3, stride = 2);
        #[name = "Mixed_5b"] InceptionA(pool_features = 32);
        #[name = "Mixed_5c"] InceptionA(pool_features = 64);
        #[name = "Mixed_5d"] InceptionA(pool_features = 64);
        #[name = "Mixed_6a"] InceptionB();
        #[name = "Mixed_6b"] InceptionC(channels_7x7 = 128);
        #[name = "Mixed_6c"] InceptionC(channels_7x7 = 160);
        #[name = "Mixed_6d"] InceptionC(channels_7x7 = 160);
        #[name = "Mixed_6e"] InceptionC(channels_7x7 = 192);
        #[name = "Mixed_7a"] InceptionD();
        #[name = "Mixed_7b"] InceptionE();
        #[name = "Mixed_7c"] InceptionE();
        avgpool: adaptive_avg_pool(1x1), dropout, flatten;
        fc: linear(CLASSES);
    }
}
