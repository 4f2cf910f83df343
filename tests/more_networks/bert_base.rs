//! BERT-base, uncased (Devlin et al., 2019), as Hugging Face has it: two inputs, two outputs.

use shapewise::network;

network! {
    block Layer(heads, intermediate) {
        let width = input.features;
        attention: {
            residual {
                self: {
                    query: linear(width);
                    key: from input, linear(width);
                    value: from input, linear(width);
                    scaled_dot_product_attention(query, key, value, heads = heads, dropout = 0.1);
                }
                #[name = "output.dense"] linear(width);
                dropout(0.1);
            }
            #[name = "output.LayerNorm"] layer_norm(eps = 1e-12);
        }
        residual {
            intermediate: { dense: linear(intermediate), gelu; }
            #[name = "output.dense"] linear(width);
            dropout(0.1);
        }
        #[name = "output.LayerNorm"] layer_norm(eps = 1e-12);
    }

    /// BERT-base on 128 tokens of two segments.
    pub struct BertBase(tokens: 128, segments: 128) -> (last_hidden: 128x768, pooled: 768) {
        embeddings: {
            #[name = "token_type_embeddings"]
            segment: from segments, embedding(2, 768);
            word_embeddings: from tokens, embedding(30522, 768, padding_idx = 0);
            #[name = "position_embeddings.weight"]
            positional_embedding(512, batch_axis = false);
            add(_, segment);
            LayerNorm: layer_norm(eps = 1e-12), dropout(0.1);
        }
        encoder: { layer: repeat 12 { Layer(heads = 12, intermediate = 3072); } }
        last_hidden: identity                                       => 128x768;
        pooler: { first; dense: linear(768), tanh; }
        pooled: identity                                            => 768;

        assert params == 109_482_240;
    }
}
