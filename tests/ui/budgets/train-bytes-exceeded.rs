use shapewise::network;

network! {
    block Layer(heads) {
        residual { layer_norm, attention(heads = heads, dropout = 0.1), dropout(0.1); }
        residual { layer_norm, linear(4 * input.features), gelu, linear(input.features); }
    }

    pub struct Gpt(tokens: 1024) -> (logits: 1024x50257) {
        wte: embedding(50257, 768);
        h: repeat 12 { Layer(heads = 12); }
        ln_f: layer_norm;
        lm_head: linear(50257, bias = false);

        assert train_bytes(batch = 64, optimizer = adamw, dtype = bf16, devices = 8) <= 8GiB;
    }
}

fn main() {}
