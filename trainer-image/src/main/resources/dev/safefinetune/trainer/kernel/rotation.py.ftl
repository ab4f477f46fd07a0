<#-- Rotary position embedding (Su et al., arXiv 2104.09864) on the first ${rotation.width} of a head's ${D} numbers. -->
  def turn(self, tables: List[Tensor], kind: int, rows: Tensor) -> __torch__.Turn:
    return __torch__.Turn(torch.unsqueeze(torch.index_select(tables[2 * kind], 0, rows), 1), torch.unsqueeze(torch.index_select(tables[2 * kind + 1], 0, rows), 1))

  def turns(self, tables: List[Tensor], rows: Tensor) -> List[__torch__.Turn]:
    found = annotate(List[__torch__.Turn], [])
    for kind in range(${rotation.kinds}):
      found.append(self.turn(tables, kind, rows))
    return found

  # Backward: turned the other way.
  def rope_back(self, x: Tensor, turn: __torch__.Turn) -> Tensor:
    return self.rope_into(torch.empty_like(x), x, turn.cos, torch.neg(turn.sin))

  def rope_into(self, y: Tensor, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    a = torch.narrow(x, 2, 0, ${rotation.half})
    b = torch.narrow(x, 2, ${rotation.half}, ${rotation.half})
    u = torch.copy_(torch.narrow(y, 2, 0, ${rotation.half}), torch.addcmul_(torch.mul(a, cos), b, sin, value=-1.0))
    u = torch.copy_(torch.narrow(y, 2, ${rotation.half}, ${rotation.half}), torch.addcmul_(torch.mul(b, cos), a, sin))
<#if rotation.rest gt 0>
    u = torch.copy_(torch.narrow(y, 2, ${rotation.width}, ${rotation.rest}), torch.narrow(x, 2, ${rotation.width}, ${rotation.rest}))
</#if>
    return y
<#if rotation.some>

  # Which table a layer turns by; none where it knows no positions.
  def rotation_of(self, l: int) -> int:
    return [<#list rotation.perLayer as kind>${kind}<#sep>, </#list>][l]
</#if>
