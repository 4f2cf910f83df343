//! Parameters and MACs as PyTorch counts them.

#[test]
fn alexnet() {
    use shapewise_zoo::alexnet::*;
    assert_eq!(
        (<AlexNet>::PARAMS, <AlexNet>::MACS),
        (61_100_840, 714_188_480)
    );
}

#[test]
fn vgg() {
    use shapewise_zoo::vgg::*;
    assert_eq!(
        (<Vgg11>::PARAMS, <Vgg11>::MACS),
        (132_863_336, 7_609_090_048)
    );
    assert_eq!(
        (<Vgg11Bn>::PARAMS, <Vgg11Bn>::MACS),
        (132_868_840, 7_609_090_048)
    );
    assert_eq!(
        (<Vgg13>::PARAMS, <Vgg13>::MACS),
        (133_047_848, 11_308_466_176)
    );
    assert_eq!(
        (<Vgg13Bn>::PARAMS, <Vgg13Bn>::MACS),
        (133_053_736, 11_308_466_176)
    );
    assert_eq!(
        (<Vgg16>::PARAMS, <Vgg16>::MACS),
        (138_357_544, 15_470_264_320)
    );
    assert_eq!(
        (<Vgg16Bn>::PARAMS, <Vgg16Bn>::MACS),
        (138_365_992, 15_470_264_320)
    );
    assert_eq!(
        (<Vgg19>::PARAMS, <Vgg19>::MACS),
        (143_667_240, 19_632_062_464)
    );
    assert_eq!(
        (<Vgg19Bn>::PARAMS, <Vgg19Bn>::MACS),
        (143_678_248, 19_632_062_464)
    );
}

#[test]
fn resnet() {
    use shapewise_zoo::resnet::*;
    assert_eq!(
        (<ResNet18>::PARAMS, <ResNet18>::MACS),
        (11_689_512, 1_814_073_344)
    );
    assert_eq!(
        (<ResNet34>::PARAMS, <ResNet34>::MACS),
        (21_797_672, 3_663_761_408)
    );
    assert_eq!(
        (<ResNet50>::PARAMS, <ResNet50>::MACS),
        (25_557_032, 4_089_184_256)
    );
    assert_eq!(
        (<ResNet101>::PARAMS, <ResNet101>::MACS),
        (44_549_160, 7_801_405_440)
    );
    assert_eq!(
        (<ResNet152>::PARAMS, <ResNet152>::MACS),
        (60_192_808, 11_513_626_624)
    );
    assert_eq!(
        (<ResNeXt50>::PARAMS, <ResNeXt50>::MACS),
        (25_028_904, 4_230_479_872)
    );
    assert_eq!(
        (<ResNeXt101>::PARAMS, <ResNeXt101>::MACS),
        (88_791_336, 16_414_015_488)
    );
    assert_eq!(
        (<WideResNet50>::PARAMS, <WideResNet50>::MACS),
        (68_883_240, 11_398_021_120)
    );
    assert_eq!(
        (<WideResNet101>::PARAMS, <WideResNet101>::MACS),
        (126_886_696, 22_753_050_624)
    );
}

#[test]
fn densenet() {
    use shapewise_zoo::densenet::*;
    assert_eq!(
        (<DenseNet121>::PARAMS, <DenseNet121>::MACS),
        (7_978_856, 2_834_161_664)
    );
    assert_eq!(
        (<DenseNet161>::PARAMS, <DenseNet161>::MACS),
        (28_681_000, 7_727_907_072)
    );
    assert_eq!(
        (<DenseNet169>::PARAMS, <DenseNet169>::MACS),
        (14_149_480, 3_359_843_328)
    );
    assert_eq!(
        (<DenseNet201>::PARAMS, <DenseNet201>::MACS),
        (20_013_928, 4_291_365_888)
    );
}

#[test]
fn googlenet() {
    use shapewise_zoo::googlenet::*;
    assert_eq!(
        (<GoogLeNet>::PARAMS, <GoogLeNet>::MACS),
        (6_624_904, 1_498_376_192)
    );
}

#[test]
fn inception() {
    use shapewise_zoo::inception::*;
    assert_eq!(
        (<InceptionV3>::PARAMS, <InceptionV3>::MACS),
        (23_834_568, 5_713_216_096)
    );
}

#[test]
fn squeezenet() {
    use shapewise_zoo::squeezenet::*;
    assert_eq!(
        (<SqueezeNet10>::PARAMS, <SqueezeNet10>::MACS),
        (1_248_424, 818_924_576)
    );
    assert_eq!(
        (<SqueezeNet11>::PARAMS, <SqueezeNet11>::MACS),
        (1_235_496, 349_151_936)
    );
}

#[test]
fn mobilenet_v2() {
    use shapewise_zoo::mobilenet_v2::*;
    assert_eq!(
        (<MobileNetV2>::PARAMS, <MobileNetV2>::MACS),
        (3_504_872, 300_774_272)
    );
}

#[test]
fn mobilenet_v3() {
    use shapewise_zoo::mobilenet_v3::*;
    assert_eq!(
        (<MobileNetV3Small>::PARAMS, <MobileNetV3Small>::MACS),
        (2_542_856, 56_510_400)
    );
    assert_eq!(
        (<MobileNetV3Large>::PARAMS, <MobileNetV3Large>::MACS),
        (5_483_032, 216_589_760)
    );
}

#[test]
fn mnasnet() {
    use shapewise_zoo::mnasnet::*;
    assert_eq!(
        (<MnasNet05>::PARAMS, <MnasNet05>::MACS),
        (2_218_512, 104_455_968)
    );
    assert_eq!(
        (<MnasNet10>::PARAMS, <MnasNet10>::MACS),
        (4_383_312, 314_415_872)
    );
}

#[test]
fn shufflenet_v2() {
    use shapewise_zoo::shufflenet_v2::*;
    assert_eq!(
        (<ShuffleNetV2X05>::PARAMS, <ShuffleNetV2X05>::MACS),
        (1_366_792, 40_476_448)
    );
    assert_eq!(
        (<ShuffleNetV2X10>::PARAMS, <ShuffleNetV2X10>::MACS),
        (2_278_604, 144_907_992)
    );
    assert_eq!(
        (<ShuffleNetV2X20>::PARAMS, <ShuffleNetV2X20>::MACS),
        (7_393_996, 583_253_464)
    );
}

#[test]
fn efficientnet() {
    use shapewise_zoo::efficientnet::*;
    assert_eq!(
        (<EfficientNetB0>::PARAMS, <EfficientNetB0>::MACS),
        (5_288_548, 385_814_752)
    );
    assert_eq!(
        (<EfficientNetB1>::PARAMS, <EfficientNetB1>::MACS),
        (7_794_184, 569_651_680)
    );
    assert_eq!(
        (<EfficientNetB2>::PARAMS, <EfficientNetB2>::MACS),
        (9_109_994, 658_963_440)
    );
}

#[test]
fn regnet() {
    use shapewise_zoo::regnet::*;
    assert_eq!(
        (<RegNetX400MF>::PARAMS, <RegNetX400MF>::MACS),
        (5_495_976, 413_812_608)
    );
    assert_eq!(
        (<RegNetY400MF>::PARAMS, <RegNetY400MF>::MACS),
        (4_344_144, 401_842_848)
    );
}

#[test]
fn convnext() {
    use shapewise_zoo::convnext::*;
    assert_eq!(
        (<ConvNeXtTiny>::PARAMS, <ConvNeXtTiny>::MACS),
        (28_589_128, 4_455_531_264)
    );
    assert_eq!(
        (<ConvNeXtSmall>::PARAMS, <ConvNeXtSmall>::MACS),
        (50_223_688, 8_683_712_256)
    );
    assert_eq!(
        (<ConvNeXtBase>::PARAMS, <ConvNeXtBase>::MACS),
        (88_591_464, 15_354_729_472)
    );
}

#[test]
fn swin() {
    use shapewise_zoo::swin::*;
    assert_eq!(
        (<SwinT>::PARAMS, <SwinT>::MACS),
        (28_288_354, 4_490_566_656)
    );
    assert_eq!(
        (<SwinS>::PARAMS, <SwinS>::MACS),
        (49_606_258, 8_740_875_264)
    );
    assert_eq!(
        (<SwinB>::PARAMS, <SwinB>::MACS),
        (87_768_224, 15_430_946_816)
    );
}

#[test]
fn vit() {
    use shapewise_zoo::vit::*;
    assert_eq!(
        (<VitB16>::PARAMS, <VitB16>::MACS),
        (86_567_656, 17_563_828_224)
    );
    assert_eq!(
        (<VitB32>::PARAMS, <VitB32>::MACS),
        (88_224_232, 4_409_186_304)
    );
    assert_eq!(
        (<VitL16>::PARAMS, <VitL16>::MACS),
        (304_326_632, 61_554_712_576)
    );
}
