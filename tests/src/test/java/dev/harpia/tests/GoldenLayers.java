package dev.harpia.tests;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Bilinear;
import dev.harpia.nn.Distance;
import dev.harpia.nn.Embedding;
import dev.harpia.nn.EmbeddingBag;
import dev.harpia.nn.GLU;
import dev.harpia.nn.Linear;
import dev.harpia.nn.LoRALinear;
import dev.harpia.nn.PReLU;
import dev.harpia.nn.RotaryEmbedding;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/** How linear layers, embeddings and activations answer their goldens. */
final class GoldenLayers {
  private GoldenLayers() {}

  static void register(Map<String, Consumer<GoldenRun>> ops) {
    ops.put(
        "Linear",
        r -> {
          int[] w = r.tensor("param.weight").shape().dims();
          r.out(r.load(new Linear(w[1], w[0], r.golden().flag("bias", true))).forward(r.in("x")));
        });
    ops.put(
        "Bilinear",
        r -> {
          int[] w = r.tensor("param.weight").shape().dims();
          r.out(r.load(new Bilinear(w[1], w[2], w[0])).forward(r.in("x1"), r.in("x2")));
        });
    ops.put("LoRALinear", GoldenLayers::lora);
    embeddings(ops);
    activations(ops);
    ops.put(
        "Normalize",
        r ->
            r.out(
                Distance.normalize(
                    r.in("x"),
                    r.golden().number("p", 2),
                    r.golden().integer("dim", 1),
                    r.golden().number("eps", 1e-12))));
  }

  private static void lora(GoldenRun r) {
    Shape w = r.in("W").shape();
    Linear base = new Linear(w.dim(1), w.dim(0));
    base.weight().copyFrom(r.in("W"));
    Objects.requireNonNull(base.state().get("bias")).copyFrom(r.in("b"));
    LoRALinear layer =
        new LoRALinear(base, r.golden().integer("r", 1), r.golden().number("alpha", 1));
    r.use("A", Objects.requireNonNull(layer.state().get("lora_A.weight")));
    r.use("B", Objects.requireNonNull(layer.state().get("lora_B.weight")));
    r.out(layer.forward(r.in("x")));
  }

  private static void embeddings(Map<String, Consumer<GoldenRun>> ops) {
    ops.put(
        "Embedding",
        r ->
            r.out(
                r.load(
                        new Embedding(
                            r.golden().integer("num_embeddings", 0),
                            r.golden().integer("embedding_dim", 0),
                            r.golden().integer("padding_idx", -1)))
                    .forward(r.in("idx"))));
    ops.put(
        "EmbeddingBag",
        r ->
            r.out(
                r.load(
                        new EmbeddingBag(
                            r.golden().integer("num_embeddings", 0),
                            r.golden().integer("embedding_dim", 0),
                            EmbeddingBag.Mode.valueOf(
                                r.golden().text("mode", "").toUpperCase(Locale.ROOT))))
                    .forward(r.in("idx"))));
    ops.put(
        "RotaryEmbedding",
        r -> {
          Tensor x = r.in("x");
          boolean interleaved = r.golden().text("layout", "").startsWith("interleaved");
          r.out(
              new RotaryEmbedding(x.dim(3), x.dim(2), r.golden().number("base", 10000), interleaved)
                  .forward(x));
        });
  }

  private static void activation(
      Map<String, Consumer<GoldenRun>> ops, String name, Function<Golden, Activation> layer) {
    ops.put(name, r -> r.out(layer.apply(r.golden()).forward(r.in("x"))));
  }

  private static void activations(Map<String, Consumer<GoldenRun>> ops) {
    activation(ops, "ReLU", g -> Activation.relu());
    activation(ops, "ReLU6", g -> Activation.relu6());
    activation(ops, "LeakyReLU", g -> Activation.leakyRelu(g.number("negative_slope", 0.01)));
    activation(ops, "ELU", g -> Activation.elu(g.number("alpha", 1)));
    activation(ops, "CELU", g -> Activation.celu(g.number("alpha", 1)));
    activation(ops, "SELU", g -> Activation.selu());
    activation(
        ops,
        "GELU",
        g ->
            g.text("approximate", "none").equals("tanh")
                ? Activation.geluTanh()
                : Activation.gelu());
    activation(ops, "SiLU", g -> Activation.silu());
    activation(ops, "Mish", g -> Activation.mish());
    activation(
        ops, "Softplus", g -> Activation.softplus(g.number("beta", 1), g.number("threshold", 20)));
    activation(ops, "Hardswish", g -> Activation.hardswish());
    activation(ops, "Hardsigmoid", g -> Activation.hardsigmoid());
    activation(
        ops, "Hardtanh", g -> Activation.hardtanh(g.number("min_val", -1), g.number("max_val", 1)));
    activation(ops, "Tanh", g -> Activation.tanh());
    activation(ops, "Sigmoid", g -> Activation.sigmoid());
    activation(ops, "LogSigmoid", g -> Activation.logSigmoid());
    activation(ops, "Softsign", g -> Activation.softsign());
    activation(ops, "Tanhshrink", g -> Activation.tanhshrink());
    activation(ops, "Hardshrink", g -> Activation.hardshrink(g.number("lambd", 0.5)));
    activation(ops, "Softshrink", g -> Activation.softshrink(g.number("lambd", 0.5)));
    activation(
        ops,
        "Threshold",
        g -> Activation.threshold(g.number("threshold", 0), g.number("value", 0)));
    ops.put("Swiglu", r -> r.out(GLU.swiglu(-1).forward(r.in("x"))));
    ops.put("GLU", r -> r.out(GLU.glu(r.golden().integer("dim", -1)).forward(r.in("x"))));
    ops.put(
        "PReLU",
        r -> r.out(r.load(new PReLU(r.golden().integer("num_parameters", 1))).forward(r.in("x"))));
    ops.put("Softmax", r -> r.out(r.in("x").softmax(r.golden().integer("dim", -1))));
    ops.put("LogSoftmax", r -> r.out(r.in("x").logSoftmax(r.golden().integer("dim", -1))));
  }
}
