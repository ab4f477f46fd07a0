<#-- The linear layers that read the residual stream, in a matrix each or in one. With them the adapters' products x·Aᵀ. -->
  # Raw queries [N, H * D], keys and values [N, K * D] of h [N, C].
  def project_heads(self, h: Tensor, w: __torch__.LayerWeights, la: __torch__.LayerFactors, lb: __torch__.LayerFactors) -> Tuple[Tensor, Tensor, Tensor, List[Tensor]]:
<#if layer.fusedAttention>
    low = self.low(h, la.qkv)
    qkv = self.linear(h, w.qkv, low, la.qkv, lb.qkv)
    q = torch.narrow(qkv, 1, 0, ${H * D})
    k = torch.narrow(qkv, 1, ${H * D}, ${K * D})
    v = torch.narrow(qkv, 1, ${(H + K) * D}, ${K * D})
    lows = [low]
<#else>
    xq = self.low(h, la.q)
    xk = self.low(h, la.k)
    xv = self.low(h, la.v)
    q = self.linear(h, w.q, xq, la.q, lb.q)
    k = self.linear(h, w.k, xk, la.k, lb.k)
    v = self.linear(h, w.v, xv, la.v, lb.v)
    lows = [xq, xk, xv]
  <#if layer.biases?seq_contains("q")>
    q = torch.add_(q, w.q_bias)
    k = torch.add_(k, w.k_bias)
    v = torch.add_(v, w.v_bias)
  </#if>
</#if>
    return (q, k, v, lows)

  # Gradient in h, added to dh; none stays none.
  def project_heads_back(self, dh: Tensor, dq: Tensor, dk: Tensor, dv: Tensor, h: Tensor, low: __torch__.LayerFactors, w: __torch__.LayerWeights, la: __torch__.LayerFactors, lb: __torch__.LayerFactors, gw: __torch__.LayerWeights, ga: __torch__.LayerFactors, gb: __torch__.LayerFactors, scale: float) -> None:
<#if layer.fusedAttention>
    self.back(dh, 0.0, torch.cat([dq, dk, dv], 1), h, low.qkv, w.qkv, la.qkv, lb.qkv, gw.qkv, ga.qkv, gb.qkv, scale)
<#else>
    self.back(dh, 0.0, dq, h, low.q, w.q, la.q, lb.q, gw.q, ga.q, gb.q, scale)
    self.back(dh, 1.0, dk, h, low.k, w.k, la.k, lb.k, gw.k, ga.k, gb.k, scale)
    self.back(dh, 1.0, dv, h, low.v, w.v, la.v, lb.v, gw.v, ga.v, gb.v, scale)
  <#if layer.biases?seq_contains("q")>
    self.bias_back(gw.q_bias, dq)
    self.bias_back(gw.k_bias, dk)
    self.bias_back(gw.v_bias, dv)
  </#if>
</#if>

  # Gate and up [M, F] of h [M, C], laid into a slab.
  def project_feed(self, slab: Tensor, at: int, h: Tensor, w: __torch__.LayerWeights, la: __torch__.LayerFactors, lb: __torch__.LayerFactors) -> Tuple[Tensor, Tensor, List[Tensor]]:
    m = torch.size(h, 0)
<#if layer.fusedFeed>
    low = self.low(h, la.gate_up)
    both = self.project(self.place(slab, at, m, ${2 * F}), h, w.gate_up, low, la.gate_up, lb.gate_up)
    gate = torch.narrow(both, 1, 0, ${F})
    up = torch.narrow(both, 1, ${F}, ${F})
    lows = [low]
<#else>
    xg = self.low(h, la.gate)
    xu = self.low(h, la.up)
    gate = self.project(self.place(slab, at, m, ${F}), h, w.gate, xg, la.gate, lb.gate)
    up = self.project(self.place(slab, at + m * ${F}, m, ${F}), h, w.up, xu, la.up, lb.up)
    lows = [xg, xu]
  <#if layer.biases?seq_contains("gate")>
    gate = torch.add_(gate, w.gate_bias)
    up = torch.add_(up, w.up_bias)
  </#if>
</#if>
    return (gate, up, lows)

  # Gradient in h.
  def project_feed_back(self, dgate: Tensor, dup: Tensor, h: Tensor, low: __torch__.LayerFactors, w: __torch__.LayerWeights, la: __torch__.LayerFactors, lb: __torch__.LayerFactors, gw: __torch__.LayerWeights, ga: __torch__.LayerFactors, gb: __torch__.LayerFactors, scale: float) -> Tensor:
    dh = torch.empty_like(h)
<#if layer.fusedFeed>
    self.back(dh, 0.0, torch.cat([dgate, dup], 1), h, low.gate_up, w.gate_up, la.gate_up, lb.gate_up, gw.gate_up, ga.gate_up, gb.gate_up, scale)
<#else>
    self.back(dh, 0.0, dgate, h, low.gate, w.gate, la.gate, lb.gate, gw.gate, ga.gate, gb.gate, scale)
    self.back(dh, 1.0, dup, h, low.up, w.up, la.up, lb.up, gw.up, ga.up, gb.up, scale)
  <#if layer.biases?seq_contains("gate")>
    self.bias_back(gw.gate_bias, dgate)
    self.bias_back(gw.up_bias, dup)
  </#if>
</#if>
    return dh

  # What gate and up make together: act(gate) · up.
<#if layer.gelu>
  def activate(self, gate: Tensor) -> Tensor:
    return torch.gelu(<@read "gate"/>, approximate="tanh")

  def activate_back(self, d: Tensor, gate: Tensor) -> Tensor:
    return torch.gelu_backward(d, <@read "gate"/>, approximate="tanh")
<#else>
  def activate(self, gate: Tensor) -> Tensor:
    return torch.silu(<@read "gate"/>)

  def activate_back(self, d: Tensor, gate: Tensor) -> Tensor:
    return torch.silu_backward(d, <@read "gate"/>)
</#if>
