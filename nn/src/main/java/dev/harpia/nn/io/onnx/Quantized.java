package dev.harpia.nn.io.onnx;

import dev.harpia.simd.Vectors;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/** Numbers as multiples of a scale: {@code real = scale·(q − zero point)}. */
final class Quantized {
  private Quantized() {}

  static void register(Operators.Registry r) {
    r.add("QuantizeLinear", Quantized::quantize);
    r.add("DequantizeLinear", Quantized::dequantize);
    r.add("DynamicQuantizeLinear", Quantized::dynamic);
    r.add("MatMulInteger", Quantized::matMulInteger);
    r.add("QLinearMatMul", Quantized::matMul);
  }

  /**
   * Scales or zero points spread over the tensor that they belong to: one for all, one for each
   * place of an axis, or one for each block of an axis.
   */
  private static Tensor spread(Call c, Tensor t, Shape to) {
    if (t.size() == 1) {
      return t.reshape(Shape.SCALAR).expand(to.dims());
    }
    int axis = Call.axis(c.integer("axis", 1), to.rank());
    int block = c.small("block_size", 0);
    if (block > 0) {
      int n = to.dim(axis);
      if (t.rank() != to.rank() || t.dim(axis) != Math.ceilDiv(n, block)) {
        throw new IllegalArgumentException(
            "scales " + t.shape() + " for blocks of " + block + " of " + to);
      }
      int[] index = new int[n];
      for (int i = 0; i < n; i++) {
        index[i] = i / block;
      }
      return Picks.alongAxis(t, axis, index);
    }
    if (t.size() != to.dim(axis)) {
      throw new IllegalArgumentException("scales " + t.shape() + " for axis " + axis + " of " + to);
    }
    int[] dims = new int[to.rank()];
    java.util.Arrays.fill(dims, 1);
    dims[axis] = to.dim(axis);
    return t.reshape(dims).expand(to.dims());
  }

  private static Value[] quantize(Call c) {
    Tensor x = c.x(0);
    OnnxType type =
        c.has(2)
            ? c.value(2).type()
            : OnnxType.of(c.integer("output_dtype", 2) == 0 ? 2 : c.integer("output_dtype", 2));
    Tensor scale = spread(c, c.x(1), x.shape());
    if (type.isFloat()) {
      Tensor y = x.div(scale);
      Tensor shifted = c.has(2) ? y.add(spread(c, c.x(2), x.shape())) : y;
      boolean saturate = c.flag("saturate", true);
      return new Value[] {Value.of(Casts.rounded(shifted, type, saturate), type)};
    }
    Tensor zero = c.has(2) ? c.tensor(2) : Value.ints(new long[1], Shape.SCALAR);
    return new Value[] {Value.of(rounded(x, scale, spread(c, zero, x.shape()), type), type)};
  }

  /** {@code round(x/scale) + zero}, limited to the type. */
  private static Tensor rounded(Tensor x, Tensor scale, Tensor zero, OnnxType type) {
    long low = type.lowest();
    long high = type.highest();
    PlainOp.Body body =
        (in, out) -> {
          long n = 4 * out[0].size();
          for (long i = 0; i < n; i += 4) {
            float q = Vectors.get(in[0].address() + i) / Vectors.get(in[1].address() + i);
            long v = (long) Math.rint(q) + Vectors.getInt(in[2].address() + i);
            Vectors.setInt(out[0].address() + i, (int) Math.clamp(v, low, high));
          }
        };
    return PlainOp.ints("quantize", x.shape(), body, x, scale, zero);
  }

  private static Value[] dequantize(Call c) {
    Shape shape = c.shape(0);
    Tensor scale = spread(c, c.x(1), shape);
    Value q = c.value(0);
    OnnxType type = c.value(1).type();
    Tensor x = c.x(0);
    Tensor y = c.has(2) ? x.sub(spread(c, c.x(2), shape)).mul(scale) : x.mul(scale);
    if (q.type() == OnnxType.INT32 && q.dynamic()) {
      y = exactly(c, scale, shape); // 32 bits do not fit a float
    }
    return new Value[] {Value.of(y, type)};
  }

  private static Tensor exactly(Call c, Tensor scale, Shape shape) {
    Tensor zero = c.has(2) ? c.tensor(2) : Value.ints(new long[1], Shape.SCALAR);
    PlainOp.Body body =
        (in, out) -> {
          long n = 4 * out[0].size();
          for (long i = 0; i < n; i += 4) {
            double v = Vectors.getInt(in[0].address() + i);
            v -= Vectors.getInt(in[2].address() + i);
            Vectors.set(out[0].address() + i, (float) (v * Vectors.get(in[1].address() + i)));
          }
        };
    return PlainOp.floats("dequantize", shape, body, c.tensor(0), scale, spread(c, zero, shape));
  }

  private static Value[] dynamic(Call c) {
    Tensor x = c.x(0);
    PlainOp.Body range =
        (in, out) -> {
          float low = 0;
          float high = 0;
          long n = 4 * in[0].size();
          for (long i = 0; i < n; i += 4) {
            low = Math.min(low, Vectors.get(in[0].address() + i));
            high = Math.max(high, Vectors.get(in[0].address() + i));
          }
          float scale = (high - low) / 255;
          double zero = scale == 0 ? 0 : Math.rint(Math.clamp(-low / scale, 0f, 255f));
          Vectors.set(out[0].address(), scale);
          Vectors.setInt(out[1].address(), (int) zero);
        };
    DType[] types = {DType.F32, DType.I32};
    Shape[] shapes = {Shape.SCALAR, Shape.SCALAR};
    Tensor[] found = PlainOp.applyAll("range", types, shapes, range, x);
    Tensor scale = found[0].expand(x.shape().dims());
    Tensor zero = found[1].expand(x.shape().dims());
    return new Value[] {
      Value.of(rounded(x, scale, zero, OnnxType.UINT8), OnnxType.UINT8),
      Value.of(found[0], OnnxType.FLOAT),
      Value.of(found[1], OnnxType.UINT8)
    };
  }

  // ---- products

  /** Integers less their zero points, which may be one for each row or column. */
  private static Tensor centred(Call c, int x, int zero, boolean rows) {
    Value v = c.value(x);
    if (!c.has(zero)) {
      return v.tensor();
    }
    Tensor z = c.tensor(zero);
    int[] dims =
        z.size() == 1
            ? new int[0]
            : z.rank() > 1 ? z.shape().dims() : rows ? new int[] {z.dim(0), 1} : z.shape().dims();
    Value shaped = Value.of(z.reshape(Shape.of(dims)), OnnxType.INT32);
    Value wide = Value.of(v.tensor(), OnnxType.INT32);
    shaped.derived();
    wide.derived();
    return Arithmetic.integers(IntegerKind.SUB, wide, shaped).tensor();
  }

  /** A batch of integer products. */
  private static Tensor product(Tensor a, Tensor b) {
    int m = a.dim(-2);
    int k = a.dim(-1);
    int n = b.dim(-1);
    long batches = a.size() / Math.max(1, m * k);
    boolean shared = b.rank() == 2;
    if (b.dim(-2) != k || !shared && b.size() / Math.max(1, k * n) != batches) {
      throw new IllegalArgumentException(a.shape() + " times " + b.shape());
    }
    PlainOp.Body body =
        (in, out) -> {
          for (long r = 0; r < batches * m; r++) {
            long right = in[1].address() + (shared ? 0 : 4L * (r / m) * k * n);
            for (int j = 0; j < n; j++) {
              int sum = 0;
              for (int i = 0; i < k; i++) {
                int x = Vectors.getInt(in[0].address() + 4 * (r * k + i));
                sum += x * Vectors.getInt(right + 4L * ((long) i * n + j));
              }
              Vectors.setInt(out[0].address() + 4 * (r * n + j), sum);
            }
          }
        };
    return PlainOp.ints("matmulInteger", a.shape().with(a.rank() - 1, n), body, a, b);
  }

  private static Value[] matMulInteger(Call c) {
    Tensor y = product(centred(c, 0, 2, true), centred(c, 1, 3, false));
    return new Value[] {Value.of(y, OnnxType.INT32)};
  }

  private static Value[] matMul(Call c) {
    Tensor sums = product(centred(c, 0, 2, true), centred(c, 3, 5, false));
    OnnxType type = c.value(7).type();
    Tensor a = c.x(1).rank() == 1 && c.x(1).size() > 1 ? c.x(1).unsqueeze(1) : c.x(1);
    Tensor scale = a.mul(c.x(4)).div(c.x(6));
    return new Value[] {Value.of(rescaled(sums, scale, c.tensor(7), type), type)};
  }

  /** {@code round(sum·scale) + zero}, limited to the type. */
  static Tensor rescaled(Tensor sums, Tensor scale, Tensor zero, OnnxType type) {
    Tensor factor =
        scale.size() == 1
            ? scale.reshape(Shape.SCALAR).expand(sums.shape().dims())
            : scale.expand(sums.shape().dims());
    long low = type.lowest();
    long high = type.highest();
    PlainOp.Body body =
        (in, out) -> {
          long n = 4 * out[0].size();
          int z = Vectors.getInt(in[2].address());
          for (long i = 0; i < n; i += 4) {
            float q = Vectors.getInt(in[0].address() + i) * Vectors.get(in[1].address() + i);
            long v = (long) Math.rint(q) + z;
            Vectors.setInt(out[0].address() + i, (int) Math.clamp(v, low, high));
          }
        };
    return PlainOp.ints("requantize", sums.shape(), body, sums, factor, zero);
  }
}
