# The tokens of a micro-batch, one document after the other.
class Batch(NamedTuple):
  tokens : Tensor     # [N]
  positions : Tensor  # [N], each within its document
  turns : Tensor      # [N], rows of the rotary tables
  pad : Tensor        # [B * T], the token of each padded slot; none where nothing is padded
  slots : Tensor      # [N], the padded slot of each token; none likewise
  rows : Tensor       # [M], tokens whose successor is a label
  targets : Tensor    # [M], the labels
  mask : Tensor       # [1, 1, T, T], added to the scores; none for causal attention
  starts : Tensor     # [B + 1], int32: the first token of each document, and N

# Cosine and sine of each token's angles, [N, 1, D / 2] each.
class Turn(NamedTuple):
  cos : Tensor
  sin : Tensor

# Weights of a layer, or their gradients.
class LayerWeights(NamedTuple):
<#list layer.weights as name>
  ${name} : Tensor
</#list>

# One tensor for each linear layer: factors A [R, in] or B [out, R], their gradients, or products x·Aᵀ [N, R].
class LayerFactors(NamedTuple):
<#list layer.linears as name>
  ${name} : Tensor
</#list>

# What attention gives, as its backward takes it.
class Attended(NamedTuple):
<#if attention.varlen>
  o : Tensor        # [N, H, D] or [1, N, H, D]
  lse : Tensor      # log of the sum of exponentials, as the attention lays it out
  seed : Tensor     # of dropout, which there is none of
  offset : Tensor   # likewise
<#else>
  o : Tensor        # [B, H, T, D]
  lse : Tensor      # [B, H, T]
</#if>

# What a layer keeps between forward and backward. Norms, activations and padded copies are made again.
class Kept(NamedTuple):
  x : Tensor        # [N, C]
  q : Tensor        # [N, H, D], turned; before its norm where heads are normed
  k : Tensor        # [N, K, D], likewise
  v : Tensor        # [N, K, D]
  attention : __torch__.Attended
  mid : Tensor      # [M, C], between attention and feed-forward
  gate : Tensor     # [M, F]
  up : Tensor       # [M, F]
<#if norms.after>
  attended : Tensor # [M, C], before the norm behind the attention
  fed : Tensor      # [M, C], before the norm behind the feed-forward
</#if>
  low : __torch__.LayerFactors

