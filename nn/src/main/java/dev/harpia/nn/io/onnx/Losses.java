package dev.harpia.nn.io.onnx;

import dev.harpia.simd.Vectors;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/** Losses of classes: x [N, C, d..] and class numbers [N, d..]. */
final class Losses {
  private Losses() {}

  static void register(Operators.Registry r) {
    r.add("NegativeLogLikelihoodLoss", Mapping.floats(c -> likelihood(c, c.x(0))));
    r.add(
        "SoftmaxCrossEntropyLoss",
        c -> {
          Tensor log = c.x(0).logSoftmax(1);
          return new Value[] {
            Value.of(likelihood(c, log), OnnxType.FLOAT), Value.of(log, OnnxType.FLOAT)
          };
        });
  }

  private static Tensor likelihood(Call c, Tensor x) {
    int classes = x.dim(1);
    int inner = Math.toIntExact(x.shape().size(2, x.rank()));
    int n = x.dim(0) * inner;
    Shape each = x.shape().without(1);
    if (!c.shape(1).equals(each) || c.has(2) && c.shape(2).size() != classes) {
      throw new IllegalArgumentException(
          "scores " + x.shape() + ", classes " + c.shape(1) + (c.has(2) ? ", weights" : ""));
    }
    boolean ignoring = c.set("ignore_index");
    long ignored = c.integer("ignore_index", 0);
    String reduction = c.text("reduction", "mean");
    boolean none = reduction.equals("none");
    boolean mean = reduction.equals("mean");
    if (!none && !mean && !reduction.equals("sum")) {
      throw c.unsupported("reduction " + reduction);
    }
    boolean weighted = c.has(2);
    PlainOp.Body body =
        (in, out) -> {
          double sum = 0;
          double weights = 0;
          for (int i = 0; i < n; i++) {
            int k = Vectors.getInt(in[1].address() + 4L * i);
            double loss = 0;
            if (!ignoring || k != ignored) {
              if (k < 0 || k >= classes) {
                throw new IndexOutOfBoundsException("loss: class " + k + " of " + classes);
              }
              double w = weighted ? Vectors.get(in[2].address() + 4L * k) : 1;
              long at = ((long) (i / inner) * classes + k) * inner + i % inner;
              loss = -w * Vectors.get(in[0].address() + 4 * at);
              weights += w;
            }
            sum += loss;
            if (none) {
              Vectors.set(out[0].address() + 4L * i, (float) loss);
            }
          }
          if (!none) {
            Vectors.set(out[0].address(), (float) (mean ? sum / weights : sum));
          }
        };
    Shape shape = none ? each : Shape.SCALAR;
    return weighted
        ? PlainOp.floats("nllLoss", shape, body, x, c.tensor(1), c.x(2))
        : PlainOp.floats("nllLoss", shape, body, x, c.tensor(1));
  }
}
