<#--
  Whole passes through the model, one native call each. The arguments: all weights w, factors la and lb by layer and linear
  layer, the batch's tensors x and its B and T, the rotary tables.
-->
  def batch(self, x: List[Tensor]) -> __torch__.Batch:
    return __torch__.Batch(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8])

  # [N, C]
  def embed(self, tokens: Tensor, w: List[Tensor]) -> Tensor:
    y = torch.index_select(${w.embedding}, 0, tokens)
<#if scales.embedding??>
    y = torch.mul_(y, ${scales.embedding})
</#if>
    return y

  # Output of the last layer on label rows [M, C].
  def hidden(self, w: List[Tensor], la: List[Tensor], lb: List[Tensor], x: __torch__.Batch, b: int, t: int, tables: List[Tensor]) -> Tensor:
    turns = self.turns(tables, x.turns)
    masks = self.masks(x, t)
    y = self.embed(x.tokens, w)
    for l in range(${L}):
      y = self.layer(y, self.weights_of(w, l), l, self.factors_of(la, l), self.factors_of(lb, l), turns, masks, x, b, t)[0]
    return y

  # The same, as an anchor keeps it.
  def states(self, w: List[Tensor], la: List[Tensor], lb: List[Tensor], x: List[Tensor], b: int, t: int, tables: List[Tensor]) -> List[Tensor]:
    y = self.hidden(w, la, lb, self.batch(x), b, t, tables)
    return [torch.contiguous(<@wide "y"/>)]

  def score(self, w: List[Tensor], la: List[Tensor], lb: List[Tensor], x: List[Tensor], b: int, t: int, tables: List[Tensor], chunk: int) -> List[Tensor]:
    return self.head_score(self.hidden(w, la, lb, self.batch(x), b, t, tables), w, x[6], chunk)

  def logits(self, w: List[Tensor], la: List[Tensor], lb: List[Tensor], x: List[Tensor], b: int, t: int, tables: List[Tensor]) -> List[Tensor]:
    y = self.hidden(w, la, lb, self.batch(x), b, t, tables)
    return [self.logits_of(self.norm(y, self.rstd(y), ${w.norm}), w)]

  # Log-probability [E] of each edge: a target after one of the rows. Several edges may share a row.
  def log_probabilities(self, w: List[Tensor], la: List[Tensor], lb: List[Tensor], x: List[Tensor], b: int, t: int, tables: List[Tensor], chunk: int, edge: List[Tensor]) -> List[Tensor]:
    edges = edge[0]
    targets = x[6]
    y = self.hidden(w, la, lb, self.batch(x), b, t, tables)
    h = self.norm(y, self.rstd(y), ${w.norm})
    n = torch.size(h, 0)
    out = annotate(List[Tensor], [])
    i = 0
    while i < n:
      m = min(chunk, n - i)
      z = torch.log_softmax(self.logits_of(torch.narrow(h, 0, i, m), w), 1)
      e = torch.sub(edges, i)
      inside = torch.nonzero(torch.mul(torch.ge(e, 0), torch.lt(e, m)))
      inside = torch.view(inside, [-1])
      e = torch.index_select(e, 0, inside)
      v = torch.gather(torch.index_select(z, 0, e), 1, torch.unsqueeze(torch.index_select(targets, 0, inside), 1))
      out.append(torch.view(v, [-1]))
      i = i + m
    return [torch.cat(out, 0)]

  def input_alone(self, x: Tensor, f: __torch__.LayerFactors) -> __torch__.Kept:
    none = __torch__.Attended(x, x<#if attention.varlen>, x, x</#if>)
    return __torch__.Kept(x, x, x, x, none, x, x, x, <#if norms.after>x, x, </#if>f)

  # Forward, keeping what backward needs. With checkpointing (saving) that is each layer's input.
  def remember(self, w: List[Tensor], la: List[Tensor], lb: List[Tensor], turns: List[__torch__.Turn], masks: List[Tensor], x: __torch__.Batch, b: int, t: int, saving: bool) -> Tuple[Tensor, List[__torch__.Kept]]:
    kept = annotate(List[__torch__.Kept], [])
    y = self.embed(x.tokens, w)
    for l in range(${L}):
      f = self.factors_of(la, l)
      y, z = self.layer(y, self.weights_of(w, l), l, f, self.factors_of(lb, l), turns, masks, x, b, t)
      if saving:
        kept.append(self.input_alone(z.x, f))
      else:
        kept.append(z)
    return (y, kept)

  def backward(self, dy: Tensor, kept: List[__torch__.Kept], w: List[Tensor], la: List[Tensor], lb: List[Tensor], turns: List[__torch__.Turn], masks: List[Tensor], x: __torch__.Batch, b: int, t: int, saving: bool, gw: List[Tensor], ga: List[Tensor], gb: List[Tensor], scale: float) -> None:
    d = dy
    for j in range(${L}):
      l = ${L - 1} - j
      z = kept.pop()
      wl = self.weights_of(w, l)
      fa = self.factors_of(la, l)
      fb = self.factors_of(lb, l)
      if saving:
        z = self.layer(z.x, wl, l, fa, fb, turns, masks, x, b, t)[1]
      d = self.layer_back(d, z, wl, l, fa, fb, turns, masks, x, b, t, self.weights_of(gw, l), self.factors_of(ga, l), self.factors_of(gb, l), scale)
    if torch.size(${gw.embedding}, 0) > 0:
<#if scales.embedding??>
      d = torch.mul(d, ${scales.embedding})
</#if>
      u = torch.index_add_(${gw.embedding}, 0, x.tokens, <@wide "d"/>)

  # Adds the gradient of weight · Σ negative log-likelihood to gw, ga, gb; gives the likelihoods [M].
  def nll_step(self, w: List[Tensor], la: List[Tensor], lb: List[Tensor], xs: List[Tensor], b: int, t: int, tables: List[Tensor], chunk: int, weight: float, saving: bool, gw: List[Tensor], ga: List[Tensor], gb: List[Tensor], scale: float) -> List[Tensor]:
    x = self.batch(xs)
    turns = self.turns(tables, x.turns)
    masks = self.masks(x, t)
    y, kept = self.remember(w, la, lb, turns, masks, x, b, t, saving)
    found = self.head_nll(y, w, x.targets, chunk, weight, gw)
    self.backward(found[1], kept, w, la, lb, turns, masks, x, b, t, saving, gw, ga, gb, scale)
    return [found[0]]

  # Adds the gradient of weight · Σ KL(model with oa, ob ‖ model with la, lb); gives the divergences [M].
  def kl_step(self, w: List[Tensor], oa: List[Tensor], ob: List[Tensor], la: List[Tensor], lb: List[Tensor], xs: List[Tensor], b: int, t: int, tables: List[Tensor], chunk: int, weight: float, saving: bool, gw: List[Tensor], ga: List[Tensor], gb: List[Tensor], scale: float) -> List[Tensor]:
    x = self.batch(xs)
    turns = self.turns(tables, x.turns)
    masks = self.masks(x, t)
    base = self.hidden(w, oa, ob, x, b, t, tables)
    y, kept = self.remember(w, la, lb, turns, masks, x, b, t, saving)
    found = self.head_kl(base, y, w, chunk, weight)
    self.backward(found[1], kept, w, la, lb, turns, masks, x, b, t, saving, gw, ga, gb, scale)
    return [found[0]]

  # Adds the gradient of weight · Σ ‖y − anchor‖², y the output of the last layer on label rows; gives the squares [M].
  def anchor_step(self, w: List[Tensor], la: List[Tensor], lb: List[Tensor], xs: List[Tensor], b: int, t: int, tables: List[Tensor], anchor: List[Tensor], weight: float, saving: bool, gw: List[Tensor], ga: List[Tensor], gb: List[Tensor], scale: float) -> List[Tensor]:
    x = self.batch(xs)
    turns = self.turns(tables, x.turns)
    masks = self.masks(x, t)
    y, kept = self.remember(w, la, lb, turns, masks, x, b, t, saving)
    d = torch.sub(<@wide "y"/>, anchor[0])
    found = torch.sum(torch.mul(d, d), [1])
    d = torch.mul_(d, 2.0 * weight)
    self.backward(<@narrow "d"/>, kept, w, la, lb, turns, masks, x, b, t, saving, gw, ga, gb, scale)
    return [found]
