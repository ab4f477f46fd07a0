<#--
  A decoder's kernels, as TorchScript serialises a module: forward and backward by hand, see docs/adr/0012.

  Shapes: N tokens of a micro-batch without padding, B documents, T longest document, C residual width, F feed-forward
  width, H query heads, K key and value heads, D head width, R rank of all attached adapters together, M label rows,
  V vocabulary. "None" is a tensor without elements: a weight that is frozen has a gradient that is none.
-->
<#--
  In bfloat16, where the hardware multiplies that faster (half), values pass between operations in it. Elsewhere (stored)
  weights and kept values are in it, of type store, and the values between operations are float32. Statistics, softmax and
  losses are float32 in either.
-->
<#macro wide x><#if half || stored>torch.to(${x}, 6)<#else>${x}</#if></#macro>
<#macro narrow x><#if half>torch.to(${x}, ${dtype})<#else>${x}</#if></#macro>
<#-- A weight or kept value to compute with; a value to keep; the type of a new tensor that is like a kept one. -->
<#macro read x><#if stored>torch.to(${x}, ${dtype})<#else>${x}</#if></#macro>
<#macro keep x><#if stored>torch.to(${x}, ${store})<#else>${x}</#if></#macro>
<#macro computed><#if stored>, dtype=${dtype}</#if></#macro>
<#-- to + scale · left·right, where to is a float32 gradient. -->
<#macro add_product to left right scale="1.0"><#if half>torch.add_(${to}, torch.mm(${left}, ${right}), alpha=${scale})<#elseif scale == "1.0">torch.addmm_(${to}, ${left}, ${right})<#else>torch.addmm_(${to}, ${left}, ${right}, alpha=${scale})</#if></#macro>
<#include "types.py.ftl">
class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def forward(self, x: Tensor) -> Tensor:
    return x

<#include "linear.py.ftl">

<#include "norm.py.ftl">

<#include "rotation.py.ftl">

<#include "attention.py.ftl">

<#include "projections.py.ftl">

<#include "layer.py.ftl">

<#include "head.py.ftl">

<#include "passes.py.ftl">

<#include "generation.py.ftl">

<#include "parameters.py.ftl">
