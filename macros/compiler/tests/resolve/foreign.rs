//! Models of other frameworks, pasted: each layer is told as it is written here, and what
//! comes after it is told on what it gives.

use crate::messages;

/// What is proposed for a network with these inputs and this body.
fn proposed(inputs: &str, body: &str) -> Vec<String> {
    let source = format!("struct Net({inputs}) -> (out) {{ {body} }}");
    let helps = messages(&source).into_iter().map(|message| {
        let (_, help) = message.split_once("help: ").unwrap_or(("", &message));
        help.replace('\n', " ")
    });
    helps.collect()
}

#[track_caller]
fn proposes(inputs: &str, body: &str, wanted: &[&str]) {
    assert_eq!(proposed(inputs, body), wanted, "{body}");
}

#[test]
fn a_sequential_is_one_error_with_all_its_layers() {
    proposes(
        "image: 32x32x3",
        "model = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=3, padding=1), nn.BatchNorm2d(64), nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=2, stride=2), nn.Conv2d(64, 128, 3, 1, 1, bias=False),
            nn.LeakyReLU(0.1), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8192, 512),
            nn.Dropout(0.5), nn.Linear(512, 10), nn.Softmax(dim=1),
        )",
        &[
            "write `conv(64, 3x3, padding = 1), batch_norm, relu, max_pool(2x2), \
           conv(128, 3x3, padding = 1, bias = false), leaky_relu(0.1), max_pool(2x2), flatten, \
           linear(512), dropout(0.5), linear(10), softmax;` (=> 10)",
        ],
    );
    proposes(
        "image: 28x28x1",
        "model = keras.Sequential([
            keras.Input(shape=(28, 28, 1)),
            layers.Conv2D(32, kernel_size=(3, 3), activation=\"relu\"),
            layers.MaxPooling2D(pool_size=(2, 2)), layers.Flatten(), layers.Dropout(0.5),
            layers.Dense(10, activation=\"softmax\"),
        ])",
        &[
            "write `conv(32, 3x3), relu, max_pool(2x2), flatten, dropout(0.5), linear(10), softmax;` \
           (=> 10)",
        ],
    );
    proposes(
        "image: 8x8x8",
        "features: nn.Sequential(nn.Conv2d(8, 4, 3), nn.Sequential(nn.ReLU(), nn.Tanh()));",
        &["write the layer as `{ conv(4, 3x3), { relu, tanh; }; }` (=> 6x6x4)"],
    );
}

#[test]
fn layers_of_one_statement_are_translated_together() {
    proposes(
        "image: 32x32x3",
        "nn.Conv2d(3, 64, kernel_size=3, padding=1), relu, nn.MaxPool2d(2),
         nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(64, 10);",
        &[
            "write `conv(64, 3x3, padding = 1), relu, max_pool(2x2), adaptive_avg_pool(1x1), \
           flatten, linear(10)` (=> 10)",
        ],
    );
    // Without its end, the statement is told with it.
    proposes(
        "image: 32x32x3",
        "nn.Conv2d(3, 64, kernel_size=3, padding=1), nn.ReLU(),",
        &["write `conv(64, 3x3, padding = 1), relu;` (=> 32x32x64)"],
    );
}

#[test]
fn layers_added_to_a_model_are_told_one_by_one() {
    proposes(
        "image: 28x28x1",
        "model = Sequential()
         model.add(Conv2D(32, (3, 3), activation=\"relu\", input_shape=(28, 28, 1)))
         model.add(MaxPooling2D((2, 2)))
         model.add(Flatten())
         model.add(Dense(64, activation=\"relu\", kernel_initializer=\"he_uniform\"))
         model.add(Dense(10, activation=\"softmax\"))",
        &[
            "the network declares what comes in: leave it out",
            "write `conv(32, 3x3), relu;` (=> 26x26x32)",
            "write `max_pool(2x2);` (=> 13x13x32)",
            "write `flatten;` (=> 5408)",
            "write `linear(64), relu;` (=> 64)",
            "write `linear(10), softmax;` (=> 10)",
        ],
    );
}

#[test]
fn the_functional_style_keeps_names_and_ways() {
    proposes(
        "image: 16x16x8",
        "inputs = keras.Input(shape=(16, 16, 8))
         a = layers.Conv2D(8, 3, padding=\"same\")(inputs)
         b = layers.Conv2D(8, 3, padding=\"same\", activation=\"relu\")(a)
         b = layers.BatchNormalization(axis=-1)(b)
         c = layers.Conv2D(8, 1)(a)
         d = layers.Add()([a, c])
         x = layers.concatenate([c, d])
         x = layers.GlobalAveragePooling2D()(x)
         outputs = layers.Dense(10)(x)",
        &[
            "the network declares what comes in: leave it out",
            "write `a: conv(8, 3x3, padding = same);` (=> 16x16x8)",
            "write `b: conv(8, 3x3, padding = same), relu;` (=> 16x16x8)",
            "write `batch_norm(eps = 0.001);` (=> 16x16x8)",
            "write `c: from a, conv(8, 1x1);` (=> 16x16x8)",
            "write `d: add(a, c);` (=> 16x16x8)",
            "write `x: concat(c, d);` (=> 16x16x16)",
            "write `global_avg_pool;` (=> 16)",
            "write `linear(10);` (=> 10)",
        ],
    );
}

#[test]
fn modules_of_a_class_become_labels() {
    proposes(
        "image: 28x28x1",
        "self.conv1 = nn.Conv2d(1, 32, 3, 1)
         self.dropout1 = nn.Dropout(0.25)
         x = torch.flatten(x, 1)
         self.fc1 = nn.Linear(21632, 128)
         x = F.relu(x)",
        &[
            "write `conv1: conv(32, 3x3);` (=> 26x26x32)",
            "write `dropout1: dropout(0.25);` (=> 26x26x32)",
            "write `flatten;` (=> 21632)",
            "write `fc1: linear(128);` (=> 128)",
            "write `relu;` (=> 128)",
        ],
    );
}

#[test]
fn what_needs_no_flow_is_translated_without_it() {
    proposes(
        "image: 8x8x8",
        "from nope, nn.Conv2d(3, 64, kernel_size=3, padding=1), nn.LeakyReLU(0.1),
         nn.MaxPool2d(2), nn.Linear(10, 20), nn.Embedding(10, 20), nn.Dropout(0.5);",
        &[
            "`nope` is not defined here",
            "write `conv(64, 3x3, padding = 1), leaky_relu(0.1), max_pool(2x2), linear(20), \
           embedding(10, 20), dropout(0.5)`",
        ],
    );
}

#[test]
fn defaults_are_those_of_the_framework() {
    proposes(
        "tokens: 128",
        "nn.Embedding(1000, 64);
         nn.LSTM(64, 128, num_layers=2, batch_first=True, bidirectional=True);
         layers.LSTM(32, return_sequences=True);
         layers.BatchNormalization(momentum=0.99);
         layers.Bidirectional(layers.GRU(16));",
        &[
            "write the layer as `embedding(1000, 64)` (=> 128x64)",
            "write the layer as `lstm(128, layers = 2, bidirectional = true)` (=> 128x256)",
            "write the layer as `lstm(32, bias = single)` (=> 128x32)",
            "write the layer as `batch_norm(eps = 0.001, momentum = 0.01)` (=> 128x32)",
            "write the layer as `gru(16, bidirectional = true, return_sequence = false)` (=> 32)",
        ],
    );
}

#[test]
fn what_a_layer_says_of_its_input_is_compared() {
    let told = messages("struct Net(i: 8x8x8) -> (out) { Conv2d(16, 4, 3); conv(20, 9x9); }");
    assert!(told[0].contains("16 channels, but 8 come in"), "{told:?}");
    // And the flow goes on through what was meant.
    assert!(told[1].contains("6x6x4"), "{told:?}");
    assert_eq!(told.len(), 2);
}

#[test]
fn a_layer_that_there_is_keeps_its_name_before_a_colon() {
    let blocks = "block Part(n) { conv(n, 1x1); }";
    for (body, wanted) in [
        ("x = Part(3);", "write `x: Part(3);`"),
        ("x = conv(3, 1x1);", "write `:`"),
        ("self.x = conv(3, 1x1);", "write `x:`"),
    ] {
        let told = messages(&format!(
            "{blocks} struct Net(i: 8x8x8) -> (out) {{ {body} }}"
        ));
        assert!(told.len() == 1 && told[0].ends_with(wanted), "{told:?}");
    }
    // Of a block that nobody calls, too.
    let told = messages("block Part(n) { y = Part(n); } struct Net(i: 8x8x8) -> (out) { relu; }");
    assert!(
        told.len() == 1 && told[0].contains("write `y: Part(n);`"),
        "{told:?}"
    );
}
