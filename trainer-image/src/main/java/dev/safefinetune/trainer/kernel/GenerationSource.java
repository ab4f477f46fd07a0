package dev.safefinetune.trainer.kernel;

/**
 * Source of greedy generation for a batch of prompts in one native call.
 *
 * <p>Keys and values of each layer lie in caches {@code [B, K, S, D]} with S the longest prompt plus the most new tokens; a
 * document's next token goes to its own position, so that documents of different lengths need no padding on the left.
 */
final class GenerationSource {
    private GenerationSource() {}

    static final String SOURCE = """
              def decode(self, y0: Tensor, w: List[Tensor], l: int, la: List[Tensor], lb: List[Tensor], cos: Tensor, sin: Tensor, ck: Tensor, cv: Tensor, slot: Tensor, mask: Tensor, s: int) -> Tensor:
                i = 1 + l * @STRIDE@
                e = l * 7
                b = torch.size(y0, 0)
                h = self.norm(y0, self.rstd(y0), w[i])
                q = self.linear(h, w[i + 2], self.low(h, la[e]), la[e], lb[e])
                k = self.linear(h, w[i + 3], self.low(h, la[e + 1]), la[e + 1], lb[e + 1])
                v = self.linear(h, w[i + 4], self.low(h, la[e + 2]), la[e + 2], lb[e + 2])
            @QKV_BIAS@
                q = self.rope(torch.view(q, [b, @H@, @D@]), cos, sin)
                k = self.rope(torch.view(k, [b, @K@, @D@]), cos, sin)
                u = torch.index_copy_(torch.view(ck, [-1, @D@]), 0, slot, torch.reshape(k, [b * @K@, @D@]))
                u = torch.index_copy_(torch.view(cv, [-1, @D@]), 0, slot, torch.reshape(v, [b * @K@, @D@]))
                kc = torch.narrow(ck, 2, 0, s)
                vc = torch.narrow(cv, 2, 0, s)
                p = torch.matmul(torch.mul(torch.view(q, [b, @K@, @GROUP@, @D@]), @SCALE@), torch.transpose(kc, 2, 3))
                p = torch.softmax(torch.add_(p, mask), 3)
                o = torch.reshape(torch.matmul(p, vc), [b, @H@ * @D@])
                mid = self.linear(o, w[i + 5], self.low(o, la[e + 3]), la[e + 3], lb[e + 3])
            @O_BIAS@
                mid = torch.add_(mid, y0)
                h = self.norm(mid, self.rstd(mid), w[i + 1])
                g = self.linear(h, w[i + 6], self.low(h, la[e + 4]), la[e + 4], lb[e + 4])
                u = self.linear(h, w[i + 7], self.low(h, la[e + 5]), la[e + 5], lb[e + 5])
            @MLP_BIAS@
                act = torch.mul_(torch.silu(g), u)
                y = self.linear(act, w[i + 8], self.low(act, la[e + 6]), la[e + 6], lb[e + 6])
            @DOWN_BIAS@
                return torch.add_(y, mid)

              def pick(self, y: Tensor, w: List[Tensor]) -> Tensor:
                return torch.argmax(torch.mm(self.norm(y, self.rstd(y), w[@FINAL_NORM@]), torch.t(w[@HEAD@])), 1)

              def generate(self, w: List[Tensor], la: List[Tensor], lb: List[Tensor], x: List[Tensor], b: int, t: int, fresh: int, ends: List[Tensor]) -> List[Tensor]:
                lengths = ends[0]
                stops = ends[1]
                cos = self.turn(x[7], x)
                sin = self.turn(x[8], x)
                span = t + fresh
                ck = annotate(List[Tensor], [])
                cv = annotate(List[Tensor], [])
                y = torch.index_select(w[0], 0, x[0])
                for l in range(@L@):
                  z = self.layer(y, w, l, la, lb, cos, sin, x, b, t)
                  y = z[0]
                  k = torch.zeros([b, @K@, span, @D@], dtype=6)
                  v = torch.zeros([b, @K@, span, @D@], dtype=6)
                  u = torch.copy_(torch.narrow(k, 2, 0, t), self.spread(z[3], x[2], b, t))
                  u = torch.copy_(torch.narrow(v, 2, 0, t), self.spread(z[4], x[2], b, t))
                  ck.append(k)
                  cv.append(v)
                out = torch.full([b, fresh], -1, dtype=4)
                done = torch.zeros([b], dtype=11)
                lane = torch.mul(torch.arange(b * @K@, dtype=4), span)
                place = torch.arange(span, dtype=4)
                next = self.pick(y, w)
                n = 0
                going = True
                while going:
                  done = torch.logical_or(done, torch.isin(next, stops))
                  u = torch.copy_(torch.select(out, 1, n), torch.masked_fill(next, done, -1))
                  n = n + 1
                  going = n < fresh and not bool(torch.all(done))
                  if going:
                    at = torch.add(lengths, n - 1)
                    s = t + n
                    slot = torch.add(lane, torch.repeat_interleave(at, @K@))
                    mask = torch.zeros([b, s], dtype=6)
                    mask = torch.masked_fill(mask, torch.gt(torch.unsqueeze(torch.narrow(place, 0, 0, s), 0), torch.unsqueeze(at, 1)), -@INFINITY@)
                    mask = torch.view(mask, [b, 1, 1, s])
                    c = torch.unsqueeze(torch.index_select(x[7], 0, at), 1)
                    f = torch.unsqueeze(torch.index_select(x[8], 0, at), 1)
                    y = torch.index_select(w[0], 0, next)
                    for l in range(@L@):
                      y = self.decode(y, w, l, la, lb, c, f, ck[l], cv[l], slot, mask, s)
                    next = self.pick(y, w)
                return [out]
            """;
}
