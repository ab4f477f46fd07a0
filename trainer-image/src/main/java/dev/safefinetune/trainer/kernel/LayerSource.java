package dev.safefinetune.trainer.kernel;

/**
 * Source of a decoder layer, forward and backward by hand.
 *
 * <p>Legend: N tokens of a micro-batch without padding, B documents, T longest document, C residual width, F feed-forward
 * width, H query heads, K key and value heads, D head width, R rank of all attached adapters together, M label rows.
 *
 * <p>Between forward and backward a layer keeps {@code x [N, C], q [N, H, D], k and v [N, K, D], o [B, H, T, D], lse [B, H,
 * T], mid [N, C], gate and up [N, F]} and the adapters' {@code x·Aᵀ [N, R]}; norms, activations and padded copies are cheap
 * and made again. All but x and o lie in one slab, so that kept and passing tensors do not chop the heap up between each
 * other. With checkpointing it keeps {@code x} alone.
 *
 * <p>Padding exists only inside attention. A padded slot comes after its document's tokens, so the causal mask hides it
 * from them; its own output is never read, so its gradient is zero.
 */
final class LayerSource {
    private LayerSource() {}

    static final String BLOCKS = """
              def rstd(self, x: Tensor) -> Tensor:
                return torch.rsqrt(torch.add(torch.mean(torch.mul(x, x), [-1], True), @EPS@))

              def norm(self, x: Tensor, r: Tensor, g: Tensor) -> Tensor:
                return torch.mul_(torch.mul(x, r), g)

              def norm_back(self, dh: Tensor, x: Tensor, r: Tensor, g: Tensor) -> Tensor:
                d = torch.mul(dh, g)
                c = torch.mul(torch.mean(torch.mul(d, x), [-1], True), torch.mul(torch.mul(r, r), r))
                return torch.addcmul_(torch.mul_(d, r), x, c, value=-1.0)

              def low(self, x: Tensor, a: Tensor) -> Tensor:
                y = a
                if torch.size(a, 0) > 0:
                  y = torch.mm(x, torch.t(a))
                return y

              def linear(self, x: Tensor, w: Tensor, xa: Tensor, a: Tensor, b: Tensor) -> Tensor:
                return self.project(torch.empty([torch.size(x, 0), torch.size(w, 0)], dtype=6), x, w, xa, a, b)

              def project(self, y: Tensor, x: Tensor, w: Tensor, xa: Tensor, a: Tensor, b: Tensor) -> Tensor:
                u = torch.mm(x, torch.t(w), out=y)
                if torch.size(a, 0) > 0:
                  u = torch.addmm_(y, xa, torch.t(b))
                return y

              def place(self, slab: Tensor, at: int, n: int, c: int) -> Tensor:
                return torch.view(torch.narrow(slab, 0, at, n * c), [n, c])

              def back(self, dx: Tensor, beta: float, dy: Tensor, x: Tensor, xa: Tensor, w: List[Tensor], i: int, la: List[Tensor], lb: List[Tensor], s: int, gw: List[Tensor], ga: List[Tensor], gb: List[Tensor], scale: float) -> None:
                if len(gw) > 0:
                  u = torch.addmm_(gw[i], torch.t(dy), x)
                t = dy
                if torch.size(la[s], 0) > 0:
                  t = torch.mm(dy, lb[s])
                  if len(ga) > 0:
                    r = torch.size(ga[s], 0)
                    if r > 0:
                      u = torch.addmm_(gb[s], torch.t(dy), torch.narrow(xa, 1, 0, r), alpha=scale)
                      u = torch.addmm_(ga[s], torch.t(torch.narrow(t, 1, 0, r)), x)
                if torch.size(dx, 0) > 0:
                  u = torch.addmm_(dx, dy, w[i], beta=beta)
                  if torch.size(la[s], 0) > 0:
                    u = torch.addmm_(dx, t, la[s])

              def rope(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
                return self.rope_into(torch.empty_like(x), x, cos, sin)

              def rope_into(self, y: Tensor, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
                a = torch.narrow(x, 2, 0, @HALF@)
                b = torch.narrow(x, 2, @HALF@, @HALF@)
                u = torch.copy_(torch.narrow(y, 2, 0, @HALF@), torch.addcmul_(torch.mul(a, cos), b, sin, value=-1.0))
                u = torch.copy_(torch.narrow(y, 2, @HALF@, @HALF@), torch.addcmul_(torch.mul(b, cos), a, sin))
                return y

              def spread(self, x: Tensor, pad: Tensor, b: int, t: int) -> Tensor:
                y = x
                if torch.size(pad, 0) > 0:
                  y = torch.index_select(x, 0, pad)
                return torch.transpose(torch.view(y, [b, t, torch.size(x, 1), @D@]), 1, 2)

              def spread_zero(self, x: Tensor, flat: Tensor, b: int, t: int) -> Tensor:
                y = x
                if torch.size(flat, 0) > 0:
                  y = torch.index_copy_(torch.zeros([b * t, torch.size(x, 1)], dtype=6), 0, flat, x)
                return torch.transpose(torch.view(y, [b, t, @H@, @D@]), 1, 2)

              def collect(self, y: Tensor, flat: Tensor) -> Tensor:
                z = torch.reshape(torch.transpose(y, 1, 2), [torch.size(y, 0) * torch.size(y, 2), torch.size(y, 1) * @D@])
                if torch.size(flat, 0) > 0:
                  z = torch.index_select(z, 0, flat)
                return z

              def repeat(self, x: Tensor) -> Tensor:
                y = x
                if @GROUP@ > 1:
                  b = torch.size(x, 0)
                  t = torch.size(x, 2)
                  y = torch.reshape(torch.expand(torch.unsqueeze(x, 2), [b, @K@, @GROUP@, t, @D@]), [b, @H@, t, @D@])
                return y

              def fold(self, x: Tensor) -> Tensor:
                y = x
                if @GROUP@ > 1:
                  y = torch.sum(torch.reshape(x, [torch.size(x, 0), @K@, @GROUP@, torch.size(x, 2), @D@]), [2])
                return y

              def attend(self, q: Tensor, k: Tensor, v: Tensor, x: List[Tensor], b: int, t: int) -> Tuple[Tensor, Tensor]:
                qp = self.spread(q, x[2], b, t)
                kp = self.repeat(self.spread(k, x[2], b, t))
                vp = self.repeat(self.spread(v, x[2], b, t))
                if torch.size(x[6], 0) > 0:
                  o, lse = torch._scaled_dot_product_flash_attention_for_cpu(qp, kp, vp, 0.0, False, attn_mask=x[6])
                else:
                  o, lse = torch._scaled_dot_product_flash_attention_for_cpu(qp, kp, vp, 0.0, True)
                return (o, lse)
            """;

    static final String FORWARD = """
              def layer(self, x0: Tensor, w: List[Tensor], l: int, la: List[Tensor], lb: List[Tensor], cos: Tensor, sin: Tensor, x: List[Tensor], b: int, t: int) -> List[Tensor]:
                i = 1 + l * @STRIDE@
                s = l * 7
                n = torch.size(x0, 0)
                m = n
                if l == @LAST@:
                  m = torch.size(x[4], 0)
                c = torch.size(x0, 1)
                f = torch.size(w[i + 6], 0)
                e = n * @D@ * (@H@ + 2 * @K@)
                slab = torch.empty([e + m * (c + 2 * f)], dtype=6)
                h = self.norm(x0, self.rstd(x0), w[i])
                xq = self.low(h, la[s])
                xk = self.low(h, la[s + 1])
                xv = self.low(h, la[s + 2])
                q = self.linear(h, w[i + 2], xq, la[s], lb[s])
                k = self.linear(h, w[i + 3], xk, la[s + 1], lb[s + 1])
                v = self.project(self.place(slab, n * @D@ * (@H@ + @K@), n, @K@ * @D@), h, w[i + 4], xv, la[s + 2], lb[s + 2])
            @QKV_BIAS@
                qr = torch.view(self.place(slab, 0, n, @H@ * @D@), [n, @H@, @D@])
                q = self.rope_into(qr, torch.view(q, [n, @H@, @D@]), cos, sin)
                kr = torch.view(self.place(slab, n * @H@ * @D@, n, @K@ * @D@), [n, @K@, @D@])
                k = self.rope_into(kr, torch.view(k, [n, @K@, @D@]), cos, sin)
                v = torch.view(v, [n, @K@, @D@])
                o, lse = self.attend(q, k, v, x, b, t)
                oc = self.collect(o, x[3])
                xr = x0
                if l == @LAST@:
                  oc = torch.index_select(oc, 0, x[4])
                  xr = torch.index_select(x0, 0, x[4])
                xo = self.low(oc, la[s + 3])
                mid = self.project(self.place(slab, e, m, c), oc, w[i + 5], xo, la[s + 3], lb[s + 3])
            @O_BIAS@
                mid = torch.add_(mid, xr)
                h = self.norm(mid, self.rstd(mid), w[i + 1])
                xg = self.low(h, la[s + 4])
                xu = self.low(h, la[s + 5])
                g = self.project(self.place(slab, e + m * c, m, f), h, w[i + 6], xg, la[s + 4], lb[s + 4])
                u = self.project(self.place(slab, e + m * (c + f), m, f), h, w[i + 7], xu, la[s + 5], lb[s + 5])
            @MLP_BIAS@
                act = torch.mul_(torch.silu(g), u)
                xd = self.low(act, la[s + 6])
                y = self.linear(act, w[i + 8], xd, la[s + 6], lb[s + 6])
            @DOWN_BIAS@
                y = torch.add_(y, mid)
                return [y, x0, q, k, v, o, lse, mid, g, u, xq, xk, xv, xo, xg, xu, xd]
            """;

    static final String BACKWARD = """
              def gain_back(self, g: Tensor, dh: Tensor, x: Tensor, r: Tensor) -> None:
                u = torch.add_(g, torch.sum(torch.mul_(torch.mul(x, r), dh), [0]))

              def mlp_back(self, dy: Tensor, z: List[Tensor], w: List[Tensor], l: int, la: List[Tensor], lb: List[Tensor], gw: List[Tensor], ga: List[Tensor], gb: List[Tensor], scale: float) -> Tensor:
                i = 1 + l * @STRIDE@
                s = l * 7
                mid = z[7]
                g = z[8]
                u = z[9]
                sg = torch.silu(g)
                act = torch.mul(sg, u)
                da = torch.empty_like(act)
                self.back(da, 0.0, dy, act, z[16], w, i + 8, la, lb, s + 6, gw, ga, gb, scale)
                du = torch.mul_(sg, da)
                dg = torch.silu_backward(torch.mul_(da, u), g)
                r = self.rstd(mid)
                h = self.norm(mid, r, w[i + 1])
                dh = torch.empty_like(h)
                self.back(dh, 0.0, dg, h, z[14], w, i + 6, la, lb, s + 4, gw, ga, gb, scale)
                self.back(dh, 1.0, du, h, z[15], w, i + 7, la, lb, s + 5, gw, ga, gb, scale)
                if len(gw) > 0:
                  self.gain_back(gw[i + 1], dh, mid, r)
            @MLP_BIAS_BACK@
                return torch.add_(self.norm_back(dh, mid, r, w[i + 1]), dy)

              def layer_back(self, dy: Tensor, z: List[Tensor], w: List[Tensor], l: int, la: List[Tensor], lb: List[Tensor], cos: Tensor, sin: Tensor, x: List[Tensor], b: int, t: int, gw: List[Tensor], ga: List[Tensor], gb: List[Tensor], scale: float) -> Tensor:
                i = 1 + l * @STRIDE@
                s = l * 7
                x0 = z[1]
                n = torch.size(x0, 0)
                dm = self.mlp_back(dy, z, w, l, la, lb, gw, ga, gb, scale)
                oc = self.collect(z[5], x[3])
                if l == @LAST@:
                  oc = torch.index_select(oc, 0, x[4])
                do = torch.empty_like(oc)
                self.back(do, 0.0, dm, oc, z[13], w, i + 5, la, lb, s + 3, gw, ga, gb, scale)
            @O_BIAS_BACK@
                if l == @LAST@:
                  do = torch.index_copy_(torch.zeros([n, torch.size(do, 1)], dtype=6), 0, x[4], do)
                  dm = torch.index_copy_(torch.zeros_like(x0), 0, x[4], dm)
                qp = self.spread(z[2], x[2], b, t)
                kp = self.repeat(self.spread(z[3], x[2], b, t))
                vp = self.repeat(self.spread(z[4], x[2], b, t))
                dq, dk, dv = torch._scaled_dot_product_flash_attention_for_cpu_backward(self.spread_zero(do, x[3], b, t), qp, kp, vp, z[5], z[6], 0.0, True)
                dq = torch.reshape(self.rope(torch.view(self.collect(dq, x[3]), [n, @H@, @D@]), cos, torch.neg(sin)), [n, @H@ * @D@])
                dk = torch.reshape(self.rope(torch.view(self.collect(self.fold(dk), x[3]), [n, @K@, @D@]), cos, torch.neg(sin)), [n, @K@ * @D@])
                dv = self.collect(self.fold(dv), x[3])
                r = self.rstd(x0)
                h = self.norm(x0, r, w[i])
                deep = l > 0 or len(gw) > 0
                dh = torch.empty([0], dtype=6)
                if deep:
                  dh = torch.empty_like(h)
                self.back(dh, 0.0, dq, h, z[10], w, i + 2, la, lb, s, gw, ga, gb, scale)
                self.back(dh, 1.0, dk, h, z[11], w, i + 3, la, lb, s + 1, gw, ga, gb, scale)
                self.back(dh, 1.0, dv, h, z[12], w, i + 4, la, lb, s + 2, gw, ga, gb, scale)
            @QKV_BIAS_BACK@
                if len(gw) > 0:
                  self.gain_back(gw[i], dh, x0, r)
                if deep:
                  dm = torch.add_(self.norm_back(dh, x0, r, w[i]), dm)
                return dm
            """;

    /** Statements that add biases, or their gradients, where an architecture has them. */
    static String withBiases(String source, WeightOrder order) {
        return source.replace("@QKV_BIAS@", bias(order, "q", 0) + bias(order, "k", 1) + bias(order, "v", 2))
                .replace("@O_BIAS@", bias(order, "mid", 3))
                .replace("@MLP_BIAS@", bias(order, "g", 4) + bias(order, "u", 5))
                .replace("@DOWN_BIAS@", bias(order, "y", 6))
                .replace("@QKV_BIAS_BACK@", back(order, "dq", 0) + back(order, "dk", 1) + back(order, "dv", 2))
                .replace("@O_BIAS_BACK@", back(order, "dm", 3))
                .replace("@MLP_BIAS_BACK@", back(order, "dg", 4) + back(order, "du", 5) + back(order, "dy", 6));
    }

    private static String bias(WeightOrder order, String value, int slot) {
        int at = order.within(WeightOrder.LINEAR.get(slot) + ".bias");
        return at < 0 ? "" : "    %s = torch.add_(%s, w[i + %d])%n".formatted(value, value, at);
    }

    private static String back(WeightOrder order, String gradient, int slot) {
        int at = order.within(WeightOrder.LINEAR.get(slot) + ".bias");
        return at < 0
                ? ""
                : "    if len(gw) > 0:%n      bg = torch.add_(gw[i + %d], torch.sum(%s, [0]))%n"
                        .formatted(at, gradient);
    }
}
