package dev.harpia.tensor.op;

import dev.harpia.simd.Broadcast;
import dev.harpia.simd.Elementwise;
import dev.harpia.simd.Kernel;
import dev.harpia.simd.Reductions;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Expr;
import dev.harpia.tensor.ExprKind;
import dev.harpia.tensor.Formula;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * An elementwise operation: a {@link Formula} applied to each element of operands that broadcast as
 * NumPy's do.
 *
 * @param seed what fixes the random draws of the formula, if it has any
 */
public record Pointwise(Formula formula, float p0, float p1, float p2, float p3, long seed)
    implements Op {
  private static final DType[] FLOAT = {DType.F32};

  /** A formula without random draws. */
  public Pointwise(Formula formula, float... parameters) {
    this(formula, 0, parameters);
  }

  /** A formula whose random draws are fixed by {@code seed}. */
  public Pointwise(Formula formula, long seed, float... parameters) {
    this(
        formula,
        at(formula, parameters, 0),
        at(formula, parameters, 1),
        at(formula, parameters, 2),
        at(formula, parameters, 3),
        seed);
  }

  private static float at(Formula formula, float[] parameters, int i) {
    if (parameters.length != formula.parameters() || parameters.length > 4) {
      throw new IllegalArgumentException(
          formula.name()
              + ": "
              + parameters.length
              + " parameters given; it takes "
              + formula.parameters()
              + ", at most 4");
    }
    return i < parameters.length ? parameters[i] : 0;
  }

  @Override
  public String name() {
    return formula.name();
  }

  @Override
  public boolean inPlace() {
    return true;
  }

  @Override
  public Shape[] shapes(Shape... in) {
    if (in.length != formula.arity()) {
      throw new IllegalArgumentException(
          name() + ": " + in.length + " operands given; it takes " + formula.arity());
    }
    Shape s = in[0];
    for (int i = 1; i < in.length; i++) {
      s = s.broadcast(name(), in[i]);
    }
    return new Shape[] {s};
  }

  @Override
  public DType[] types(DType... in) {
    for (int i = 0; i < in.length && i < formula.arity(); i++) {
      if (in[i] != formula.operand(i)) {
        throw new IllegalArgumentException(
            name()
                + ": operand "
                + i
                + " is "
                + in[i]
                + "; it must be "
                + formula.operand(i)
                + (in[i] == DType.I32 ? ": convert it with toFloat()" : ""));
      }
    }
    return FLOAT;
  }

  @Override
  public void forward(Tensor[] in, Tensor[] out, Tensor[] saved) {
    run(formula.kernel(), out[0], in, null, null);
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    Kernel k = formula.kernel();
    for (Tensor t : in) {
      if (!t.shape().equals(out[0].shape())) {
        Broadcast b = broadcast(out[0], in, null, null);
        return () -> run(k, b, out[0], in, null, null);
      }
    }
    return () -> run(k, null, out[0], in, null, null);
  }

  @Override
  public void backward(
      Tensor[] in, Tensor[] out, Tensor[] saved, @Nullable Tensor[] gOut, GradientSink gIn) {
    Tensor g = gOut[0];
    if (g == null) {
      return;
    }
    for (int i = 0; i < in.length; i++) {
      if (!gIn.wanted(i)) {
        continue;
      }
      boolean direct = in[i].shape().equals(out[0].shape());
      boolean plain = isOne(formula.slope(i));
      if (direct && plain) {
        Pass.through(g, gIn, i);
      } else if (direct) {
        Kernel k = formula.gradient(i);
        boolean add = gIn.accumulate(i);
        run(add ? k.accumulating() : k, gIn.target(i), in, out[0], g);
      } else {
        Tensor full = g;
        if (!plain) {
          full = gIn.temporary(out[0].shape());
          run(formula.gradient(i), full, in, out[0], g);
        }
        boolean add = gIn.accumulate(i);
        sumTo(full, gIn.target(i), add, gIn);
      }
    }
  }

  private static boolean isOne(Expr e) {
    return e.kind() == ExprKind.CONSTANT && e.value() == 1;
  }

  /**
   * Runs a kernel whose addresses are: output, operands and, for gradients, the value and its
   * gradient.
   */
  private void run(Kernel k, Tensor out, Tensor[] in, @Nullable Tensor value, @Nullable Tensor g) {
    boolean equal = true;
    for (Tensor t : in) {
      equal &= t.shape().equals(out.shape());
    }
    run(k, equal ? null : broadcast(out, in, value, g), out, in, value, g);
  }

  private static Broadcast broadcast(
      Tensor out, Tensor[] in, @Nullable Tensor value, @Nullable Tensor g) {
    int[][] shapes = new int[count(in, value)][];
    for (int i = 0; i < shapes.length; i++) {
      shapes[i] = operand(i, in, value, g).shape().dims();
    }
    return Broadcast.of(out.shape().dims(), shapes);
  }

  private static int count(Tensor[] in, @Nullable Tensor value) {
    return in.length + (value == null ? 0 : 2);
  }

  private void run(
      Kernel k,
      @Nullable Broadcast b,
      Tensor out,
      Tensor[] in,
      @Nullable Tensor value,
      @Nullable Tensor g) {
    int n = count(in, value);
    boolean padded = out.writablePadding();
    for (int i = 0; i < n; i++) {
      padded &= operand(i, in, value, g).readablePadding();
    }
    long a0 = out.address();
    long a1 = address(0, n, in, value, g);
    long a2 = address(1, n, in, value, g);
    long a3 = address(2, n, in, value, g);
    long a4 = address(3, n, in, value, g);
    long a5 = address(4, n, in, value, g);
    long a6 = address(5, n, in, value, g);
    long a7 = address(6, n, in, value, g);
    if (b == null) {
      Elementwise.run(
          k,
          out.size(),
          padded,
          0,
          seed,
          a0,
          a1,
          a2,
          a3,
          a4,
          a5,
          a6,
          a7,
          p0,
          p1,
          p2,
          p3,
          0,
          0,
          0,
          0);
    } else {
      b.run(k, padded, 0, seed, a0, a1, a2, a3, a4, a5, a6, a7, p0, p1, p2, p3, 0, 0, 0, 0);
    }
  }

  private static Tensor operand(int i, Tensor[] in, @Nullable Tensor value, @Nullable Tensor g) {
    if (i < in.length) {
      return in[i];
    }
    Tensor t = i == in.length ? value : g;
    if (t == null) {
      throw new IllegalStateException("no operand " + i);
    }
    return t;
  }

  private static long address(
      int i, int n, Tensor[] in, @Nullable Tensor value, @Nullable Tensor g) {
    return i < n ? operand(i, in, value, g).address() : 0;
  }

  /**
   * Sums over the axes along which an operand was repeated: groups of adjacent axes, the last group
   * first.
   */
  static void sumTo(Tensor full, Tensor target, boolean add, GradientSink gIn) {
    Shape from = full.shape();
    Shape to = target.shape();
    int lead = from.rank() - to.rank();
    long[] sizes = new long[from.rank() + 1];
    boolean[] summed = new boolean[from.rank() + 1];
    int groups = 0;
    for (int d = 0; d < from.rank(); d++) {
      boolean s = d < lead || to.dim(d - lead) != from.dim(d);
      if (from.dim(d) == 1) {
        continue;
      }
      if (groups > 0 && summed[groups - 1] == s) {
        sizes[groups - 1] *= from.dim(d);
      } else {
        summed[groups] = s;
        sizes[groups++] = from.dim(d);
      }
    }
    int left = 0;
    for (int i = 0; i < groups; i++) {
      left += summed[i] ? 1 : 0;
    }
    if (left == 0 || full.size() == 0) {
      Reductions.sum(
          target.address(), full.address(), target.size(), full.size() == 0 ? 0 : 1, 1, 1, add);
      return;
    }
    Tensor source = full;
    for (int i = groups - 1; i >= 0; i--) {
      if (!summed[i]) {
        continue;
      }
      long outer = 1;
      for (int j = 0; j < i; j++) {
        outer *= sizes[j];
      }
      long inner = 1;
      for (int j = i + 1; j < groups; j++) {
        inner *= summed[j] ? 1 : sizes[j];
      }
      boolean last = --left == 0;
      Tensor into = last ? target : gIn.temporary(Shape.of(Math.toIntExact(outer * inner)));
      Reductions.sum(into.address(), source.address(), outer, sizes[i], inner, 1, last && add);
      source = into;
    }
  }
}
