package dev.harpia.tests;

import dev.harpia.nn.LikelihoodLoss;
import dev.harpia.nn.Loss;
import dev.harpia.nn.MarginLoss;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Reduction;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How the losses answer their goldens. */
final class GoldenLosses {
  private GoldenLosses() {}

  private interface Pair {
    Tensor of(Tensor x, Tensor y, Golden g, Reduction reduction);
  }

  private static void pair(Map<String, Consumer<GoldenRun>> ops, String name, Pair f) {
    ops.put(name, r -> r.out(f.of(r.in("x"), r.in("y"), r.golden(), reduction(r))));
  }

  private static Reduction reduction(GoldenRun r) {
    return Reduction.valueOf(r.golden().text("reduction", "mean").toUpperCase(Locale.ROOT));
  }

  private static @Nullable Tensor optional(GoldenRun r, String name) {
    return r.has(name) ? r.tensor(name) : null;
  }

  static void register(Map<String, Consumer<GoldenRun>> ops) {
    pair(ops, "MSELoss", (x, y, g, n) -> Loss.mse(x, y, n));
    pair(ops, "L1Loss", (x, y, g, n) -> Loss.l1(x, y, n));
    pair(ops, "SmoothL1Loss", (x, y, g, n) -> Loss.smoothL1(x, y, g.number("beta", 1), n));
    pair(ops, "HuberLoss", (x, y, g, n) -> Loss.huber(x, y, g.number("delta", 1), n));
    pair(ops, "SoftMarginLoss", (x, y, g, n) -> MarginLoss.soft(x, y, n));
    pair(ops, "PoissonNLLLoss", (x, y, g, n) -> LikelihoodLoss.poisson(x, y, n));
    pair(
        ops,
        "HingeEmbeddingLoss",
        (x, y, g, n) -> MarginLoss.hingeEmbedding(x, y, g.number("margin", 1), n));
    pair(
        ops,
        "MultiMarginLoss",
        (x, y, g, n) -> MarginLoss.multi(x, y, g.integer("p", 1), g.number("margin", 1), n));
    ops.put(
        "KLDivLoss",
        r -> {
          boolean log = r.golden().flag("log_target", false);
          r.out(
              r.golden().text("reduction", "").equals("batchmean")
                  ? LikelihoodLoss.klDivBatchMean(r.in("x"), r.in("y"), log)
                  : LikelihoodLoss.klDiv(r.in("x"), r.in("y"), log, reduction(r)));
        });
    ops.put(
        "BCELoss",
        r ->
            r.out(
                Loss.binaryCrossEntropy(
                    r.in("x"), r.in("y"), optional(r, "in.weight"), reduction(r))));
    ops.put(
        "BCEWithLogitsLoss",
        r ->
            r.out(
                Loss.binaryCrossEntropyWithLogits(
                    r.in("x"),
                    r.in("y"),
                    optional(r, "in.weight"),
                    optional(r, "in.pos_weight"),
                    reduction(r))));
    ops.put(
        "CrossEntropyLoss",
        r -> {
          boolean channels = r.in("x").rank() == 3;
          r.out(
              Loss.crossEntropy(
                  channels ? r.in("x").transpose(1, 2) : r.in("x"),
                  r.in("y"),
                  optional(r, "in.weight"),
                  reduction(r),
                  r.golden().number("label_smoothing", 0),
                  r.golden().integer("ignore_index", -100)));
        });
    ops.put(
        "NLLLoss",
        r ->
            r.out(
                Loss.nll(
                    r.in("x"),
                    r.in("y"),
                    optional(r, "in.weight"),
                    reduction(r),
                    r.golden().integer("ignore_index", -100))));
    ops.put(
        "CosineEmbeddingLoss",
        r ->
            r.out(
                MarginLoss.cosineEmbedding(
                    r.in("x"),
                    r.in("x2"),
                    r.in("y"),
                    r.golden().number("margin", 0),
                    reduction(r))));
    ops.put(
        "MarginRankingLoss",
        r ->
            r.out(
                MarginLoss.ranking(
                    r.in("x"),
                    r.in("x2"),
                    r.in("y"),
                    r.golden().number("margin", 0),
                    reduction(r))));
    ops.put(
        "TripletMarginLoss",
        r ->
            r.out(
                MarginLoss.triplet(
                    r.in("x"),
                    r.in("pos"),
                    r.in("neg"),
                    r.golden().number("margin", 1),
                    r.golden().number("p", 2),
                    r.golden().flag("swap", false),
                    r.golden().number("eps", 1e-6),
                    reduction(r))));
    ops.put(
        "GaussianNLLLoss",
        r ->
            r.out(
                LikelihoodLoss.gaussian(
                    r.in("x"),
                    r.in("y"),
                    r.in("var"),
                    r.golden().number("eps", 1e-6),
                    reduction(r))));
    ops.put(
        "CTCLoss",
        r ->
            r.out(
                LikelihoodLoss.ctc(
                    r.in("logits").logSoftmax(-1),
                    r.in("targets"),
                    r.golden().integers("input_lengths", 1, 0),
                    r.golden().integers("target_lengths", 1, 0),
                    r.golden().integer("blank", 0))));
    models(ops);
  }

  /** Losses that models compose of others. */
  private static void models(Map<String, Consumer<GoldenRun>> ops) {
    ops.put(
        "Reparameterize",
        r -> r.out(r.in("mu").add(r.in("logvar").mul(0.5f).exp().mul(r.in("eps")))));
    ops.put(
        "DbVaeLoss",
        r -> {
          int n = r.in("x").dim(0);
          Tensor kl = LikelihoodLoss.klToStandardNormal(r.in("mu"), r.in("logsigma"));
          Tensor recon = r.in("x").sub(r.in("xr")).abs().mean(1, 2, 3);
          Tensor vae = kl.mul(r.golden().number("kl_weight", 0)).add(recon);
          Tensor bce =
              Loss.binaryCrossEntropyWithLogits(
                  r.in("y_logit"), r.in("y"), null, null, Reduction.NONE);
          r.out("kl", kl);
          r.out("recon", recon);
          r.out("vae", vae);
          r.out("total", bce.reshape(n).add(r.in("y").reshape(n).mul(vae)).mean());
        });
    ops.put(
        "PolicyGradientLoss",
        r -> {
          float[] rewards = r.in("rewards").toArray();
          float gamma = r.golden().number("gamma", 1);
          for (int t = rewards.length - 2; t >= 0; t--) {
            rewards[t] += gamma * rewards[t + 1];
          }
          Tensor returns = Tensor.of(rewards);
          Tensor advantage = returns.sub(returns.mean()).div(returns.var(0, 0).sqrt());
          r.out("returns", returns);
          Tensor each =
              Loss.crossEntropy(r.in("logits"), r.in("actions"), null, Reduction.NONE, 0, -100);
          r.out("loss", each.mul(advantage.detach()).mean());
        });
    ops.put(
        "DqnLoss",
        r -> {
          int n = r.in("q").dim(0);
          Tensor q = r.in("q").gather(1, r.in("actions").reshape(n, 1)).reshape(n);
          Tensor alive = r.in("done").neg().add(1);
          Tensor next = r.in("q_next").max(1).mul(alive).mul(r.golden().number("gamma", 1));
          r.out("loss", Loss.huber(q, r.in("rewards").add(next).detach()));
        });
  }
}
