<#--
  Attention, in one of three ways. On processors the fused attention over padded documents. On GPUs attention of variable
  length, which takes the documents as they lie. Scores by blocks of queries where scores are capped, and on GPUs where a mask
  is given or heads have a width that the attention of variable length does not know.

  Padding exists only in here. A padded slot comes after its document's tokens, so the causal mask hides it from them; its own
  output is never read, so its gradient is zero.
-->
  # Tokens [N, h, D] to padded heads [B, h, T, D].
  def spread(self, x: Tensor, pad: Tensor, b: int, t: int) -> Tensor:
    y = x
    if torch.size(pad, 0) > 0:
      y = torch.index_select(x, 0, pad)
    return torch.transpose(torch.view(y, [b, t, torch.size(x, 1), ${D}]), 1, 2)

  # The same for gradients [N, H * D]: those of padded slots are zero.
  def spread_zero(self, x: Tensor, slots: Tensor, b: int, t: int) -> Tensor:
    y = x
    if torch.size(slots, 0) > 0:
      y = torch.index_copy_(torch.zeros([b * t, torch.size(x, 1)], dtype=${dtype}${on}), 0, slots, x)
    return torch.transpose(torch.view(y, [b, t, ${H}, ${D}]), 1, 2)

  # Padded heads [B, h, T, D] to tokens [N, h * D].
  def collect(self, y: Tensor, slots: Tensor) -> Tensor:
    z = torch.reshape(torch.transpose(y, 1, 2), [torch.size(y, 0) * torch.size(y, 2), torch.size(y, 1) * ${D}])
    if torch.size(slots, 0) > 0:
      z = torch.index_select(z, 0, slots)
    return z

  # Keys or values [B, K, T, D] for each query head.
  def repeat(self, x: Tensor) -> Tensor:
<#if group gt 1>
    b = torch.size(x, 0)
    t = torch.size(x, 2)
    return torch.reshape(torch.expand(torch.unsqueeze(x, 2), [b, ${K}, ${group}, t, ${D}]), [b, ${H}, t, ${D}])
<#else>
    return x
</#if>

  # Gradients of query heads summed over those that share a key.
  def fold(self, x: Tensor) -> Tensor:
<#if group gt 1>
    return torch.sum(torch.reshape(x, [torch.size(x, 0), ${K}, ${group}, torch.size(x, 2), ${D}]), [2])
<#else>
    return x
</#if>

  # What is added to the scores [1, 1, T, T]: of layers that see all, and of those that see a window. None means causal.
  def masks(self, x: __torch__.Batch, t: int) -> List[Tensor]:
    all = x.mask
<#if attention.varlen>
    if torch.size(x.mask, 0) == 0:
      return [all, all]
</#if>
<#if attention.window gt 0 || attention.blocks>
    p = torch.arange(t, dtype=4${on})
    if torch.size(x.mask, 0) > 0:
      p = x.positions
    distance = torch.sub(torch.unsqueeze(p, 1), torch.unsqueeze(p, 0))
</#if>
<#if attention.blocks && !attention.varlen>
    if torch.size(x.mask, 0) == 0:
      all = self.hidden_where(torch.lt(distance, 0))
</#if>
    near = all
<#if attention.window gt 0>
    if t > ${attention.window}:
      near = self.hidden_where(torch.lt(distance, 0))
      if torch.size(x.mask, 0) > 0:
        near = x.mask
      near = torch.masked_fill(near, torch.unsqueeze(torch.unsqueeze(torch.ge(distance, ${attention.window}), 0), 0), -${attention.infinity})
</#if>
    return [all, near]

  def hidden_where(self, hidden: Tensor) -> Tensor:
    t = torch.size(hidden, 0)
    return torch.view(torch.masked_fill(torch.zeros([t, t], dtype=6${on}), hidden, -${attention.infinity}), [1, 1, t, t])
<#if attention.window gt 0>

  # Which mask a layer has.
  def mask_of(self, l: int) -> int:
    return [<#list attention.perLayer as kind>${kind}<#sep>, </#list>][l]
</#if>

<#if attention.blocks>
<#if attention.capped>
  # Scores of m queries, capped: c · tanh(s / c) (Gemma 2, arXiv 2408.00118). Without the mask.
<#else>
  # Scores of m queries, without the mask.
</#if>
  def scores(self, q: Tensor, k: Tensor) -> Tensor:
    s = torch.matmul(q, torch.transpose(k, 2, 3))
<#if attention.capped>
    s = torch.mul_(<@wide "s"/>, ${attention.scale} / ${attention.cap})
    return torch.mul_(torch.tanh_(s), ${attention.cap})
<#else>
    return torch.mul_(<@wide "s"/>, ${attention.scale})
</#if>

  # Gradient in the scores to that in q·kᵀ.
  def scores_back(self, ds: Tensor, s: Tensor) -> Tensor:
<#if attention.capped>
    s = torch.mul_(s, 1.0 / ${attention.cap})
    ds = torch.mul_(torch.mul_(ds, torch.rsub(torch.mul_(s, s), 1.0)), ${attention.scale})
<#else>
    ds = torch.mul_(ds, ${attention.scale})
</#if>
    return <@narrow "ds"/>

  # Scores are made for ${attention.block} queries at a time. Output [B, H, T, D], log of the sum of exponentials [B, H, T].
  def attend_padded(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tuple[Tensor, Tensor]:
    t = torch.size(q, 2)
    o = torch.empty([torch.size(q, 0), t, torch.size(q, 1), ${D}], dtype=${dtype}${on})
    o = torch.transpose(o, 1, 2)
    lse = torch.empty([torch.size(q, 0), torch.size(q, 1), t], dtype=6${on})
    i = 0
    while i < t:
      m = min(${attention.block}, t - i)
      s = torch.add_(self.scores(torch.narrow(q, 2, i, m), k), torch.narrow(mask, 2, i, m))
      e = torch.logsumexp(s, [3], True)
      u = torch.copy_(torch.narrow(lse, 2, i, m), torch.squeeze(e, 3))
      p = torch.exp_(torch.sub_(s, e))
      u = torch.copy_(torch.narrow(o, 2, i, m), torch.matmul(<@narrow "p"/>, v))
      i = i + m
    return (o, lse)

  def attend_padded_back(self, do: Tensor, q: Tensor, k: Tensor, v: Tensor, o: Tensor, lse: Tensor, mask: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    t = torch.size(q, 2)
    dq = torch.empty_like(q)
    dk = torch.zeros(torch.size(k), dtype=6${on})
    dv = torch.zeros(torch.size(v), dtype=6${on})
    i = 0
    while i < t:
      m = min(${attention.block}, t - i)
      qi = torch.narrow(q, 2, i, m)
      gi = torch.narrow(do, 2, i, m)
      s = self.scores(qi, k)
      p = torch.exp_(torch.sub_(torch.add(s, torch.narrow(mask, 2, i, m)), torch.unsqueeze(torch.narrow(lse, 2, i, m), 3)))
      dv = torch.add_(dv, torch.matmul(torch.transpose(<@narrow "p"/>, 2, 3), gi))
      d = torch.sum(torch.mul(<@wide "gi"/>, torch.narrow(o, 2, i, m)), [-1], True)
      ds = torch.matmul(gi, torch.transpose(v, 2, 3))
      ds = torch.mul_(torch.sub_(<@wide "ds"/>, d), p)
      ds = self.scores_back(ds, s)
      u = torch.copy_(torch.narrow(dq, 2, i, m), torch.matmul(ds, k))
      dk = torch.add_(dk, torch.matmul(torch.transpose(ds, 2, 3), qi))
      i = i + m
    return (dq, <@narrow "dk"/>, <@narrow "dv"/>)
<#else>
<#assign scaled = attention.scaled?then(", scale=" + attention.scale, "")>
  # Output [B, H, T, D], log of the sum of exponentials [B, H, T].
  def attend_padded(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tuple[Tensor, Tensor]:
    if torch.size(mask, 0) > 0:
      o, lse = torch._scaled_dot_product_flash_attention_for_cpu(q, k, v, 0.0, False, attn_mask=mask${scaled})
    else:
      o, lse = torch._scaled_dot_product_flash_attention_for_cpu(q, k, v, 0.0, True${scaled})
    return (o, lse)

  def attend_padded_back(self, do: Tensor, q: Tensor, k: Tensor, v: Tensor, o: Tensor, lse: Tensor, mask: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    if torch.size(mask, 0) > 0:
      dq, dk, dv = torch._scaled_dot_product_flash_attention_for_cpu_backward(do, q, k, v, o, lse, 0.0, False, attn_mask=mask${scaled})
    else:
      dq, dk, dv = torch._scaled_dot_product_flash_attention_for_cpu_backward(do, q, k, v, o, lse, 0.0, True${scaled})
    return (dq, dk, dv)
</#if>

<#if attention.varlen>
<#include "varlen.py.ftl">
<#else>
  # q [N, H, D], k and v [N, K, D].
  def attend(self, q: Tensor, k: Tensor, v: Tensor, l: int, mask: Tensor, x: __torch__.Batch, b: int, t: int) -> __torch__.Attended:
    o, lse = self.attend_padded(self.spread(<@read "q"/>, x.pad, b, t), self.repeat(self.spread(<@read "k"/>, x.pad, b, t)), self.repeat(self.spread(<@read "v"/>, x.pad, b, t)), mask)
    return __torch__.Attended(o, lse)

  # The output as tokens [N, H * D].
  def attended(self, z: __torch__.Attended, x: __torch__.Batch) -> Tensor:
    return self.collect(<@read "z.o"/>, x.slots)

  # Gradients in q [N, H * D], k and v [N, K * D].
  def attend_back(self, do: Tensor, q: Tensor, k: Tensor, v: Tensor, z: __torch__.Attended, l: int, mask: Tensor, x: __torch__.Batch, b: int, t: int) -> Tuple[Tensor, Tensor, Tensor]:
    dq, dk, dv = self.attend_padded_back(self.spread_zero(do, x.slots, b, t), self.spread(<@read "q"/>, x.pad, b, t), self.repeat(self.spread(<@read "k"/>, x.pad, b, t)), self.repeat(self.spread(<@read "v"/>, x.pad, b, t)), <@read "z.o"/>, z.lse, mask)
    return (self.collect(dq, x.slots), self.collect(self.fold(dk), x.slots), self.collect(self.fold(dv), x.slots))
</#if>
