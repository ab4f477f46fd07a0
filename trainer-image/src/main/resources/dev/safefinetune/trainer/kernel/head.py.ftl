<#--
  The head and its losses, on label rows only and in chunks of rows, so that logits [chunk, V] never exist for more than one
  chunk and are never kept for a backward pass. Cross-entropy's gradient in the logits is softmax(z) − onehot(target); that of
  KL(p ‖ q) in q's logits is q − p.
-->
  # Normed hidden states [n, C] to logits [n, V].
  def logits_of(self, h: Tensor, w: List[Tensor]) -> Tensor:
<#if stored>
    z = torch.empty([torch.size(h, 0), torch.size(${w.head}, 0)], dtype=${dtype})
    self.multiply(z, h, ${w.head})
<#else>
    z = torch.mm(h, torch.t(${w.head}))
</#if>
<#if half>
    z = torch.to(z, 6)
</#if>
<#if scales.logits??>
    z = torch.mul_(z, ${scales.logits})
</#if>
<#if scales.logitsCap??>
    z = torch.mul_(torch.tanh_(torch.mul_(z, 1.0 / ${scales.logitsCap})), ${scales.logitsCap})
</#if>
    return z

<#if scales.logitsCap??>
  # Of the cap, from its output: 1 − (z / c)².
  def slope(self, z: Tensor) -> Tensor:
    s = torch.mul(z, 1.0 / ${scales.logitsCap})
    return torch.rsub(torch.mul_(s, s), 1.0)

</#if>
  # Gradient in the logits to that in the product with the head.
  def logits_back(self, dz: Tensor<#if scales.logitsCap??>, slope: Tensor</#if>) -> Tensor:
<#if scales.logitsCap??>
    dz = torch.mul_(dz, slope)
</#if>
<#if scales.logits??>
    dz = torch.mul_(dz, ${scales.logits})
</#if>
    return <@narrow "dz"/>

<#macro from_head dh dz><#if stored>self.multiply_back(${dh}, 0.0, ${dz}, ${w.head})<#else>torch.copy_(${dh}, torch.mm(${dz}, ${w.head}))</#if></#macro>
  def nll_chunk(self, z: Tensor, target: Tensor) -> Tuple[Tensor, Tensor]:
    lse = torch.logsumexp(z, [1], True)
    return (torch.squeeze(torch.sub(lse, torch.gather(z, 1, torch.unsqueeze(target, 1))), 1), lse)

  # Negative log-likelihood [M] of the targets, and the most likely tokens [M].
  def head_score(self, y: Tensor, w: List[Tensor], target: Tensor, chunk: int) -> List[Tensor]:
    h = self.norm(y, self.rstd(y), ${w.norm})
    n = torch.size(h, 0)
    nll = torch.empty([n], dtype=6${on})
    top = torch.empty([n], dtype=4${on})
    i = 0
    while i < n:
      m = min(chunk, n - i)
      z = self.logits_of(torch.narrow(h, 0, i, m), w)
      a, lse = self.nll_chunk(z, torch.narrow(target, 0, i, m))
      u = torch.copy_(torch.narrow(nll, 0, i, m), a)
      u = torch.copy_(torch.narrow(top, 0, i, m), torch.argmax(z, 1))
      i = i + m
    return [nll, top]

  # Negative log-likelihood [M], and the gradient of weight times its sum in y [M, C].
  def head_nll(self, y: Tensor, w: List[Tensor], target: Tensor, chunk: int, weight: float, gw: List[Tensor]) -> List[Tensor]:
    r = self.rstd(y)
    h = self.norm(y, r, ${w.norm})
    n = torch.size(h, 0)
    nll = torch.empty([n], dtype=6${on})
    dh = torch.empty_like(h)
    i = 0
    while i < n:
      m = min(chunk, n - i)
      hc = torch.narrow(h, 0, i, m)
      tc = torch.narrow(target, 0, i, m)
      z = self.logits_of(hc, w)
<#if scales.logitsCap??>
      slope = self.slope(z)
</#if>
      a, lse = self.nll_chunk(z, tc)
      u = torch.copy_(torch.narrow(nll, 0, i, m), a)
      z = torch.exp_(torch.sub_(z, lse))
      z = torch.scatter_add_(z, 1, torch.unsqueeze(tc, 1), torch.neg(torch.ones([m, 1], dtype=6${on})))
      z = self.logits_back(torch.mul_(z, weight)<#if scales.logitsCap??>, slope</#if>)
      u = <@from_head "torch.narrow(dh, 0, i, m)" "z"/>
      if torch.size(${gw.head}, 0) > 0:
        u = <@add_product to=gw.head left="torch.t(z)" right="hc"/>
      i = i + m
    self.gain_back(${gw.norm}, dh, y, r)
    return [nll, self.norm_back(dh, y, r, ${w.norm})]

  # KL(base ‖ y) [M] of next tokens, and the gradient of weight times its sum in y [M, C].
  def head_kl(self, base: Tensor, y: Tensor, w: List[Tensor], chunk: int, weight: float) -> List[Tensor]:
    hb = self.norm(base, self.rstd(base), ${w.norm})
    r = self.rstd(y)
    h = self.norm(y, r, ${w.norm})
    n = torch.size(h, 0)
    kl = torch.empty([n], dtype=6${on})
    dh = torch.empty_like(h)
    i = 0
    while i < n:
      m = min(chunk, n - i)
      p = torch.log_softmax(self.logits_of(torch.narrow(hb, 0, i, m), w), 1)
      z = self.logits_of(torch.narrow(h, 0, i, m), w)
      q = torch.log_softmax(z, 1)
      e = torch.exp(p)
      u = torch.copy_(torch.narrow(kl, 0, i, m), torch.sum(torch.mul_(torch.sub_(p, q), e), [1]))
      q = self.logits_back(torch.mul_(torch.sub_(torch.exp_(q), e), weight)<#if scales.logitsCap??>, self.slope(z)</#if>)
      u = <@from_head "torch.narrow(dh, 0, i, m)" "q"/>
      i = i + m
    return [kl, self.norm_back(dh, y, r, ${w.norm})]
