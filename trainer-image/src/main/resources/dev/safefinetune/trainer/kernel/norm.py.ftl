<#-- Root-mean-square norms (Zhang and Sennrich, arXiv 1910.07467): h = x · r · g with r = 1 / √(mean(x²) + ε). -->
  # r [.., 1]
  def rstd(self, x: Tensor) -> Tensor:
    x = <@wide "x"/>
    return torch.rsqrt(torch.add(torch.mean(torch.mul(x, x), [-1], True), ${norms.epsilon}))

<#if norms.offset>
  # The file holds g − 1.
  def gain(self, w: Tensor) -> Tensor:
    return torch.add(<@wide "w"/>, 1.0)

</#if>
<#macro gain w><#if norms.offset>self.gain(${w})<#else>${w}</#if></#macro>
  def norm(self, x: Tensor, r: Tensor, w: Tensor) -> Tensor:
    h = torch.mul_(torch.mul(x, r), <@gain "w"/>)
    return <@narrow "h"/>

  # Gradient in x.
  def norm_back(self, dh: Tensor, x: Tensor, r: Tensor, w: Tensor) -> Tensor:
    d = torch.mul(<@wide "dh"/>, <@gain "w"/>)
    c = torch.mul(torch.mean(torch.mul(d, x), [-1], True), torch.mul(torch.mul(r, r), r))
    d = torch.addcmul_(torch.mul_(d, r), <@wide "x"/>, c, value=-1.0)
    return <@narrow "d"/>

  # Gradient in g, whose width is x's last.
  def gain_back(self, g: Tensor, dh: Tensor, x: Tensor, r: Tensor) -> None:
    if torch.size(g, 0) > 0:
      u = torch.add_(g, torch.sum(torch.reshape(torch.mul_(torch.mul(x, r), dh), [-1, torch.size(g, 0)]), [0]))
