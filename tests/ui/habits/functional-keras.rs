use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> (classes: 10) {
        stem = layers.Conv2D(32, 3, padding="same")(inputs)
        x = layers.Conv2D(32, 3, padding="same", activation="relu")(stem)
        x = layers.add([stem, x])
        x = layers.GlobalAveragePooling2D()(x)
        outputs = layers.Dense(10)(x)
    }
}

fn main() {}
