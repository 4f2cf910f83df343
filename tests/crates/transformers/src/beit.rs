//! `BeitModel`, with a bias for each distance of two patches, and for the class token.

shapewise::network! {
    /// How far each two numbers of a vector are apart.
    block Apart(count) {
        rows: reshape([count, 1], order = channels_last), expand([count, count]);
        columns: from input, reshape([1, count], order = channels_last), expand([count, count]);
        sub(rows, columns);
    }

    /// The place in a table of each two of the class token and the patches.
    block Places(side) {
        let count = side * side;
        places: slice(length = 1..count + 1), arange, rescale(1.0);
        y: from places, rescale(0.25), floor;
        below: from y, rescale(-4.0);
        x: add(places, below);
        by_y: from y, Apart(count), rescale(2.0 * side - 1.0, offset = (side - 1.0) * (2.0 * side - 1.0));
        by_x: from x, Apart(count), rescale(1.0, offset = side - 1.0);
        inner: add(by_y, by_x);
        left: slice(features = 0..1), full_like(50.0);
        lower: concat(left, inner);
        top: from lower, slice(length = 0..1), full_like(49.0), slice(features = 0..count);
        corner: from left, slice(length = 0..1), full_like(51.0);
        upper: concat(corner, top);
        concat(upper, lower, axis = length), reshape([(count + 1) * (count + 1), 1], order = channels_last);
    }

    block Attention(heads, places) {
        q_proj: linear(input.features);
        k_proj: from input, linear(input.features, bias = false);
        v_proj: from input, linear(input.features);
        scaled_dot_product_attention(q_proj, k_proj, v_proj, heads = heads, mask = places);
        o_proj: linear(input.features);
    }

    block Layer(heads, hidden, places) {
        let count = input.length;
        entry: identity;
        #[name = "relative_position_bias.relative_position_bias_table"] table: parameter([52, heads]);
        bias: gather(places, axis = length), reshape([count, count, heads], order = channels_last), permute([2, 0, 1]);
        from entry, residual { layernorm_before: layer_norm(eps = 1e-12); attention: Attention(heads,
            bias); lambda_1: scale; }
        residual { layernorm_after: layer_norm(eps = 1e-12); mlp: { fc1: linear(hidden),
            gelu; fc2: linear(input.features); } lambda_2: scale; }
    }

    /// Two layers of BEiT.
    pub struct Beit(pixel_values: 16x16x3) -> (last_hidden_state: 17x32, pooler_output: 32) {
        #[name = "embeddings.patch_embeddings.projection"] conv(32, 4x4, stride = 4), to_sequence;
        #[name = "embeddings.cls_token"] tokens: class_token;
        places: Places(4);
        layers: from tokens, repeat 2 { Layer(4, 64, places); }
        last_hidden_state: identity;
        patches: slice(length = 1..17), mean;
        #[name = "pooler.layernorm"] pooler_output: layer_norm(eps = 1e-12);
    }
}
