<#--
  Attention of variable length on GPUs: tokens [N, H, D] as they lie, documents by where they begin. In half precision
  FlashAttention (Dao, arXiv 2307.08691), which shares keys among query heads by itself; in float32 the memory-efficient
  attention (Rabe and Staats, arXiv 2112.05682), which wants a key for each. A window of w keys is the query's own and w − 1
  before it: FlashAttention counts the latter, the other counts all.
-->
<#assign scale = "scale=" + attention.scale>
<#if attention.window gt 0>
  # Keys that a layer's queries see, their own among them; 0 for all.
  def window_of(self, l: int) -> int:
    return [<#list attention.perLayer as kind>${(kind > 0)?then(attention.window, 0)}<#sep>, </#list>][l]

</#if>
<#if !half>
  # Keys or values [N, K, D] for each query head.
  def repeat_tokens(self, x: Tensor) -> Tensor:
<#if group gt 1>
    n = torch.size(x, 0)
    return torch.reshape(torch.expand(torch.unsqueeze(x, 2), [n, ${K}, ${group}, ${D}]), [n, ${H}, ${D}])
<#else>
    return x
</#if>

  # Gradients [1, N, H, D] of query heads summed over those that share a key.
  def fold_tokens(self, d: Tensor) -> Tensor:
    n = torch.size(d, 1)
<#if group gt 1>
    return torch.reshape(torch.sum(torch.view(d, [n, ${K}, ${group}, ${D}]), [2]), [n, ${K * D}])
<#else>
    return torch.reshape(d, [n, ${K * D}])
</#if>

</#if>
  # q [N, H, D], k and v [N, K, D].
  def attend(self, q: Tensor, k: Tensor, v: Tensor, l: int, mask: Tensor, x: __torch__.Batch, b: int, t: int) -> __torch__.Attended:
    if torch.size(mask, 0) > 0:
      o, lse = self.attend_padded(self.spread(q, x.pad, b, t), self.repeat(self.spread(k, x.pad, b, t)), self.repeat(self.spread(v, x.pad, b, t)), mask)
      o = torch.view(self.collect(o, x.slots), torch.size(q))
      seed = lse
      offset = lse
    else:
<#if half>
  <#if attention.window gt 0>
      w = self.window_of(l)
      if w > 0:
        o, lse, seed, offset, debug = torch._flash_attention_forward(q, k, v, x.starts, x.starts, t, t, 0.0, True, False, ${scale}, window_size_left=w - 1, window_size_right=0)
      else:
        o, lse, seed, offset, debug = torch._flash_attention_forward(q, k, v, x.starts, x.starts, t, t, 0.0, True, False, ${scale})
  <#else>
      o, lse, seed, offset, debug = torch._flash_attention_forward(q, k, v, x.starts, x.starts, t, t, 0.0, True, False, ${scale})
  </#if>
<#else>
      qu = torch.unsqueeze(q, 0)
      ku = torch.unsqueeze(self.repeat_tokens(k), 0)
      vu = torch.unsqueeze(self.repeat_tokens(v), 0)
  <#if attention.window gt 0>
      w = self.window_of(l)
      if w > 0:
        o, lse, seed, offset, mq, mk = torch._efficient_attention_forward(qu, ku, vu, None, x.starts, x.starts, t, t, 0.0, 1, True, ${scale}, window_size=w)
      else:
        o, lse, seed, offset, mq, mk = torch._efficient_attention_forward(qu, ku, vu, None, x.starts, x.starts, t, t, 0.0, 1, True, ${scale})
  <#else>
      o, lse, seed, offset, mq, mk = torch._efficient_attention_forward(qu, ku, vu, None, x.starts, x.starts, t, t, 0.0, 1, True, ${scale})
  </#if>
</#if>
    return __torch__.Attended(o, lse, seed, offset)

  # The output as tokens [N, H * D].
  def attended(self, z: __torch__.Attended, x: __torch__.Batch) -> Tensor:
    return torch.reshape(z.o, [torch.size(x.tokens, 0), ${H * D}])

  # Gradients in q [N, H * D], k and v [N, K * D], of a pass without a mask.
  def attend_back(self, do: Tensor, q: Tensor, k: Tensor, v: Tensor, z: __torch__.Attended, l: int, mask: Tensor, x: __torch__.Batch, b: int, t: int) -> Tuple[Tensor, Tensor, Tensor]:
    n = torch.size(q, 0)
    d = torch.view(do, torch.size(z.o))
<#if half>
  <#if attention.window gt 0>
    w = self.window_of(l)
    if w > 0:
      dq, dk, dv = torch._flash_attention_backward(d, q, k, v, z.o, z.lse, x.starts, x.starts, t, t, 0.0, True, z.seed, z.offset, ${scale}, window_size_left=w - 1, window_size_right=0)
    else:
      dq, dk, dv = torch._flash_attention_backward(d, q, k, v, z.o, z.lse, x.starts, x.starts, t, t, 0.0, True, z.seed, z.offset, ${scale})
  <#else>
    dq, dk, dv = torch._flash_attention_backward(d, q, k, v, z.o, z.lse, x.starts, x.starts, t, t, 0.0, True, z.seed, z.offset, ${scale})
  </#if>
    return (torch.reshape(dq, [n, ${H * D}]), torch.reshape(dk, [n, ${K * D}]), torch.reshape(dv, [n, ${K * D}]))
<#else>
    qu = torch.unsqueeze(q, 0)
    ku = torch.unsqueeze(self.repeat_tokens(k), 0)
    vu = torch.unsqueeze(self.repeat_tokens(v), 0)
  <#if attention.window gt 0>
    w = self.window_of(l)
    if w > 0:
      dq, dk, dv, db = torch._efficient_attention_backward(d, qu, ku, vu, None, z.o, x.starts, x.starts, t, t, z.lse, 0.0, z.seed, z.offset, 1, False, ${scale}, window_size=w)
    else:
      dq, dk, dv, db = torch._efficient_attention_backward(d, qu, ku, vu, None, z.o, x.starts, x.starts, t, t, z.lse, 0.0, z.seed, z.offset, 1, False, ${scale})
  <#else>
    dq, dk, dv, db = torch._efficient_attention_backward(d, qu, ku, vu, None, z.o, x.starts, x.starts, t, t, z.lse, 0.0, z.seed, z.offset, 1, False, ${scale})
  </#if>
    return (torch.reshape(dq, [n, ${H * D}]), self.fold_tokens(dk), self.fold_tokens(dv))
</#if>
