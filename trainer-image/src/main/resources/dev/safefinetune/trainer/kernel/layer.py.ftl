<#-- A decoder layer. With checkpointing it keeps x alone, and is run again before its backward. -->
<#macro mask>masks[<#if attention.window gt 0>self.mask_of(l)<#else>0</#if>]</#macro>
<#macro residual y x><#if scales.residual??>torch.add_(torch.mul_(${y}, ${scales.residual}), ${x})<#else>torch.add_(${y}, ${x})</#if></#macro>
<#macro lows>${layer.fusedAttention?then("low[0]", "low[0], low[1], low[2]")}, xo, ${layer.fusedFeed?then("low_feed[0]", "low_feed[0], low_feed[1]")}, xd</#macro>
  def weights_of(self, w: List[Tensor], l: int) -> __torch__.LayerWeights:
    i = 1 + l * ${layer.weights?size}
    return __torch__.LayerWeights(<#list layer.weights as name>w[i + ${name?index}]<#sep>, </#list>)

  def factors_of(self, f: List[Tensor], l: int) -> __torch__.LayerFactors:
    s = l * ${layer.linears?size}
    return __torch__.LayerFactors(<#list layer.linears as name>f[s + ${name?index}]<#sep>, </#list>)

  # Queries [N, H, D] or keys [N, K, D] as the attention takes them: normed, and turned into y.
  def turn_heads(self, y: Tensor, x: Tensor, l: int, turns: List[__torch__.Turn]<#if norms.heads>, w: Tensor</#if>) -> Tensor:
<#if norms.heads>
    x = self.norm_heads(x, w)
</#if>
<#if rotation.some>
    kind = self.rotation_of(l)
    if kind < 0:
      y = torch.copy_(y, x)
    else:
      y = self.rope_into(y, x, turns[kind].cos, turns[kind].sin)
    return y
<#else>
    return self.rope_into(y, x, turns[0].cos, turns[0].sin)
</#if>

  # Its gradient in x [N, h * D].
  def turn_heads_back(self, d: Tensor, x: Tensor, l: int, turns: List[__torch__.Turn]<#if norms.heads>, w: Tensor, gw: Tensor</#if>) -> Tensor:
    n = torch.size(d, 0)
    dx = torch.view(d, torch.size(x))
<#if rotation.some>
    kind = self.rotation_of(l)
    if kind >= 0:
      dx = self.rope_back(dx, turns[kind])
<#else>
    dx = self.rope_back(dx, turns[0])
</#if>
<#if norms.heads>
    dx = self.norm_heads_back(dx, x, w, gw)
</#if>
    return torch.reshape(dx, [n, -1])

<#if norms.heads>
  # x [N, h, D]: each head by itself, or all as one row.
  def norm_heads(self, x: Tensor, w: Tensor) -> Tensor:
    y = torch.reshape(x, [torch.size(x, 0), -1, torch.size(w, 0)])
    return torch.view(self.norm(y, self.rstd(y), w), torch.size(x))

  def norm_heads_back(self, d: Tensor, x: Tensor, w: Tensor, gw: Tensor) -> Tensor:
    y = torch.reshape(x, [torch.size(x, 0), -1, torch.size(w, 0)])
    dy = torch.reshape(d, torch.size(y))
    r = self.rstd(y)
    self.gain_back(gw, dy, y, r)
    return torch.view(self.norm_back(dy, y, r, w), torch.size(x))

</#if>
  # x0 [N, C] to [M, C]: in the last layer only label rows go on, in all others M = N.
  def layer(self, x0: Tensor, w: __torch__.LayerWeights, l: int, la: __torch__.LayerFactors, lb: __torch__.LayerFactors, turns: List[__torch__.Turn], masks: List[Tensor], x: __torch__.Batch, b: int, t: int) -> Tuple[Tensor, __torch__.Kept]:
    n = torch.size(x0, 0)
    m = n
    if l == ${L - 1}:
      m = torch.size(x.rows, 0)
    e = n * ${D * (H + 2 * K)}
    slab = torch.empty([e + m * ${C + 2 * F}], dtype=${store}${on})
<#if norms.before>
    h = self.norm(x0, self.rstd(x0), w.attention_norm)
<#else>
    h = <@read "x0"/>
</#if>
    q, k, vr, low = self.project_heads(h, w, la, lb)
    v = self.place(slab, n * ${D * (H + K)}, n, ${K * D})
    u = torch.copy_(v, vr)
    v = torch.view(v, [n, ${K}, ${D}])
    q = torch.view(q, [n, ${H}, ${D}])
    k = torch.view(k, [n, ${K}, ${D}])
    qs = torch.view(self.place(slab, 0, n, ${H * D}), [n, ${H}, ${D}])
    ks = torch.view(self.place(slab, n * ${H * D}, n, ${K * D}), [n, ${K}, ${D}])
<#if norms.heads>
    qs = torch.copy_(qs, q)
    ks = torch.copy_(ks, k)
    q = self.turn_heads(torch.empty_like(qs), qs, l, turns, w.q_norm)
    k = self.turn_heads(torch.empty_like(ks), ks, l, turns, w.k_norm)
<#else>
    q = self.turn_heads(qs, q, l, turns)
    k = self.turn_heads(ks, k, l, turns)
</#if>
    z = self.attend(q, k, v, l, <@mask/>, x, b, t)
    oc = self.attended(z, x)
    xr = x0
    if l == ${L - 1}:
      oc = torch.index_select(oc, 0, x.rows)
      xr = torch.index_select(x0, 0, x.rows)
    xo = self.low(oc, la.o)
    mid = self.project(self.place(slab, e, m, ${C}), oc, w.o, xo, la.o, lb.o)
<#if layer.biases?seq_contains("o")>
    mid = torch.add_(mid, w.o_bias)
</#if>
<#if norms.after>
    attended = mid
    mid = self.norm(attended, self.rstd(attended), w.attention_out_norm)
</#if>
    mid = <@residual "mid" "xr"/>
<#if norms.after && stored>
    mid = <@keep "mid"/>
</#if>
<#if norms.before>
    h = self.norm(mid, self.rstd(mid), w.feed_norm)
<#else>
    h = <@read "mid"/>
</#if>
    gate, up, low_feed = self.project_feed(slab, e + m * ${C}, h, w, la, lb)
    act = torch.mul_(self.activate(gate), up)
    xd = self.low(act, la.down)
    y = self.linear(act, w.down, xd, la.down, lb.down)
<#if layer.biases?seq_contains("down")>
    y = torch.add_(y, w.down_bias)
</#if>
<#if norms.after>
    fed = <@keep "y"/>
    y = self.norm(fed, self.rstd(fed), w.feed_out_norm)
</#if>
    y = <@residual "y" "mid"/>
    lows = __torch__.LayerFactors(<@lows/>)
<#if stored>
    z = __torch__.Attended(<@keep "z.o"/>, z.lse)
</#if>
    return (<@keep "y"/>, __torch__.Kept(x0, qs, ks, v, z, mid, gate, up, <#if norms.after>attended, fed, </#if>lows))

  # dy [M, C] to the gradient in mid [M, C].
  def feed_back(self, dy: Tensor, z: __torch__.Kept, w: __torch__.LayerWeights, la: __torch__.LayerFactors, lb: __torch__.LayerFactors, gw: __torch__.LayerWeights, ga: __torch__.LayerFactors, gb: __torch__.LayerFactors, scale: float) -> Tensor:
    d = dy
<#if scales.residual??>
    d = torch.mul(d, ${scales.residual})
</#if>
<#if norms.after>
    r = self.rstd(z.fed)
    self.gain_back(gw.feed_out_norm, d, z.fed, r)
    d = self.norm_back(d, z.fed, r, w.feed_out_norm)
</#if>
    sg = self.activate(z.gate)
    act = torch.mul(sg, z.up)
    da = torch.empty_like(act)
    self.back(da, 0.0, d, act, z.low.down, w.down, la.down, lb.down, gw.down, ga.down, gb.down, scale)
<#if layer.biases?seq_contains("down")>
    self.bias_back(gw.down_bias, d)
</#if>
    du = torch.mul_(sg, da)
    dg = self.activate_back(torch.mul_(da, z.up), z.gate)
<#if norms.before>
    r2 = self.rstd(z.mid)
    h = self.norm(z.mid, r2, w.feed_norm)
    dh = self.project_feed_back(dg, du, h, z.low, w, la, lb, gw, ga, gb, scale)
    self.gain_back(gw.feed_norm, dh, z.mid, r2)
    return torch.add_(self.norm_back(dh, z.mid, r2, w.feed_norm), dy)
<#else>
    return torch.add_(self.project_feed_back(dg, du, <@read "z.mid"/>, z.low, w, la, lb, gw, ga, gb, scale), dy)
</#if>

  # dy [M, C] to the gradient in x [N, C]; in the first layer only where the weights learn, who else would ask.
  def layer_back(self, dy: Tensor, z: __torch__.Kept, w: __torch__.LayerWeights, l: int, la: __torch__.LayerFactors, lb: __torch__.LayerFactors, turns: List[__torch__.Turn], masks: List[Tensor], x: __torch__.Batch, b: int, t: int, gw: __torch__.LayerWeights, ga: __torch__.LayerFactors, gb: __torch__.LayerFactors, scale: float) -> Tensor:
    n = torch.size(z.x, 0)
    dm = self.feed_back(dy, z, w, la, lb, gw, ga, gb, scale)
    d = dm
<#if scales.residual??>
    d = torch.mul(d, ${scales.residual})
</#if>
<#if norms.after>
    ra = self.rstd(z.attended)
    self.gain_back(gw.attention_out_norm, d, z.attended, ra)
    d = self.norm_back(d, z.attended, ra, w.attention_out_norm)
</#if>
    oc = self.attended(z.attention, x)
    if l == ${L - 1}:
      oc = torch.index_select(oc, 0, x.rows)
    do = torch.empty_like(oc)
    self.back(do, 0.0, d, oc, z.low.o, w.o, la.o, lb.o, gw.o, ga.o, gb.o, scale)
<#if layer.biases?seq_contains("o")>
    self.bias_back(gw.o_bias, d)
</#if>
    if l == ${L - 1}:
      do = torch.index_copy_(torch.zeros([n, torch.size(do, 1)], dtype=${dtype}${on}), 0, x.rows, do)
      dm = torch.index_copy_(torch.zeros_like(z.x<@computed/>), 0, x.rows, dm)
    q = z.q
    k = z.k
<#if norms.heads>
    q = self.turn_heads(torch.empty_like(q), q, l, turns, w.q_norm)
    k = self.turn_heads(torch.empty_like(k), k, l, turns, w.k_norm)
</#if>
    dq, dk, dv = self.attend_back(do, q, k, z.v, z.attention, l, <@mask/>, x, b, t)
    dq = self.turn_heads_back(dq, z.q, l, turns<#if norms.heads>, w.q_norm, gw.q_norm</#if>)
    dk = self.turn_heads_back(dk, z.k, l, turns<#if norms.heads>, w.k_norm, gw.k_norm</#if>)
    deep = l > 0 or torch.size(gw.o, 0) > 0
    dh = torch.empty([0], dtype=${dtype}${on})
    if deep:
      dh = torch.empty_like(z.x<@computed/>)
<#if norms.before>
    r = self.rstd(z.x)
    h = self.norm(z.x, r, w.attention_norm)
    self.project_heads_back(dh, dq, dk, dv, h, z.low, w, la, lb, gw, ga, gb, scale)
    if deep:
      self.gain_back(gw.attention_norm, dh, z.x, r)
      dm = torch.add_(self.norm_back(dh, z.x, r, w.attention_norm), dm)
<#else>
    self.project_heads_back(dh, dq, dk, dv, <@read "z.x"/>, z.low, w, la, lb, gw, ga, gb, scale)
    if deep:
      dm = torch.add_(dh, dm)
</#if>
    return dm
