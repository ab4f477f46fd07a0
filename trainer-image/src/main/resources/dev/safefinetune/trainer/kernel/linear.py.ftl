<#-- Linear layers with low-rank factors: y = x·Wᵀ + (x·Aᵀ)·Bᵀ, B with the scale in it. -->
  # x·Aᵀ [N, R]; none where no adapter touches the layer.
  def low(self, x: Tensor, a: Tensor) -> Tensor:
    y = a
    if torch.size(a, 0) > 0:
      y = torch.mm(x, torch.t(a))
    return y

<#if stored>
  # x·Wᵀ into y. W is read in blocks of rows, so that a block stays in the processor's cache and its memory in the heap.
  def multiply(self, y: Tensor, x: Tensor, w: Tensor) -> None:
    n = torch.size(w, 0)
    block = self.block(w)
    i = 0
    while i < n:
      m = min(block, n - i)
      u = torch.mm(x, torch.t(<@read "torch.narrow(w, 0, i, m)"/>), out=torch.narrow(y, 1, i, m))
      i = i + m

  # dx becomes beta·dx + dy·W.
  def multiply_back(self, dx: Tensor, beta: float, dy: Tensor, w: Tensor) -> Tensor:
    n = torch.size(w, 0)
    block = self.block(w)
    i = 0
    while i < n:
      m = min(block, n - i)
      u = torch.addmm_(dx, torch.narrow(dy, 1, i, m), <@read "torch.narrow(w, 0, i, m)"/>, beta=beta)
      beta = 1.0
      i = i + m
    return dx

  def block(self, w: Tensor) -> int:
    return max(256, 1048576 // torch.size(w, 1))

  def linear(self, x: Tensor, w: Tensor, xa: Tensor, a: Tensor, b: Tensor) -> Tensor:
    y = torch.empty([torch.size(x, 0), torch.size(w, 0)], dtype=${dtype})
    self.multiply(y, x, w)
    if torch.size(a, 0) > 0:
      u = torch.addmm_(y, xa, torch.t(b))
    return y

  # The same into y [N, out], which is kept.
  def project(self, y: Tensor, x: Tensor, w: Tensor, xa: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return torch.copy_(y, self.linear(x, w, xa, a, b))
<#else>
  def linear(self, x: Tensor, w: Tensor, xa: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return self.project(torch.empty([torch.size(x, 0), torch.size(w, 0)], dtype=${dtype}${on}), x, w, xa, a, b)

  # The same into y [N, out].
  def project(self, y: Tensor, x: Tensor, w: Tensor, xa: Tensor, a: Tensor, b: Tensor) -> Tensor:
    u = torch.mm(x, torch.t(w), out=y)
    if torch.size(a, 0) > 0:
      u = torch.addmm_(y, xa, torch.t(b))
    return y
</#if>

  # Backward. dx becomes beta·dx plus the gradient in x; the factors' gradients of the adapter that learns, the first in
  # the stack, and the weight's are added to.
  def back(self, dx: Tensor, beta: float, dy: Tensor, x: Tensor, xa: Tensor, w: Tensor, a: Tensor, b: Tensor, gw: Tensor, ga: Tensor, gb: Tensor, scale: float) -> None:
    if torch.size(gw, 0) > 0:
      u = <@add_product to="gw" left="torch.t(dy)" right="x"/>
    t = dy
    if torch.size(a, 0) > 0:
      t = torch.mm(dy, b)
      r = torch.size(ga, 0)
      if r > 0:
        u = <@add_product to="gb" left="torch.t(dy)" right="torch.narrow(xa, 1, 0, r)" scale="scale"/>
        u = <@add_product to="ga" left="torch.t(torch.narrow(t, 1, 0, r))" right="x"/>
    if torch.size(dx, 0) > 0:
<#if stored>
      u = self.multiply_back(dx, beta, dy, w)
<#else>
      u = torch.addmm_(dx, dy, w, beta=beta)
</#if>
      if torch.size(a, 0) > 0:
        u = torch.addmm_(dx, t, a)

  # Gradient of a bias.
  def bias_back(self, g: Tensor, dy: Tensor) -> None:
    if torch.size(g, 0) > 0:
      u = torch.add_(g, torch.sum(<@wide "dy"/>, [0]))

  # n rows of c numbers in a slab. Kept tensors share one, so that they do not chop up the heap between passing ones.
  def place(self, slab: Tensor, at: int, n: int, c: int) -> Tensor:
    return torch.view(torch.narrow(slab, 0, at, n * c), [n, c])
