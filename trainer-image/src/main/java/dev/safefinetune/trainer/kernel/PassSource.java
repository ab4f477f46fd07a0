package dev.safefinetune.trainer.kernel;

/**
 * Source of whole passes through the model, one native call each.
 *
 * <p>The batch {@code x} is a list: tokens {@code [N]}, positions {@code [N]}, pad {@code [B·T]} (the token of each padded
 * slot; empty where nothing is padded), flat {@code [N]} (the slot of each token; empty likewise), rows {@code [M]} (tokens
 * whose successor is a label), targets {@code [M]}, mask {@code [B, 1, T, T]} (added to the scores; empty for causal), and
 * the rotary tables {@code [P, D/2]} of cosines and sines.
 */
final class PassSource {
    private PassSource() {}

    static final String SOURCE = """
              def forward(self, x: Tensor) -> Tensor:
                return x

              def turn(self, table: Tensor, x: List[Tensor]) -> Tensor:
                return torch.unsqueeze(torch.index_select(table, 0, x[1]), 1)

              def hidden(self, w: List[Tensor], la: List[Tensor], lb: List[Tensor], x: List[Tensor], b: int, t: int) -> Tensor:
                cos = self.turn(x[7], x)
                sin = self.turn(x[8], x)
                y = torch.index_select(w[0], 0, x[0])
                for l in range(@L@):
                  y = self.layer(y, w, l, la, lb, cos, sin, x, b, t)[0]
                return y

              def score(self, w: List[Tensor], la: List[Tensor], lb: List[Tensor], x: List[Tensor], b: int, t: int, chunk: int) -> List[Tensor]:
                return self.head_score(self.hidden(w, la, lb, x, b, t), w, x[5], chunk)

              def logits(self, w: List[Tensor], la: List[Tensor], lb: List[Tensor], x: List[Tensor], b: int, t: int) -> List[Tensor]:
                y = self.hidden(w, la, lb, x, b, t)
                return [torch.mm(self.norm(y, self.rstd(y), w[@FINAL_NORM@]), torch.t(w[@HEAD@]))]

              def log_probabilities(self, w: List[Tensor], la: List[Tensor], lb: List[Tensor], x: List[Tensor], b: int, t: int, chunk: int, edge: List[Tensor]) -> List[Tensor]:
                edges = edge[0]
                y = self.hidden(w, la, lb, x, b, t)
                h = self.norm(y, self.rstd(y), w[@FINAL_NORM@])
                n = torch.size(h, 0)
                out = annotate(List[Tensor], [])
                i = 0
                while i < n:
                  m = min(chunk, n - i)
                  z = torch.log_softmax(torch.mm(torch.narrow(h, 0, i, m), torch.t(w[@HEAD@])), 1)
                  e = torch.sub(edges, i)
                  inside = torch.nonzero(torch.mul(torch.ge(e, 0), torch.lt(e, m)))
                  inside = torch.view(inside, [-1])
                  e = torch.index_select(e, 0, inside)
                  v = torch.gather(torch.index_select(z, 0, e), 1, torch.unsqueeze(torch.index_select(x[5], 0, inside), 1))
                  out.append(torch.view(v, [-1]))
                  i = i + m
                return [torch.cat(out, 0)]

              def remember(self, w: List[Tensor], la: List[Tensor], lb: List[Tensor], cos: Tensor, sin: Tensor, x: List[Tensor], b: int, t: int, saving: bool) -> List[List[Tensor]]:
                kept = annotate(List[List[Tensor]], [])
                y = torch.index_select(w[0], 0, x[0])
                for l in range(@L@):
                  z = self.layer(y, w, l, la, lb, cos, sin, x, b, t)
                  y = z[0]
                  if saving:
                    kept.append([z[1], z[1]])
                  else:
                    kept.append(z)
                kept.append([y])
                return kept

              def backward(self, dy: Tensor, kept: List[List[Tensor]], w: List[Tensor], la: List[Tensor], lb: List[Tensor], cos: Tensor, sin: Tensor, x: List[Tensor], b: int, t: int, saving: bool, gw: List[Tensor], ga: List[Tensor], gb: List[Tensor], scale: float) -> None:
                d = dy
                for j in range(@L@):
                  l = @LAST@ - j
                  z = kept.pop()
                  if saving:
                    z = self.layer(z[1], w, l, la, lb, cos, sin, x, b, t)
                  d = self.layer_back(d, z, w, l, la, lb, cos, sin, x, b, t, gw, ga, gb, scale)
                if len(gw) > 0:
                  u = torch.index_add_(gw[0], 0, x[0], d)

              def learn(self, w: List[Tensor], la: List[Tensor], lb: List[Tensor], x: List[Tensor], b: int, t: int, chunk: int, weight: float, saving: bool, gw: List[Tensor], ga: List[Tensor], gb: List[Tensor], scale: float) -> List[Tensor]:
                cos = self.turn(x[7], x)
                sin = self.turn(x[8], x)
                kept = self.remember(w, la, lb, cos, sin, x, b, t, saving)
                found = self.head_loss(kept.pop()[0], w, x[5], chunk, weight, gw)
                self.backward(found[1], kept, w, la, lb, cos, sin, x, b, t, saving, gw, ga, gb, scale)
                return [found[0]]

              def keep(self, w: List[Tensor], oa: List[Tensor], ob: List[Tensor], la: List[Tensor], lb: List[Tensor], x: List[Tensor], b: int, t: int, chunk: int, weight: float, saving: bool, ga: List[Tensor], gb: List[Tensor], scale: float) -> List[Tensor]:
                cos = self.turn(x[7], x)
                sin = self.turn(x[8], x)
                gw = annotate(List[Tensor], [])
                base = self.hidden(w, oa, ob, x, b, t)
                kept = self.remember(w, la, lb, cos, sin, x, b, t, saving)
                found = self.head_kl(base, kept.pop()[0], w, chunk, weight)
                self.backward(found[1], kept, w, la, lb, cos, sin, x, b, t, saving, gw, ga, gb, scale)
                return [found[0]]
            """;
}
