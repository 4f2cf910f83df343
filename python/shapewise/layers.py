"""Names of the language's layers, which no parameter can have."""

NAMES = set(
    """
    conv depthwise_conv separable_conv conv_transpose max_pool avg_pool lp_pool adaptive_avg_pool adaptive_max_pool
    global_avg_pool global_max_pool linear bilinear embedding positional_embedding class_token batch_norm layer_norm
    group_norm instance_norm rms_norm local_response_norm relu relu6 leaky_relu prelu elu selu celu gelu silu mish
    sigmoid hard_sigmoid hard_swish tanh softplus softsign softmax log_softmax glu dropout stochastic_depth flatten
    reshape permute to_sequence pad crop roll slice first last mean unfold fold channel_shuffle channel_split
    pixel_shuffle pixel_unshuffle upsample rnn lstm gru attention scaled_dot_product_attention transformer_encoder
    transformer_decoder add sub mul concat stack matmul scale identity
    bias abs exp log sqrt square neg reciprocal sin cos clamp pow div maximum minimum sum max min logsumexp normalize
    rescale parameter arange full_like sinusoidal_embedding softcap index_select argmax cosine_similarity
    selective_scan relative_position_bias window_position_bias mixture_of_experts deformable_conv conv_lstm embedding_bag causal_conv
    expand threshold hard_tanh softmin quick_gelu squared_relu einsum gather where where_cond kv_cache rotary_embedding custom
    floor ceil sign relative_positions linear_recurrence
    """.split()
)
