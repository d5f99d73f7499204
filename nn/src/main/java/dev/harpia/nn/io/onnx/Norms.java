package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.LayerNorm;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Normalisations and softmax. */
final class Norms {
  private Norms() {}

  static void register(Operators.Registry r) {
    r.add("BatchNormalization", Norms::batchOrTraining);
    r.add("MeanVarianceNormalization", Mapping.floats(Norms::meanVariance));
    r.add("InstanceNormalization", Mapping.floats(c -> groups(c, c.shape(0).dim(1))));
    r.add("GroupNormalization", Mapping.floats(c -> groups(c, c.small("num_groups", 1))));
    r.add("LayerNormalization", Norms::layer);
    r.add("LpNormalization", Mapping.floats(Norms::lp));
    r.add("LRN", Mapping.floats(Norms::localResponse));
    r.add("Softmax", Mapping.floats(c -> softmax(c, false)));
    r.add("LogSoftmax", Mapping.floats(c -> softmax(c, true)));
  }

  private static int[] channels(int rank, int n) {
    int[] dims = new int[rank - 1];
    Arrays.fill(dims, 1);
    dims[0] = n;
    return dims;
  }

  private static Value[] batchOrTraining(Call c) {
    OnnxType type = Mapping.floatType(c);
    if (!c.flag("training_mode", false)) {
      if (c.wants(1)) {
        throw c.unsupported("statistics as outputs, without training_mode");
      }
      return new Value[] {Value.of(batch(c), type)};
    }
    Tensor x = c.x(0);
    int[] dims = channels(x.rank(), x.dim(1));
    int[] others = IntStream.range(0, x.rank()).filter(d -> d != 1).toArray();
    Tensor mean = x.mean(others);
    Tensor centred = x.sub(mean.reshape(dims));
    Tensor variance = centred.square().mean(others);
    Tensor epsilon = Value.constant(c.number("epsilon", 1e-5f));
    Tensor scale = c.x(1).div(variance.add(epsilon).sqrt());
    Tensor y = centred.mul(scale.reshape(dims)).add(c.x(2).reshape(dims));
    float m = c.number("momentum", 0.9f);
    return new Value[] {
      Value.of(y, type),
      Value.of(c.x(3).mul(m).add(mean.mul(1 - m)), type),
      Value.of(c.x(4).mul(m).add(variance.mul(1 - m)), type)
    };
  }

  private static Tensor meanVariance(Call c) {
    Tensor x = c.x(0);
    long[] given = c.integers("axes", 0, 2, 3);
    int[] axes =
        Arrays.stream(given).mapToInt(a -> Call.axis(a, x.rank())).sorted().distinct().toArray();
    int[] dims = x.shape().dims();
    for (int a : axes) {
      dims[a] = 1;
    }
    Tensor centred = x.sub(x.mean(axes).reshape(dims));
    Tensor deviation = centred.square().mean(axes).sqrt().reshape(dims);
    return centred.div(deviation.add(1e-9f));
  }

  /** {@code x·s + t} with {@code s = γ/√(σ² + ε)} and {@code t = β − μ·s}, which plans fold. */
  private static Tensor batch(Call c) {
    Tensor x = c.x(0);
    Tensor epsilon = Value.constant(c.number("epsilon", 1e-5f));
    Tensor scale = c.x(1).div(c.x(4).add(epsilon).sqrt());
    Tensor shift = c.x(2).sub(c.x(3).mul(scale));
    if (x.rank() < 2) {
      throw c.unsupported("a tensor of rank " + x.rank());
    }
    int[] dims = channels(x.rank(), x.dim(1));
    return x.mul(scale.reshape(dims)).add(shift.reshape(dims));
  }

  private static Tensor groups(Call c, int groups) {
    Tensor x = c.x(0);
    int n = x.dim(0);
    int channels = x.dim(1);
    if (groups < 1 || channels % groups != 0) {
      throw new IllegalArgumentException(groups + " groups of " + channels + " channels");
    }
    int size = Math.toIntExact(x.shape().size(1, x.rank()) / groups);
    Tensor rows = x.reshape(n, groups, size);
    LayerNorm op = new LayerNorm(size, c.number("epsilon", 1e-5f), false);
    Tensor y = Tensor.apply(op, rows).reshape(x.shape());
    if (c.shape(1).dim(0) != channels) { // one number a group, before operator set 21
      int each = channels / groups;
      Tensor w = c.x(1).reshape(groups, 1).expand(groups, each).reshape(channels);
      Tensor b = c.x(2).reshape(groups, 1).expand(groups, each).reshape(channels);
      int[] dims = channels(x.rank(), channels);
      return y.mul(w.reshape(dims)).add(b.reshape(dims));
    }
    int[] dims = channels(x.rank(), channels);
    return y.mul(c.x(1).reshape(dims)).add(c.x(2).reshape(dims));
  }

  private static Value[] layer(Call c) {
    OnnxType type = Mapping.floatType(c);
    if (!c.wants(1) && !c.wants(2)) {
      return new Value[] {Value.of(normalized(c), type)};
    }
    Tensor x = c.x(0);
    int axis = Call.axis(c.integer("axis", -1), x.rank());
    int[] last = IntStream.range(axis, x.rank()).toArray();
    int[] dims = x.shape().dims();
    Arrays.fill(dims, axis, dims.length, 1);
    Tensor mean = x.mean(last).reshape(dims);
    Tensor variance = x.sub(mean).square().mean(last).reshape(dims);
    Tensor inverse = variance.add(c.number("epsilon", 1e-5f)).sqrt().reciprocal();
    return new Value[] {
      Value.of(normalized(c), type),
      Value.of(mean, OnnxType.FLOAT),
      Value.of(inverse, OnnxType.FLOAT)
    };
  }

  private static Tensor normalized(Call c) {
    Tensor x = c.x(0);
    int axis = Call.axis(c.integer("axis", -1), x.rank());
    int size = Math.toIntExact(x.shape().size(axis, x.rank()));
    LayerNorm op = new LayerNorm(size, c.number("epsilon", 1e-5f), false);
    if (c.shape(1).size() == size && (!c.has(2) || c.shape(2).size() == size)) {
      Tensor w = c.x(1).reshape(size);
      return c.has(2) ? Tensor.apply(op, x, w, c.x(2).reshape(size)) : Tensor.apply(op, x, w);
    }
    Tensor y = Tensor.apply(op, x).mul(c.x(1));
    return c.has(2) ? y.add(c.x(2)) : y;
  }

  private static Tensor lp(Call c) {
    Tensor x = c.x(0);
    int axis = Call.axis(c.integer("axis", -1), x.rank());
    Tensor norm = c.integer("p", 2) == 1 ? x.abs().sum(axis) : x.square().sum(axis).sqrt();
    // rows of zeros stay zeros
    return x.div(norm.unsqueeze(axis).max(Value.constant(Float.MIN_NORMAL)));
  }

  private static Tensor localResponse(Call c) {
    Tensor x = c.x(0);
    int size = c.small("size", 1);
    int before = (size - 1) / 2;
    int n = x.dim(1);
    Tensor padded = Padding.constant(x.square(), 1, before, size - 1 - before, 0);
    Tensor sum = padded.slice(1, 0, n);
    for (int i = 1; i < size; i++) {
      sum = sum.add(padded.slice(1, i, i + n));
    }
    Tensor base = sum.mul(c.number("alpha", 1e-4f) / size).add(c.number("bias", 1));
    return x.div(base.pow(c.number("beta", 0.75f)));
  }

  /** Over all axes from one on, up to operator set 12; along one axis from then on. */
  private static Tensor softmax(Call c, boolean log) {
    Tensor x = c.x(0);
    if (c.opset() >= 13) {
      int axis = Call.axis(c.integer("axis", -1), x.rank());
      return log ? x.logSoftmax(axis) : x.softmax(axis);
    }
    int axis = Call.axis(c.integer("axis", 1), x.rank());
    Shape s = x.shape();
    Tensor flat = x.reshape(Math.toIntExact(s.size(0, axis)), (int) s.size(axis, s.rank()));
    return (log ? flat.logSoftmax(1) : flat.softmax(1)).reshape(s);
  }
}
