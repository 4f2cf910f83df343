mod networks { }
#[path = "networks/alexnet.rs"] mod alexnet;
#[path = "networks/vgg16.rs"] mod vgg16;
#[path = "networks/squeezenet.rs"] mod squeezenet;
#[path = "networks/resnet18.rs"] mod resnet18;
#[path = "networks/ds_cnn.rs"] mod ds_cnn;
