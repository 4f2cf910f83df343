//! `RwkvForCausalLM`: two linear recurrences, and no attention.

shapewise::network! {
    /// Each feature is mixed with that of the position before.
    block Mix(before, factor) {
        kept: mul(input, factor, broadcast = true);
        rest: from factor, rescale(-1.0, offset = 1.0);
        other: mul(before, rest, broadcast = true);
        add(kept, other);
    }

    block Before { slice(length = 0..input.length - 1), pad([(1, 0)]); }

    block Attention {
        let width = input.features;
        before: Before;
        time_mix_key: from input, parameter([1, width], batch_axis = true);
        time_mix_value: from input, parameter([1, width], batch_axis = true);
        time_mix_receptance: from input, parameter([1, width], batch_axis = true);
        time_decay: from input, parameter(width), exp, neg, exp, expand([input.length, width]);
        time_first: from input, parameter(width);
        key_in: from input, Mix(before, time_mix_key);
        key: linear(width, bias = false);
        value_in: from input, Mix(before, time_mix_value);
        value: linear(width, bias = false);
        receptance_in: from input, Mix(before, time_mix_receptance);
        receptance: linear(width, bias = false), sigmoid;
        weight: from key, exp;
        weighed: mul(weight, value);
        sums: linear_recurrence(time_decay, weighed), Before;
        counts: linear_recurrence(time_decay, weight), Before;
        own: add(key, time_first, broadcast = true), exp;
        own_value: mul(own, value);
        above: add(sums, own_value);
        below: add(counts, own);
        wkv: div(above, below);
        mul(receptance, wkv);
        output: linear(width, bias = false);
    }

    block FeedForward {
        let width = input.features;
        before: Before;
        time_mix_key: from input, parameter([1, width], batch_axis = true);
        time_mix_receptance: from input, parameter([1, width], batch_axis = true);
        key_in: from input, Mix(before, time_mix_key);
        key: linear(2 * width, bias = false), squared_relu;
        value: linear(width, bias = false);
        receptance_in: from input, Mix(before, time_mix_receptance);
        receptance: linear(width, bias = false), sigmoid;
        mul(receptance, value);
    }

    block Block(first) {
        if first { pre_ln: layer_norm; }
        residual { ln1: layer_norm; attention: Attention; }
        residual { ln2: layer_norm; feed_forward: FeedForward; }
    }

    /// Two layers of RWKV.
    pub struct Rwkv(input_ids: 12) -> (logits: 12x64) {
        rwkv: {
            embeddings: embedding(64, 32);
            blocks: repeat i in 0..2 { Block(first = i == 0); }
            ln_out: layer_norm;
        }
        head: linear(64, bias = false);
    }
}
