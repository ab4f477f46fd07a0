<#--
  Greedy generation for a batch of prompts in one native call. Keys and values of each layer lie in caches [B, K, S, D] with S
  the longest prompt plus the most new tokens. A document's next token goes to its own position, so that documents of different
  lengths need no padding on the left.
-->
  # One token of each document: y0 [B, C]. Slot: places in the caches [B * K]; masks [B, 1, 1, S] of the first s positions.
  def decode(self, y0: Tensor, w: __torch__.LayerWeights, l: int, la: __torch__.LayerFactors, lb: __torch__.LayerFactors, turns: List[__torch__.Turn], ck: Tensor, cv: Tensor, slot: Tensor, masks: List[Tensor], s: int) -> Tensor:
    b = torch.size(y0, 0)
<#if norms.before>
    h = self.norm(y0, self.rstd(y0), w.attention_norm)
<#else>
    h = <@read "y0"/>
</#if>
    q, k, v, low = self.project_heads(h, w, la, lb)
    q = torch.view(q, [b, ${H}, ${D}])
    k = torch.view(k, [b, ${K}, ${D}])
    q = self.turn_heads(torch.empty([b, ${H}, ${D}], dtype=${dtype}${on}), q, l, turns<#if norms.heads>, w.q_norm</#if>)
    k = self.turn_heads(torch.empty([b, ${K}, ${D}], dtype=${dtype}${on}), k, l, turns<#if norms.heads>, w.k_norm</#if>)
    u = torch.index_copy_(torch.view(ck, [-1, ${D}]), 0, slot, torch.reshape(k, [b * ${K}, ${D}]))
    u = torch.index_copy_(torch.view(cv, [-1, ${D}]), 0, slot, torch.reshape(v, [b * ${K}, ${D}]))
    kc = torch.narrow(ck, 2, 0, s)
    vc = torch.narrow(cv, 2, 0, s)
<#if attention.capped>
    p = self.scores(torch.view(q, [b, ${K}, ${group}, ${D}]), kc)
<#else>
    p = torch.matmul(torch.mul(torch.view(q, [b, ${K}, ${group}, ${D}]), ${attention.scale}), torch.transpose(kc, 2, 3))
</#if>
<#if half>
    p = torch.to(p, 6)
</#if>
    p = torch.softmax(torch.add_(p, <@mask/>), 3)
    o = torch.reshape(torch.matmul(<@narrow "p"/>, vc), [b, ${H * D}])
    mid = self.linear(o, w.o, self.low(o, la.o), la.o, lb.o)
<#if layer.biases?seq_contains("o")>
    mid = torch.add_(mid, w.o_bias)
</#if>
<#if norms.after>
    mid = self.norm(mid, self.rstd(mid), w.attention_out_norm)
</#if>
    mid = <@residual "mid" "y0"/>
<#if norms.before>
    h = self.norm(mid, self.rstd(mid), w.feed_norm)
<#else>
    h = mid
</#if>
    gate, up, low_feed = self.project_feed(torch.empty([b * ${2 * F}], dtype=${dtype}${on}), 0, h, w, la, lb)
    act = torch.mul_(self.activate(gate), up)
    y = self.linear(act, w.down, self.low(act, la.down), la.down, lb.down)
<#if layer.biases?seq_contains("down")>
    y = torch.add_(y, w.down_bias)
</#if>
<#if norms.after>
    y = self.norm(y, self.rstd(y), w.feed_out_norm)
</#if>
    return <@residual "y" "mid"/>

  # The most likely next token [B].
  def pick(self, y: Tensor, w: List[Tensor]) -> Tensor:
    return torch.argmax(self.logits_of(self.norm(y, self.rstd(y), ${w.norm}), w), 1)

  # Tokens [B, fresh], −1 after the end of an answer. ends: lengths [B] of the prompts, and the tokens that end an answer.
  def generate(self, w: List[Tensor], la: List[Tensor], lb: List[Tensor], xs: List[Tensor], b: int, t: int, tables: List[Tensor], fresh: int, ends: List[Tensor]) -> List[Tensor]:
    x = self.batch(xs)
    lengths = ends[0]
    stops = ends[1]
    turns = self.turns(tables, x.turns)
    masks = self.masks(x, t)
    span = t + fresh
    ck = annotate(List[Tensor], [])
    cv = annotate(List[Tensor], [])
    y = self.embed(x.tokens, w)
    for l in range(${L}):
      wl = self.weights_of(w, l)
      y, z = self.layer(y, wl, l, self.factors_of(la, l), self.factors_of(lb, l), turns, masks, x, b, t)
      k = torch.zeros([b, ${K}, span, ${D}], dtype=${dtype}${on})
      v = torch.zeros([b, ${K}, span, ${D}], dtype=${dtype}${on})
      zk = z.k
<#if norms.heads>
      zk = self.turn_heads(torch.empty_like(zk), zk, l, turns, wl.k_norm)
</#if>
      u = torch.copy_(torch.narrow(k, 2, 0, t), self.spread(zk, x.pad, b, t))
      u = torch.copy_(torch.narrow(v, 2, 0, t), self.spread(z.v, x.pad, b, t))
      ck.append(k)
      cv.append(v)
    out = torch.full([b, fresh], -1, dtype=4${on})
    rows = torch.arange(b, dtype=4${on})
    done = torch.zeros([b], dtype=11${on})
    m = b
    lane = torch.mul(torch.arange(b * ${K}, dtype=4${on}), span)
    place = torch.arange(span, dtype=4${on})
    next = self.pick(y, w)
    n = 0
    going = True
    while going:
      done = torch.logical_or(done, torch.isin(next, stops))
      u = torch.index_copy_(torch.select(out, 1, n), 0, rows, torch.masked_fill(next, done, -1))
      n = n + 1
      left = m - int(torch.sum(done))
      going = n < fresh and left > 0
      if going:
        if 2 * left <= m:
          keep = torch.view(torch.nonzero(torch.logical_not(done)), [-1])
          rows = torch.index_select(rows, 0, keep)
          next = torch.index_select(next, 0, keep)
          lengths = torch.index_select(lengths, 0, keep)
          done = torch.zeros([left], dtype=11${on})
          lane = torch.narrow(lane, 0, 0, left * ${K})
          for l in range(${L}):
            kept = torch._set_item(ck, l, torch.index_select(ck[l], 0, keep))
            kept = torch._set_item(cv, l, torch.index_select(cv[l], 0, keep))
          m = left
        at = torch.add(lengths, n - 1)
        s = t + n
        slot = torch.add(lane, torch.repeat_interleave(at, ${K}))
        ahead = torch.sub(torch.unsqueeze(torch.narrow(place, 0, 0, s), 0), torch.unsqueeze(at, 1))
        hidden = torch.gt(ahead, 0)
        all = torch.view(torch.masked_fill(torch.zeros([m, s], dtype=6${on}), hidden, -${attention.infinity}), [m, 1, 1, s])
        near = all
<#if attention.window gt 0>
        hidden = torch.logical_or(hidden, torch.le(ahead, -${attention.window}))
        near = torch.view(torch.masked_fill(torch.zeros([m, s], dtype=6${on}), hidden, -${attention.infinity}), [m, 1, 1, s])
</#if>
        steps = self.turns(tables, <#if rotation.longFrom gt 0>self.long_rows(tables, at)<#else>at</#if>)
        y = self.embed(next, w)
        for l in range(${L}):
          y = self.decode(y, self.weights_of(w, l), l, self.factors_of(la, l), self.factors_of(lb, l), steps, ck[l], cv[l], slot, [all, near], s)
        next = self.pick(y, w)
    return [out]
<#if rotation.longFrom gt 0>

  # Rows of tables whose second half is for documents of more than ${rotation.longFrom} tokens.
  def long_rows(self, tables: List[Tensor], at: Tensor) -> Tensor:
    half = torch.size(tables[0], 0) // 2
    return torch.where(torch.ge(at, ${rotation.longFrom}), torch.add(at, half), at)
</#if>
