//! A bidirectional LSTM that classifies a text: sequences and layers with several results.

use shapewise::network;

network! {
    /// A text of 100 words, liked or not.
    pub struct BiLstm(words: 100) -> (sentiment: 2) {
        embedding: embedding(20_000, 128)                                       => 100x128;
        lstm: lstm(256, layers = 2, bidirectional = true, dropout = 0.3)        => 100x512;
        last                                                                    => 512;
        dropout(0.5);
        fc: linear(2);

        assert params == 4_928_514;
        assert macs == 235_930_624;
    }
}

fn main() {
    println!("{}", BiLstm::summary().for_terminal());
}
