//! Parameters and MACs as PyTorch counts them, with its `FlopCounterMode`, for one image of torchvision's size.

/// A test per family: its networks.
macro_rules! figures {
    ($($family:ident { $($network:ident: $params:literal, $macs:literal;)+ })+) => {
        $(
            #[test]
            fn $family() {
                use shapewise_zoo::$family::*;
                $(assert_eq!((<$network>::PARAMS, <$network>::MACS), ($params, $macs), stringify!($network));)+
            }
        )+
    };
}

figures! {
    alexnet {
        AlexNet: 61_100_840, 714_188_480;
    }
    convnext {
        ConvNeXtTiny: 28_589_128, 4_455_531_264;
        ConvNeXtSmall: 50_223_688, 8_683_712_256;
        ConvNeXtBase: 88_591_464, 15_354_729_472;
        ConvNeXtLarge: 197_767_336, 34_361_433_600;
    }
    densenet {
        DenseNet121: 7_978_856, 2_834_161_664;
        DenseNet161: 28_681_000, 7_727_907_072;
        DenseNet169: 14_149_480, 3_359_843_328;
        DenseNet201: 20_013_928, 4_291_365_888;
    }
    efficientnet {
        EfficientNetB0: 5_288_548, 385_814_752;
        EfficientNetB1: 7_794_184, 569_651_680;
        EfficientNetB2: 9_109_994, 658_963_440;
        EfficientNetB3: 12_233_232, 962_708_240;
        EfficientNetB4: 19_341_616, 1_503_710_432;
    }
    googlenet {
        GoogLeNet: 6_624_904, 1_498_376_192;
    }
    inception {
        InceptionV3: 23_834_568, 5_713_216_096;
    }
    maxvit {
        MaxVitT: 30_919_624, 5_558_046_720;
    }
    mnasnet {
        MnasNet0_5: 2_218_512, 104_455_968;
        MnasNet0_75: 3_170_208, 215_493_104;
        MnasNet1_0: 4_383_312, 314_415_872;
        MnasNet1_3: 6_282_256, 526_362_432;
    }
    mobilenet_v2 {
        MobileNetV2: 3_504_872, 300_774_272;
    }
    mobilenet_v3 {
        MobileNetV3Small: 2_542_856, 56_510_400;
        MobileNetV3Large: 5_483_032, 216_589_760;
    }
    regnet {
        RegNetX400MF: 5_495_976, 413_812_608;
        RegNetX800MF: 7_259_656, 799_699_712;
        RegNetX1_6GF: 9_190_136, 1_602_849_792;
        RegNetX3_2GF: 15_296_552, 3_176_621_952;
        RegNetX8GF: 39_572_648, 7_995_132_416;
        RegNetX16GF: 54_278_536, 15_940_755_456;
        RegNetX32GF: 107_811_560, 31_735_929_792;
        RegNetY400MF: 4_344_144, 401_842_848;
        RegNetY800MF: 6_432_512, 833_856_256;
        RegNetY1_6GF: 11_202_430, 1_612_076_160;
        RegNetY3_2GF: 19_436_338, 3_176_482_752;
        RegNetY8GF: 39_381_472, 8_473_070_592;
        RegNetY16GF: 83_590_140, 15_911_510_272;
        RegNetY32GF: 145_046_770, 32_279_552_832;
        RegNetY128GF: 644_812_894, 127_517_815_680;
    }
    resnet {
        ResNet18: 11_689_512, 1_814_073_344;
        ResNet34: 21_797_672, 3_663_761_408;
        ResNet50: 25_557_032, 4_089_184_256;
        ResNet101: 44_549_160, 7_801_405_440;
        ResNet152: 60_192_808, 11_513_626_624;
        ResNeXt50_32x4d: 25_028_904, 4_230_479_872;
        ResNeXt101_32x8d: 88_791_336, 16_414_015_488;
        ResNeXt101_64x4d: 83_455_272, 15_460_270_080;
        WideResNet50_2: 68_883_240, 11_398_021_120;
        WideResNet101_2: 126_886_696, 22_753_050_624;
    }
    shufflenet_v2 {
        ShuffleNetV2X0_5: 1_366_792, 40_476_448;
        ShuffleNetV2X1_0: 2_278_604, 144_907_992;
        ShuffleNetV2X1_5: 3_503_624, 295_759_392;
        ShuffleNetV2X2_0: 7_393_996, 583_253_464;
    }
    squeezenet {
        SqueezeNet1_0: 1_248_424, 818_924_576;
        SqueezeNet1_1: 1_235_496, 349_151_936;
    }
    swin {
        SwinT: 28_288_354, 4_490_566_656;
        SwinS: 49_606_258, 8_740_875_264;
        SwinB: 87_768_224, 15_430_946_816;
    }
    swin_v2 {
        SwinV2T: 28_351_570, 5_939_690_496;
        SwinV2S: 49_737_442, 11_545_857_024;
        SwinV2B: 87_930_848, 20_325_134_336;
    }
    vgg {
        Vgg11: 132_863_336, 7_609_090_048;
        Vgg11Bn: 132_868_840, 7_609_090_048;
        Vgg13: 133_047_848, 11_308_466_176;
        Vgg13Bn: 133_053_736, 11_308_466_176;
        Vgg16: 138_357_544, 15_470_264_320;
        Vgg16Bn: 138_365_992, 15_470_264_320;
        Vgg19: 143_667_240, 19_632_062_464;
        Vgg19Bn: 143_678_248, 19_632_062_464;
    }
    vit {
        VitB16: 86_567_656, 17_563_828_224;
        VitB32: 88_224_232, 4_409_186_304;
        VitL16: 304_326_632, 61_554_712_576;
        VitL32: 306_535_400, 15_377_539_072;
        VitH14: 632_045_800, 167_295_109_120;
    }
}
