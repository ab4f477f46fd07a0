"""The attention of variable length that CUDA has, written out for processors: so that a machine without a GPU can check how the
kernels call it, against the operators' documented meaning. It says nothing of CUDA's own arithmetic."""

import torch


def install():
    """Registers the four operators for processors."""
    library = torch.library.Library("aten", "IMPL")
    library.impl("_flash_attention_forward", flash_forward, "CPU")
    library.impl("_flash_attention_backward", flash_backward, "CPU")
    library.impl("_efficient_attention_forward", efficient_forward, "CPU")
    library.impl("_efficient_attention_backward", efficient_backward, "CPU")
    return library


def probabilities(q, k, starts, scale, window):
    """Of causal attention within documents that lie one after the other: queries and keys [N, H, D] to [H, N, N]."""
    n = q.shape[0]
    document = torch.bucketize(torch.arange(n), starts[1:].long(), right=True)
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    seen = (document[:, None] == document[None, :]) & (distance >= 0)
    if window > 0:
        seen &= distance < window
    scores = torch.einsum("nhd,mhd->hnm", q, k) * scale
    return scores.masked_fill(~seen, float("-inf")).softmax(-1)


def attention(q, k, v, starts, scale, window):
    """Queries [N, H, D], keys and values [N, K, D]; window 0 for all."""
    group = q.shape[1] // k.shape[1]
    k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
    return torch.einsum("hnm,mhd->nhd", probabilities(q, k, starts, scale, window), v)


def backward(grad, q, k, v, starts, scale, window):
    """By hand: below the dispatcher there is no autograd."""
    dtype, (n, keys, width) = q.dtype, k.shape
    group = q.shape[1] // keys
    grad, q, k, v = grad.float(), q.float(), k.float().repeat_interleave(group, 1), v.float().repeat_interleave(group, 1)
    p = probabilities(q, k, starts, scale, window)
    dv = torch.einsum("hnm,nhd->mhd", p, grad)
    dp = torch.einsum("nhd,mhd->hnm", grad, v)
    ds = p * (dp - (dp * p).sum(-1, keepdim=True)) * scale
    dq, dk = torch.einsum("hnm,mhd->nhd", ds, k), torch.einsum("hnm,nhd->mhd", ds, q)
    dk, dv = (t.view(n, keys, group, width).sum(2) for t in (dk, dv))
    return [t.to(dtype) for t in (dq, dk, dv)]


def require(q, k, starts_q, starts_k, max_q, dropout, causal):
    longest = (starts_q[1:] - starts_q[:-1]).max().item()
    assert starts_q.dtype == torch.int32 and torch.equal(starts_q, starts_k), "starts are int32, the same for keys"
    assert starts_q[-1].item() == q.shape[0] == k.shape[0] and longest == max_q, (starts_q, q.shape, max_q)
    assert dropout == 0.0 and causal and q.stride(-1) == k.stride(-1) == 1


def left(window_left, window_right):
    if window_left is None:
        return 0
    assert window_right == 0
    return window_left + 1


def flash_forward(q, k, v, starts_q, starts_k, max_q, max_k, dropout, causal, debug, *, scale=None,
                  window_size_left=None, window_size_right=None, seqused_k=None, alibi_slopes=None):
    require(q, k, starts_q, starts_k, max_q, dropout, causal)
    assert q.dtype == torch.bfloat16 and q.shape[2] % 8 == 0 and q.shape[2] <= 256
    out = attention(q.float(), k.float(), v.float(), starts_q, scale, left(window_size_left, window_size_right))
    empty = torch.zeros(2, dtype=torch.int64)
    return out.to(q.dtype), torch.zeros(q.shape[1], q.shape[0]), empty, empty.clone(), torch.zeros(0)


def flash_backward(grad, q, k, v, out, lse, starts_q, starts_k, max_q, max_k, dropout, causal, rng_state, unused, *,
                   scale=None, window_size_left=None, window_size_right=None):
    require(q, k, starts_q, starts_k, max_q, dropout, causal)
    assert grad.shape == out.shape == q.shape and lse.shape == (q.shape[1], q.shape[0]) and rng_state.numel() == 2
    return tuple(backward(grad, q, k, v, starts_q, scale, left(window_size_left, window_size_right)))


def efficient_forward(q, k, v, bias, starts_q, starts_k, max_q, max_k, dropout, mask, lse=False, *, scale=None,
                      seqlen_k=None, window_size=None):
    require(q[0], k[0], starts_q, starts_k, max_q, dropout, mask == 1)
    assert q.shape == k.shape == v.shape and q.shape[0] == 1 and lse
    out = attention(q[0], k[0], v[0], starts_q, scale, window_size or 0)
    empty = torch.zeros((), dtype=torch.int64)
    return out[None], torch.zeros(1, q.shape[2], q.shape[1]), empty, empty.clone(), max_q, max_k


def efficient_backward(grad, q, k, v, bias, out, starts_q, starts_k, max_q, max_k, lse, dropout, seed, offset, mask,
                       bias_gradient, *, scale=None, num_splits_key=None, window_size=None, shared_storage_dqdkdv=False):
    require(q[0], k[0], starts_q, starts_k, max_q, dropout, mask == 1)
    assert grad.shape == out.shape == q.shape and not bias_gradient
    found = backward(grad[0], q[0], k[0], v[0], starts_q, scale, window_size or 0)
    return tuple(g[None] for g in found) + (torch.zeros(0),)
