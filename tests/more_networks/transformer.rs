//! The base model of "Attention is all you need" (Vaswani et al., 2017), as `nn.Transformer`.

use shapewise::network;

network! {
    /// `nn.Transformer()` on 100 embedded source and 80 embedded target positions.
    pub struct Transformer(source: 100x512, target: 80x512) -> (decoded: 80x512) {
        encoder: transformer_encoder(8, layers = 6);
        #[name = "encoder.norm"]
        memory: layer_norm;
        decoder: from target, transformer_decoder(8, memory = memory, layers = 6, causal = true);
        #[name = "decoder.norm"]
        layer_norm;

        assert params == 44_140_544;
    }
}
