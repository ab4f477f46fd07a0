<#-- What is done to parameters: read, stacked, merged, cast and stepped. -->
  def mapped(self, path: str, type: int, n: int) -> List[Tensor]:
    return [torch.from_file(path, False, n, dtype=type)]

  def part(self, x: List[Tensor], offset: int, size: List[int], stride: List[int], type: int) -> List[Tensor]:
    y = torch.as_strided(x[0], size, stride, offset)
<#if on != "">
    y = torch.to(y, ${device})
</#if>
    return [torch.to(y, type)]

  # A copy in this machine's memory; the tensor itself where it lies there.
  def home(self, x: List[Tensor]) -> List[Tensor]:
    return [torch.contiguous(torch.to(x[0], torch.device("cpu")))]

  def span(self, x: List[Tensor], start: int, n: int) -> List[Tensor]:
    return [torch.narrow(torch.view(x[0], [-1]), 0, start, n)]

  def zeros(self, n: int) -> List[Tensor]:
    return [torch.zeros([n], dtype=6${on})]

  # One after the other.
  def views(self, x: List[Tensor], rows: List[int], columns: List[int]) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    at = 0
    for i in range(len(rows)):
      n = rows[i]
      if columns[i] > 0:
        n = n * columns[i]
        out.append(torch.view(torch.narrow(x[0], 0, at, n), [rows[i], columns[i]]))
      else:
        out.append(torch.narrow(x[0], 0, at, n))
      at = at + n
    return out

  def copy(self, to: List[Tensor], x: List[Tensor]) -> List[Tensor]:
    for i in range(len(to)):
      u = torch.copy_(to[i], x[i])
    return annotate(List[Tensor], [])

  def zero(self, x: List[Tensor]) -> List[Tensor]:
    u = torch.zero_(x[0])
    return annotate(List[Tensor], [])

  # Gradients gathered elsewhere; those are zero afterwards.
  def gather(self, to: List[Tensor], x: List[Tensor]) -> List[Tensor]:
    u = torch.add_(to[0], torch.to(x[0], ops.prim.device(to[0])))
    u = torch.zero_(x[0])
    return annotate(List[Tensor], [])

  def stack(self, a: List[Tensor], b: List[Tensor], scale: List[float], n: int) -> List[Tensor]:
    oa = annotate(List[Tensor], [])
    ob = annotate(List[Tensor], [])
    slots = len(a) // n
    for s in range(slots):
      pa = annotate(List[Tensor], [])
      pb = annotate(List[Tensor], [])
      for j in range(n):
        i = s * n + j
        if torch.size(a[i], 0) > 0:
          pa.append(<@narrow "a[i]"/>)
          pb.append(<@narrow "torch.mul(b[i], scale[i])"/>)
      if len(pa) == 0:
        oa.append(torch.empty([0, 0], dtype=${dtype}${on}))
        ob.append(torch.empty([0, 0], dtype=${dtype}${on}))
      elif len(pa) == 1:
        oa.append(pa[0])
        ob.append(pb[0])
      else:
        oa.append(torch.cat(pa, 0))
        ob.append(torch.cat(pb, 1))
    return oa + ob

  def merged(self, w: List[Tensor], a: List[Tensor], b: List[Tensor], scale: float) -> List[Tensor]:
    p = torch.mul(torch.mm(b[0], a[0]), scale)
<#if on != "">
    p = torch.to(p, ops.prim.device(w[0]))
</#if>
    return [torch.add(w[0], p)]

  def cast(self, x: List[Tensor], type: int) -> List[Tensor]:
    return [torch.contiguous(torch.to(x[0], type))]

  def norms(self, x: List[Tensor]) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    for t in x:
      out.append(torch.norm(t))
    return [torch.stack(out, 0)]

  def product_norms(self, a: List[Tensor], b: List[Tensor]) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    for i in range(len(a)):
      out.append(torch.norm(torch.mm(b[i], a[i])))
    return [torch.stack(out, 0)]

  def scale(self, x: List[Tensor], by: List[float]) -> List[Tensor]:
    for i in range(len(x)):
      u = torch.mul_(x[i], by[i])
    return annotate(List[Tensor], [])

  def adamw(self, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], step: List[Tensor], rate: float, beta1: float, beta2: float, decay: float, epsilon: float, shrink: float) -> List[Tensor]:
    if shrink < 1.0:
      u = torch.mul_(g[0], shrink)
    none = annotate(List[Tensor], [])
    u = torch.add_(step[0], 1)
    torch._fused_adamw_(p, g, m, v, none, step, lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False)
    u = torch.zero_(g[0])
    return annotate(List[Tensor], [])
