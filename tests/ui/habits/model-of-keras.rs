use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> (classes: 10) {
        model = Sequential()
        model.add(layers.Conv2D(32, (3, 3), activation="relu", input_shape=(28, 28, 1)))
        model.add(layers.MaxPooling2D((2, 2)))
        model.add(layers.Flatten())
        model.add(layers.Dense(10, activation="softmax"))
    }
}

fn main() {}
