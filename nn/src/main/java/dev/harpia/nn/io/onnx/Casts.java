package dev.harpia.nn.io.onnx;

import static dev.harpia.tensor.Expr.xi;

import dev.harpia.simd.Vectors;
import dev.harpia.tensor.Formula;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Compare;
import dev.harpia.tensor.op.Pointwise;

/**
 * Changes of type. Inside a plan floats have 32 bits and integers, too; a cast to a narrower type
 * rounds or wraps to it.
 */
final class Casts {
  private static final Formula TO_FLOAT = Formula.of("toFloat", xi(0));

  private Casts() {}

  static void register(Operators.Registry r) {
    r.add(
        "Cast",
        c -> single(cast(c.value(0), OnnxType.of(c.integer("to", 0)), c.flag("saturate", true))));
    r.add("CastLike", c -> single(cast(c.value(0), c.value(1).type(), c.flag("saturate", true))));
  }

  private static Value[] single(Value v) {
    return new Value[] {v};
  }

  static Tensor toFloat(Value v) {
    return v.dynamic()
        ? Tensor.apply(new Pointwise(TO_FLOAT), v.tensor())
        : Value.constant(v.numbers(), v.shape());
  }

  static Value cast(Value v, OnnxType to, boolean saturate) {
    if (to == OnnxType.OTHER) {
      throw new UnsupportedCase("a cast to a type that tensors cannot hold");
    }
    if (to.isFloat()) {
      Tensor x = v.isFloat() ? v.tensor() : toFloat(v);
      return Value.of(to.narrowFloat() && to != v.type() ? rounded(x, to, saturate) : x, to);
    }
    if (to == OnnxType.BOOL) {
      return v.isFloat()
          ? Value.of(Tensor.apply(Compare.NE, v.tensor(), Value.constant(0)), OnnxType.BOOL)
          : Arithmetic.not(Arithmetic.not(v));
    }
    if (v.dynamic()) {
      return Value.of(v.isFloat() ? truncated(v.tensor(), to) : wrapped(v, to), to);
    }
    long[] from = v.longs();
    long[] wrapped = new long[from.length];
    for (int i = 0; i < from.length; i++) {
      wrapped[i] = to.wrap(from[i]);
    }
    return Value.ofLongs(wrapped, v.shape(), to);
  }

  /** The nearest numbers of a narrower type. */
  static Tensor rounded(Tensor x, OnnxType to, boolean saturate) {
    PlainOp.Body body =
        (in, out) -> {
          long n = 4 * out[0].size();
          for (long i = 0; i < n; i += 4) {
            float v = Vectors.get(in[0].address() + i);
            Vectors.set(out[0].address() + i, NarrowFloats.round(v, to, saturate));
          }
        };
    return PlainOp.floats("castTo" + to, x.shape(), body, x);
  }

  /** Floats as integers, rounded toward zero. */
  private static Tensor truncated(Tensor x, OnnxType to) {
    PlainOp.Body body =
        (in, out) -> {
          long n = 4 * out[0].size();
          for (long i = 0; i < n; i += 4) {
            float v = Vectors.get(in[0].address() + i);
            long whole =
                switch (to) {
                  case INT32 -> (int) v;
                  case INT4, UINT4 ->
                      Math.clamp((long) Math.rint(v), (int) to.lowest(), (int) to.highest());
                  default -> to.wrap((long) v);
                };
            if ((int) whole != whole && Math.abs(v) < 0x1p63) {
              throw new ArithmeticException(
                  "cast: " + v + " does not fit the 32 bits that integers have");
            }
            Vectors.setInt(
                out[0].address() + i, Math.clamp(whole, Integer.MIN_VALUE, Integer.MAX_VALUE));
          }
        };
    return PlainOp.ints("castTo" + to, x.shape(), body, x);
  }

  private static Tensor wrapped(Value v, OnnxType to) {
    Shape s = v.shape();
    boolean wider =
        to.lowest() <= v.type().lowest() && to.highest() >= v.type().highest()
            || v.type() == OnnxType.BOOL;
    if (wider || to == OnnxType.INT32) {
      return v.tensor();
    }
    PlainOp.Body body =
        (in, out) -> {
          long n = 4 * out[0].size();
          for (long i = 0; i < n; i += 4) {
            long w = to.wrap(Vectors.getInt(in[0].address() + i));
            if ((int) w != w) {
              throw new ArithmeticException(
                  "cast: " + w + " does not fit the 32 bits that integers have");
            }
            Vectors.setInt(out[0].address() + i, (int) w);
          }
        };
    return PlainOp.ints("castTo" + to, s, body, v.tensor());
  }
}
