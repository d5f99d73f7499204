package dev.harpia.tests;

import dev.harpia.tensor.Formula;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Binary;
import dev.harpia.tensor.op.Concat;
import dev.harpia.tensor.op.Expand;
import dev.harpia.tensor.op.Extremum;
import dev.harpia.tensor.op.Gather;
import dev.harpia.tensor.op.LogSumExp;
import dev.harpia.tensor.op.Permute;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.Reduce;
import dev.harpia.tensor.op.Reshape;
import dev.harpia.tensor.op.Slice;
import dev.harpia.tensor.op.Softmax;
import dev.harpia.tensor.op.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Every operation of the library, once or more. */
public final class OpCases {
  private OpCases() {}

  /** All cases. */
  public static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    elementwise(cases);
    layout(cases);
    reductions(cases);
    ProductCases.add(cases);
    ArrangementCases.add(cases);
    PictureCases.add(cases);
    SequenceCases.add(cases);
    return cases;
  }

  private static void elementwise(List<OpCase> cases) {
    for (Formula f :
        List.of(
            Unary.NEG,
            Unary.ABS,
            Unary.SQUARE,
            Unary.EXP,
            Unary.EXPM1,
            Unary.SIN,
            Unary.COS,
            Unary.SINH,
            Unary.COSH,
            Unary.TANH,
            Unary.ATAN,
            Unary.ERF,
            Unary.RELU,
            Unary.RELU6,
            Unary.SIGMOID,
            Unary.GELU,
            Unary.GELU_TANH,
            Unary.SILU,
            Unary.SOFTPLUS,
            Unary.SELU,
            Unary.MISH,
            Unary.HARDSWISH,
            Unary.HARDSIGMOID,
            Unary.LOG_SIGMOID,
            Unary.SOFTSIGN,
            Unary.TANHSHRINK)) {
      cases.add(
          new OpCase(f.name(), Pointwise.class, (rng, n) -> one(spread(rng, n)), t -> t[0].map(f)));
    }
    for (Formula f : List.of(Unary.SQRT, Unary.RSQRT, Unary.RECIPROCAL, Unary.LOG, Unary.LOG1P)) {
      cases.add(
          new OpCase(
              f.name(), Pointwise.class, (rng, n) -> one(positive(rng, n)), t -> t[0].map(f)));
    }
    for (Formula f : List.of(Unary.ADD_SCALAR, Unary.MUL_SCALAR, Unary.DIV_SCALAR)) {
      cases.add(
          new OpCase(
              f.name() + " scalar",
              Pointwise.class,
              (rng, n) -> one(spread(rng, n)),
              t -> t[0].map(f, 1.7f)));
    }
    cases.add(
        new OpCase(
            "pow scalar", Pointwise.class, (rng, n) -> one(positive(rng, n)), t -> t[0].pow(1.7f)));
    cases.add(
        new OpCase(
            "clamp",
            Pointwise.class,
            (rng, n) -> one(spread(rng, n)),
            t -> t[0].clamp(-0.5f, 0.7f)));
    cases.add(
        new OpCase(
            "dropout",
            Pointwise.class,
            (rng, n) -> one(spread(rng, n)),
            t -> Tensor.apply(new Pointwise(Unary.DROPOUT, 7, 0.3f, 1 / 0.7f), t)));
    for (Pointwise p : List.of(Binary.ADD, Binary.SUB, Binary.MUL, Binary.MAX, Binary.MIN)) {
      binary(cases, p, OpCases::spread);
    }
    for (Pointwise p : List.of(Binary.DIV, Binary.POW)) {
      binary(cases, p, OpCases::positive);
    }
    cases.add(
        new OpCase("x + x", Pointwise.class, (rng, n) -> one(spread(rng, n)), t -> t[0].add(t[0])));
    cases.add(
        new OpCase("x · x", Pointwise.class, (rng, n) -> one(spread(rng, n)), t -> t[0].mul(t[0])));
    cases.add(
        new OpCase(
            "where",
            Pointwise.class,
            (rng, n) -> new Tensor[] {mask(rng, n), spread(rng, n), spread(rng, n)},
            t -> Tensor.where(t[0], t[1], t[2])));
    cases.add(
        new OpCase(
            "maskedFill",
            Pointwise.class,
            (rng, n) -> new Tensor[] {spread(rng, n), mask(rng, n)},
            t -> t[0].maskedFill(t[1], -1)));
  }

  private interface Values {
    Tensor of(Rng rng, int... dims);
  }

  private static void binary(List<OpCase> cases, Pointwise p, Values values) {
    Function<Tensor[], Tensor> f = t -> Tensor.apply(p, t[0], t[1]);
    String name = p.name();
    cases.add(
        new OpCase(name, Pointwise.class, (r, n) -> two(values.of(r, n), values.of(r, n)), f));
    cases.add(
        new OpCase(
            name + " row", Pointwise.class, (r, n) -> two(values.of(r, 3, n), values.of(r, n)), f));
    cases.add(
        new OpCase(
            name + " column",
            Pointwise.class,
            (r, n) -> two(values.of(r, n, 1), values.of(r, n, 3)),
            f));
    cases.add(
        new OpCase(
            name + " outer",
            Pointwise.class,
            (r, n) -> two(values.of(r, 2, 1, n), values.of(r, 3, 1)),
            f));
    cases.add(
        new OpCase(
            name + " channel",
            Pointwise.class,
            (r, n) -> two(values.of(r, 2, 3, n), values.of(r, 1, 3, 1)),
            f));
    cases.add(
        new OpCase(
            name + " tensor, scalar",
            Pointwise.class,
            (r, n) -> two(values.of(r, 2, n), values.of(r)),
            f));
    cases.add(
        new OpCase(
            name + " scalar, tensor",
            Pointwise.class,
            (r, n) -> two(values.of(r), values.of(r, n)),
            f));
  }

  private static void layout(List<OpCase> cases) {
    cases.add(
        new OpCase(
            "reshape", Reshape.class, (r, n) -> one(spread(r, 2, n, 3)), t -> t[0].reshape(-1, 6)));
    cases.add(
        new OpCase(
            "slice leading",
            Slice.class,
            (r, n) -> one(spread(r, n + 2, 3)),
            t -> t[0].slice(0, 1, -1)));
    cases.add(
        new OpCase(
            "slice inner",
            Slice.class,
            (r, n) -> one(spread(r, 3, n + 2)),
            t -> t[0].slice(1, 1, -1)));
    cases.add(
        new OpCase(
            "slice middle",
            Slice.class,
            (r, n) -> one(spread(r, 2, n + 1, 5)),
            t -> t[0].slice(1, 1, t[0].dim(1))));
    cases.add(
        new OpCase(
            "concat",
            Concat.class,
            (r, n) -> two(spread(r, 2, n, 3), spread(r, 2, 4, 3)),
            t -> Tensor.concat(1, t)));
    cases.add(
        new OpCase(
            "stack",
            Concat.class,
            (r, n) -> two(spread(r, 2, n), spread(r, 2, n)),
            t -> Tensor.stack(1, t)));
    cases.add(
        new OpCase(
            "transpose", Permute.class, (r, n) -> one(spread(r, n, 5)), t -> t[0].transpose(0, 1)));
    cases.add(
        new OpCase(
            "permute",
            Permute.class,
            (r, n) -> one(spread(r, 2, n, 3, 4)),
            t -> t[0].permute(2, 0, 3, 1)));
    cases.add(
        new OpCase(
            "expand",
            Expand.class,
            (r, n) -> one(spread(r, n, 1, 3)),
            t -> t[0].expand(2, t[0].dim(0), 4, 3)));
    cases.add(
        new OpCase(
            "embedding",
            Gather.class,
            (r, n) -> two(spread(r, 7, n), Tensor.of(new int[] {1, 6, 1, 0, 5, 1}, Shape.of(2, 3))),
            t -> t[0].embedding(t[1])));
    cases.add(
        new OpCase(
            "indexSelect",
            Gather.class,
            (r, n) -> two(spread(r, 3, 7, n), Tensor.of(4, 0, 4)),
            t -> t[0].indexSelect(1, t[1])));
    cases.add(
        new OpCase(
            "gather",
            Gather.class,
            (r, n) -> two(spread(r, 2, 5, n), ints(r, 5, 2, 3, n)),
            t -> t[0].gather(1, t[1])));
  }

  private static void reductions(List<OpCase> cases) {
    cases.add(new OpCase("sum", Reduce.class, (r, n) -> one(spread(r, 3, n)), t -> t[0].sum()));
    cases.add(new OpCase("mean", Reduce.class, (r, n) -> one(spread(r, 3, n)), t -> t[0].mean()));
    cases.add(
        new OpCase("sum rows", Reduce.class, (r, n) -> one(spread(r, 3, n)), t -> t[0].sum(1)));
    cases.add(
        new OpCase("sum columns", Reduce.class, (r, n) -> one(spread(r, n, 5)), t -> t[0].sum(0)));
    cases.add(
        new OpCase(
            "sum of two axes",
            Reduce.class,
            (r, n) -> one(spread(r, 3, 4, n)),
            t -> t[0].sum(0, 2)));
    cases.add(
        new OpCase(
            "mean of three axes",
            Reduce.class,
            (r, n) -> one(spread(r, 2, 3, 4, n)),
            t -> t[0].mean(0, 2, 3)));
    cases.add(
        new OpCase("var", Reduce.class, (r, n) -> one(spread(r, 3, n + 1)), t -> t[0].var(1)));
    cases.add(
        new OpCase(
            "max",
            Extremum.class,
            (r, n) -> one(GradientCheck.apart(r, Shape.of(3, n, 2))),
            t -> t[0].max(1)));
    cases.add(
        new OpCase(
            "min",
            Extremum.class,
            (r, n) -> one(GradientCheck.apart(r, Shape.of(3, n))),
            t -> t[0].min(1)));
    for (int axis : new int[] {-1, 1}) {
      cases.add(
          new OpCase(
              "softmax " + axis,
              Softmax.class,
              (r, n) -> one(spread(r, 3, n, 2)),
              t -> t[0].softmax(axis)));
      cases.add(
          new OpCase(
              "logSoftmax " + axis,
              Softmax.class,
              (r, n) -> one(spread(r, 3, 2, n)),
              t -> t[0].logSoftmax(axis)));
      cases.add(
          new OpCase(
              "logSumExp " + axis,
              LogSumExp.class,
              (r, n) -> one(spread(r, 3, n, 2)),
              t -> t[0].logSumExp(axis)));
    }
  }

  // ---- operands

  static Tensor[] one(Tensor t) {
    return new Tensor[] {t};
  }

  static Tensor[] two(Tensor a, Tensor b) {
    return new Tensor[] {a, b};
  }

  /** Values on both sides of zero, away from kinks. */
  public static Tensor spread(Rng rng, int... dims) {
    Tensor t = Tensor.normal(rng, 0, 1, Shape.of(dims));
    float[] v = t.toArray();
    for (int i = 0; i < v.length; i++) {
      // at least 0.05 from the multiples of 0.1 where functions of the list have kinks
      v[i] = (float) (Math.floor(v[i] * 10) / 10 + 0.05);
    }
    t.copyFrom(v);
    return t;
  }

  /** Values in [0.7, 2). */
  public static Tensor positive(Rng rng, int... dims) {
    return Tensor.uniform(rng, 0.7f, 2, Shape.of(dims));
  }

  private static Tensor mask(Rng rng, int n) {
    return ints(rng, 2, n);
  }

  static Tensor ints(Rng rng, int bound, int... dims) {
    Shape s = Shape.of(dims);
    int[] v = new int[Math.toIntExact(s.size())];
    Arrays.setAll(v, i -> rng.below(bound));
    return Tensor.of(v, s);
  }
}
