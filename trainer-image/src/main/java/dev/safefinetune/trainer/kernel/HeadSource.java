package dev.safefinetune.trainer.kernel;

/**
 * Source of the head and its losses, on label rows only and in chunks of rows, so that logits {@code [chunk, V]} never
 * exist for more than one chunk and are never kept for a backward pass.
 *
 * <p>Cross-entropy's gradient in the logits is softmax(z) − onehot(target); that of KL(p ‖ q) in q's logits is q − p.
 */
final class HeadSource {
    private HeadSource() {}

    static final String SOURCE = """
              def nll_chunk(self, z: Tensor, target: Tensor) -> Tuple[Tensor, Tensor]:
                lse = torch.logsumexp(z, [1], True)
                return (torch.squeeze(torch.sub(lse, torch.gather(z, 1, torch.unsqueeze(target, 1))), 1), lse)

              def head_score(self, y: Tensor, w: List[Tensor], target: Tensor, chunk: int) -> List[Tensor]:
                h = self.norm(y, self.rstd(y), w[@FINAL_NORM@])
                n = torch.size(h, 0)
                nll = torch.empty([n], dtype=6)
                top = torch.empty([n], dtype=4)
                i = 0
                while i < n:
                  m = min(chunk, n - i)
                  z = torch.mm(torch.narrow(h, 0, i, m), torch.t(w[@HEAD@]))
                  a, lse = self.nll_chunk(z, torch.narrow(target, 0, i, m))
                  u = torch.copy_(torch.narrow(nll, 0, i, m), a)
                  u = torch.copy_(torch.narrow(top, 0, i, m), torch.argmax(z, 1))
                  i = i + m
                return [nll, top]

              def head_back(self, dh: Tensor, y: Tensor, r: Tensor, w: List[Tensor], gw: List[Tensor]) -> Tensor:
                if len(gw) > 0:
                  self.gain_back(gw[@FINAL_NORM@], dh, y, r)
                return self.norm_back(dh, y, r, w[@FINAL_NORM@])

              def head_loss(self, y: Tensor, w: List[Tensor], target: Tensor, chunk: int, weight: float, gw: List[Tensor]) -> List[Tensor]:
                r = self.rstd(y)
                h = self.norm(y, r, w[@FINAL_NORM@])
                n = torch.size(h, 0)
                nll = torch.empty([n], dtype=6)
                dh = torch.empty_like(h)
                i = 0
                while i < n:
                  m = min(chunk, n - i)
                  hc = torch.narrow(h, 0, i, m)
                  tc = torch.narrow(target, 0, i, m)
                  z = torch.mm(hc, torch.t(w[@HEAD@]))
                  a, lse = self.nll_chunk(z, tc)
                  u = torch.copy_(torch.narrow(nll, 0, i, m), a)
                  z = torch.exp_(torch.sub_(z, lse))
                  z = torch.scatter_add_(z, 1, torch.unsqueeze(tc, 1), torch.neg(torch.ones([m, 1], dtype=6)))
                  z = torch.mul_(z, weight)
                  u = torch.copy_(torch.narrow(dh, 0, i, m), torch.mm(z, w[@HEAD@]))
                  if len(gw) > 0:
                    u = torch.addmm_(gw[@HEAD@], torch.t(z), hc)
                  i = i + m
                return [nll, self.head_back(dh, y, r, w, gw)]

              def head_kl(self, base: Tensor, y: Tensor, w: List[Tensor], chunk: int, weight: float) -> List[Tensor]:
                hb = self.norm(base, self.rstd(base), w[@FINAL_NORM@])
                r = self.rstd(y)
                h = self.norm(y, r, w[@FINAL_NORM@])
                n = torch.size(h, 0)
                kl = torch.empty([n], dtype=6)
                dh = torch.empty_like(h)
                i = 0
                while i < n:
                  m = min(chunk, n - i)
                  p = torch.log_softmax(torch.mm(torch.narrow(hb, 0, i, m), torch.t(w[@HEAD@])), 1)
                  q = torch.log_softmax(torch.mm(torch.narrow(h, 0, i, m), torch.t(w[@HEAD@])), 1)
                  e = torch.exp(p)
                  u = torch.copy_(torch.narrow(kl, 0, i, m), torch.sum(torch.mul_(torch.sub_(p, q), e), [1]))
                  q = torch.mul_(torch.sub_(torch.exp_(q), e), weight)
                  u = torch.copy_(torch.narrow(dh, 0, i, m), torch.mm(q, w[@HEAD@]))
                  i = i + m
                return [kl, self.norm_back(dh, y, r, w[@FINAL_NORM@])]
            """;
}
