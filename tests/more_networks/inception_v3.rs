//! Inception v3 (Szegedy et al., 2016), as torchvision has it: with its auxiliary head.

use shapewise::network;

network! {
    block Conv(channels, kernel, stride = 1, padding = 0) {
        conv: conv(channels, kernel, stride = stride, padding = padding, bias = false);
        bn: batch_norm(eps = 0.001), relu;
    }

    block A(pool_features) {
        concat {
            branch { branch1x1: Conv(64, 1x1); }
            branch { branch5x5_1: Conv(48, 1x1); branch5x5_2: Conv(64, 5x5, padding = half); }
            branch {
                branch3x3dbl_1: Conv(64, 1x1);
                branch3x3dbl_2: Conv(96, 3x3, padding = half);
                branch3x3dbl_3: Conv(96, 3x3, padding = half);
            }
            branch {
                avg_pool(3x3, stride = 1, padding = 1);
                branch_pool: Conv(pool_features, 1x1);
            }
        }
    }

    block B() {
        concat {
            branch { branch3x3: Conv(384, 3x3, stride = 2); }
            branch {
                branch3x3dbl_1: Conv(64, 1x1);
                branch3x3dbl_2: Conv(96, 3x3, padding = half);
                branch3x3dbl_3: Conv(96, 3x3, stride = 2);
            }
            branch { max_pool(3x3, stride = 2); }
        }
    }

    block C(c7) {
        concat {
            branch { branch1x1: Conv(192, 1x1); }
            branch {
                branch7x7_1: Conv(c7, 1x1);
                branch7x7_2: Conv(c7, 1x7, padding = half);
                branch7x7_3: Conv(192, 7x1, padding = half);
            }
            branch {
                branch7x7dbl_1: Conv(c7, 1x1);
                branch7x7dbl_2: Conv(c7, 7x1, padding = half);
                branch7x7dbl_3: Conv(c7, 1x7, padding = half);
                branch7x7dbl_4: Conv(c7, 7x1, padding = half);
                branch7x7dbl_5: Conv(192, 1x7, padding = half);
            }
            branch { avg_pool(3x3, stride = 1, padding = 1); branch_pool: Conv(192, 1x1); }
        }
    }

    block D() {
        concat {
            branch { branch3x3_1: Conv(192, 1x1); branch3x3_2: Conv(320, 3x3, stride = 2); }
            branch {
                branch7x7x3_1: Conv(192, 1x1);
                branch7x7x3_2: Conv(192, 1x7, padding = half);
                branch7x7x3_3: Conv(192, 7x1, padding = half);
                branch7x7x3_4: Conv(192, 3x3, stride = 2);
            }
            branch { max_pool(3x3, stride = 2); }
        }
    }

    block E() {
        concat {
            branch { branch1x1: Conv(320, 1x1); }
            branch {
                branch3x3_1: Conv(384, 1x1);
                concat {
                    branch { branch3x3_2a: Conv(384, 1x3, padding = half); }
                    branch { branch3x3_2b: Conv(384, 3x1, padding = half); }
                }
            }
            branch {
                branch3x3dbl_1: Conv(448, 1x1);
                branch3x3dbl_2: Conv(384, 3x3, padding = half);
                concat {
                    branch { branch3x3dbl_3a: Conv(384, 1x3, padding = half); }
                    branch { branch3x3dbl_3b: Conv(384, 3x1, padding = half); }
                }
            }
            branch { avg_pool(3x3, stride = 1, padding = 1); branch_pool: Conv(192, 1x1); }
        }
    }

    /// Inception v3.
    pub struct InceptionV3(image: 299x299x3) -> (aux = AuxLogits: 1000, logits = fc: 1000) {
        Conv2d_1a_3x3: Conv(32, 3x3, stride = 2)                => 149x149x32;
        Conv2d_2a_3x3: Conv(32, 3x3);
        Conv2d_2b_3x3: Conv(64, 3x3, padding = half)            => 147x147x64;
        maxpool1: max_pool(3x3, stride = 2)                     => 73x73x64;
        Conv2d_3b_1x1: Conv(80, 1x1);
        Conv2d_4a_3x3: Conv(192, 3x3)                           => 71x71x192;
        maxpool2: max_pool(3x3, stride = 2)                     => 35x35x192;
        Mixed_5b: A(32)                                         => 35x35x256;
        Mixed_5c: A(64)                                         => 35x35x288;
        Mixed_5d: A(64)                                         => 35x35x288;
        Mixed_6a: B()                                           => 17x17x768;
        Mixed_6b: C(128);
        Mixed_6c: C(160);
        Mixed_6d: C(160);
        Mixed_6e: C(192)                                        => 17x17x768;
        AuxLogits: {
            avg_pool(5x5, stride = 3)                           => 5x5x768;
            conv0: Conv(128, 1x1);
            conv1: Conv(768, 5x5)                               => 1x1x768;
            flatten;
            fc: linear(1000);
        }
        Mixed_7a: from Mixed_6e, D()                            => 8x8x1280;
        Mixed_7b: E()                                           => 8x8x2048;
        Mixed_7c: E()                                           => 8x8x2048;
        avgpool: adaptive_avg_pool(1x1), dropout(0.5), flatten;
        fc: linear(1000);

        assert params == 27_161_264;
    }
}
