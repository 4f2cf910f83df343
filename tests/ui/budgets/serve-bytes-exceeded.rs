use shapewise::network;

network! {
    pub struct Decoder(x: 4096x1024) -> (y: 4096x1024) {
        repeat 16 {
            residual { rms_norm, attention(heads = 8, kv_heads = 2, causal = true, bias = false); }
            residual { rms_norm, linear(4096), gelu, linear(1024); }
        }

        assert serve_bytes(batch = 8, positions = 8192, tokens = 1, dtype = f16) <= 512MiB;
        assert kv_cache_bytes(batch = 8, positions = 8192, dtype = f16) <= 256MiB;
    }
}

fn main() {}
