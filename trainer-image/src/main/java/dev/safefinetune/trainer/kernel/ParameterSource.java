package dev.safefinetune.trainer.kernel;

/** Source of what is done to parameters: read, stacked, merged, cast and stepped. */
final class ParameterSource {
    private ParameterSource() {}

    static final String SOURCE = """
              def mapped(self, path: str, type: int, n: int) -> List[Tensor]:
                return [torch.from_file(path, False, n, dtype=type)]

              def part(self, x: List[Tensor], offset: int, size: List[int], stride: List[int]) -> List[Tensor]:
                y = torch.as_strided(x[0], size, stride, offset)
                return [torch.to(y, 6)]

              def span(self, x: List[Tensor], start: int, n: int) -> List[Tensor]:
                return [torch.narrow(torch.view(x[0], [-1]), 0, start, n)]

              def zeros(self, n: int) -> List[Tensor]:
                return [torch.zeros([n], dtype=6)]

              def views(self, x: List[Tensor], offset: List[int], rows: List[int], columns: List[int]) -> List[Tensor]:
                out = annotate(List[Tensor], [])
                for i in range(len(offset)):
                  if columns[i] > 0:
                    out.append(torch.view(torch.narrow(x[0], 0, offset[i], rows[i] * columns[i]), [rows[i], columns[i]]))
                  else:
                    out.append(torch.narrow(x[0], 0, offset[i], rows[i]))
                return out

              def copy(self, to: List[Tensor], x: List[Tensor]) -> List[Tensor]:
                for i in range(len(to)):
                  u = torch.copy_(to[i], x[i])
                return annotate(List[Tensor], [])

              def copies(self, x: List[Tensor]) -> List[Tensor]:
                out = annotate(List[Tensor], [])
                for t in x:
                  out.append(torch.clone(t))
                return out

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
                      pa.append(a[i])
                      pb.append(torch.mul(b[i], scale[i]))
                  if len(pa) == 0:
                    oa.append(torch.empty([0, 0], dtype=6))
                    ob.append(torch.empty([0, 0], dtype=6))
                  elif len(pa) == 1:
                    oa.append(pa[0])
                    ob.append(pb[0])
                  else:
                    oa.append(torch.cat(pa, 0))
                    ob.append(torch.cat(pb, 1))
                return oa + ob

              def merged(self, w: List[Tensor], a: List[Tensor], b: List[Tensor], scale: float) -> List[Tensor]:
                return [torch.add(w[0], torch.mul(torch.mm(b[0], a[0]), scale))]

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
            """;
}
