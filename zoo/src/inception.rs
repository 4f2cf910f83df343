//! Inception v3, Szegedy et al. 2015, without its auxiliary head: torchvision's tensor names, whose weights load.

shapewise::network! {
    block BasicConv2d(channels, kernel, stride = 1, padding = half) {
        conv: conv(channels, kernel, stride = stride, padding = padding, bias = false);
        bn: batch_norm(eps = 0.001), relu;
    }

    block InceptionA(channels) {
        concat {
            branch { branch1x1: BasicConv2d(64, 1x1); }
            branch { branch5x5_1: BasicConv2d(48, 1x1); branch5x5_2: BasicConv2d(64, 5x5); }
            branch {
                branch3x3dbl_1: BasicConv2d(64, 1x1);
                repeat i in 2..4 { #[name = "branch3x3dbl_{i}"] BasicConv2d(96, 3x3); }
            }
            branch { avg_pool(3x3, stride = 1, padding = 1); branch_pool: BasicConv2d(channels, 1x1); }
        }
    }

    block InceptionC(channels) {
        concat {
            branch { branch1x1: BasicConv2d(192, 1x1); }
            branch {
                branch7x7_1: BasicConv2d(channels, 1x1);
                branch7x7_2: BasicConv2d(channels, 1x7);
                branch7x7_3: BasicConv2d(192, 7x1);
            }
            branch {
                branch7x7dbl_1: BasicConv2d(channels, 1x1);
                branch7x7dbl_2: BasicConv2d(channels, 7x1);
                branch7x7dbl_3: BasicConv2d(channels, 1x7);
                branch7x7dbl_4: BasicConv2d(channels, 7x1);
                branch7x7dbl_5: BasicConv2d(192, 1x7);
            }
            branch { avg_pool(3x3, stride = 1, padding = 1); branch_pool: BasicConv2d(192, 1x1); }
        }
    }

    block InceptionE() {
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

    /// torchvision's `inception_v3`: 23,834,568 parameters, 5,713,216,096 MACs on 299x299x3.
    pub struct InceptionV3<const CLASSES: usize = 1000>(image: 299x299x3) -> (logits: CLASSES) {
        #[name = "Conv2d_1a_3x3"] BasicConv2d(32, 3x3, stride = 2, padding = 0)   => 149x149x32;
        #[name = "Conv2d_2a_3x3"] BasicConv2d(32, 3x3, padding = 0)               => 147x147x32;
        #[name = "Conv2d_2b_3x3"] BasicConv2d(64, 3x3)                            => 147x147x64;
        maxpool1: max_pool(3x3, stride = 2)                                       => 73x73x64;
        #[name = "Conv2d_3b_1x1"] BasicConv2d(80, 1x1)                            => 73x73x80;
        #[name = "Conv2d_4a_3x3"] BasicConv2d(192, 3x3, padding = 0)              => 71x71x192;
        maxpool2: max_pool(3x3, stride = 2)                                       => 35x35x192;
        #[name = "Mixed_5b"] InceptionA(32)                                       => 35x35x256;
        #[name = "Mixed_5c"] InceptionA(64)                                       => 35x35x288;
        #[name = "Mixed_5d"] InceptionA(64);
        #[name = "Mixed_6a"] Mixed_6a_part: {
            concat {
                branch { branch3x3: BasicConv2d(384, 3x3, stride = 2, padding = 0); }
                branch {
                    branch3x3dbl_1: BasicConv2d(64, 1x1);
                    branch3x3dbl_2: BasicConv2d(96, 3x3);
                    branch3x3dbl_3: BasicConv2d(96, 3x3, stride = 2, padding = 0);
                }
                branch { max_pool(3x3, stride = 2); }
            }
        }  => 17x17x768;
        #[name = "Mixed_6b"] InceptionC(128);
        #[name = "Mixed_6c"] InceptionC(160);
        #[name = "Mixed_6d"] InceptionC(160);
        #[name = "Mixed_6e"] InceptionC(192);
        #[name = "Mixed_7a"] Mixed_7a_part: {
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
        }  => 8x8x1280;
        #[name = "Mixed_7b"] InceptionE()                                         => 8x8x2048;
        #[name = "Mixed_7c"] InceptionE();
        avgpool: adaptive_avg_pool(1x1), dropout, flatten                         => 2048;
        fc: linear(CLASSES)                                                          => CLASSES;
    }
}
