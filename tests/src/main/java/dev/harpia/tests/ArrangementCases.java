package dev.harpia.tests;

import static dev.harpia.tests.OpCases.ints;
import static dev.harpia.tests.OpCases.one;
import static dev.harpia.tests.OpCases.positive;
import static dev.harpia.tests.OpCases.spread;
import static dev.harpia.tests.OpCases.two;

import dev.harpia.tensor.Formula;
import dev.harpia.tensor.Padding;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.AxisCopy;
import dev.harpia.tensor.op.Binary;
import dev.harpia.tensor.op.Compare;
import dev.harpia.tensor.op.Cumulative;
import dev.harpia.tensor.op.EmbeddingBag;
import dev.harpia.tensor.op.Order;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.ScatterAdd;
import dev.harpia.tensor.op.Triangle;
import dev.harpia.tensor.op.Unary;
import java.util.List;
import java.util.function.UnaryOperator;

/** Cases of operations that pad, order, scan and compare, and of functions with settings. */
final class ArrangementCases {
  private ArrangementCases() {}

  static void add(List<OpCase> cases) {
    copies(cases);
    bags(cases);
    ordered(cases);
    settings(cases);
    for (Compare c : new Compare[] {Compare.GT, Compare.GE, Compare.LT, Compare.LE, Compare.EQ}) {
      cases.add(
          new OpCase(
              "compare " + c.name(),
              Compare.class,
              (r, n) -> two(GradientCheck.apart(r, Shape.of(3, n)), positive(r, 3, n)),
              t -> Tensor.where(Tensor.apply(c, t[0], Tensor.scalar(0)), t[1], t[0])));
    }
  }

  private static void copy(List<OpCase> cases, String name, UnaryOperator<Tensor> f) {
    cases.add(
        new OpCase(
            name, AxisCopy.class, (r, n) -> one(spread(r, 2, n + 2, 3)), t -> f.apply(t[0])));
  }

  private static void copies(List<OpCase> cases) {
    for (Padding mode : Padding.values()) {
      copy(cases, "pad " + mode, x -> x.pad(1, 2, 1, mode, 0.5f));
    }
    cases.add(
        new OpCase(
            "pad2d",
            AxisCopy.class,
            (r, n) -> one(spread(r, 1, 2, 4, n + 2)),
            t -> t[0].pad2d(Padding.REFLECT, 0, 2, 1, 1, 3)));
    copy(cases, "flip", x -> x.flip(0, 1));
    copy(cases, "roll", x -> x.roll(2, 1));
    copy(cases, "roll back", x -> x.roll(-1, -1));
    copy(cases, "repeat", x -> x.repeat(2, 3, 1));
    copy(cases, "slice with a step", x -> x.slice(1, 1, x.dim(1), 2));
    for (int diagonal : new int[] {-2, 0, 1}) {
      cases.add(
          new OpCase(
              "tril " + diagonal,
              Triangle.class,
              (r, n) -> one(spread(r, 2, 5, n)),
              t -> t[0].tril(diagonal)));
      cases.add(
          new OpCase(
              "triu " + diagonal,
              Triangle.class,
              (r, n) -> one(spread(r, 2, n, 5)),
              t -> t[0].triu(diagonal)));
    }
    cases.add(
        new OpCase(
            "scatterAdd",
            ScatterAdd.class,
            (r, n) -> new Tensor[] {spread(r, 2, 5, n), ints(r, 5, 2, 3, n), spread(r, 2, 3, n)},
            t -> t[0].scatterAdd(1, t[1], t[2])));
  }

  private static void bags(List<OpCase> cases) {
    for (boolean mean : new boolean[] {false, true}) {
      cases.add(
          new OpCase(
              mean ? "embeddingBag of means" : "embeddingBag",
              EmbeddingBag.class,
              (r, n) -> new Tensor[] {spread(r, 7, n), ints(r, 7, 6), Tensor.of(0, 2, 2, 5)},
              t -> Tensor.apply(new EmbeddingBag(mean), t)));
    }
  }

  private static void ordered(List<OpCase> cases) {
    cases.add(
        new OpCase(
            "cumsum", Cumulative.class, (r, n) -> one(spread(r, 2, n, 3)), t -> t[0].cumsum(1)));
    cases.add(
        new OpCase(
            "cumprod", Cumulative.class, (r, n) -> one(spread(r, 2, 4, n)), t -> t[0].cumprod(1)));
    cases.add(
        new OpCase("prod", Cumulative.class, (r, n) -> one(spread(r, 2, 4, n)), t -> t[0].prod(1)));
    cases.add(
        new OpCase(
            "sort",
            Order.class,
            (r, n) -> one(GradientCheck.apart(r, Shape.of(3, n))),
            t -> t[0].sort(-1, true).get(0)));
    cases.add(
        new OpCase(
            "sort of an inner axis",
            Order.class,
            (r, n) -> one(GradientCheck.apart(r, Shape.of(2, n, 3))),
            t -> t[0].sort(1, false).get(0)));
    cases.add(
        new OpCase(
            "topk",
            Order.class,
            (r, n) -> one(GradientCheck.apart(r, Shape.of(3, n + 1))),
            t -> t[0].topk(2, -1).get(0)));
  }

  private static void mapped(List<OpCase> cases, Formula f, float... settings) {
    cases.add(
        new OpCase(
            f.name(), Pointwise.class, (r, n) -> one(spread(r, n)), t -> t[0].map(f, settings)));
  }

  private static void settings(List<OpCase> cases) {
    mapped(cases, Unary.LEAKY_RELU, 0.2f);
    mapped(cases, Unary.ELU, 1.6f);
    mapped(cases, Unary.CELU, 1.6f);
    mapped(cases, Unary.HARDTANH, -0.5f, 0.7f);
    mapped(cases, Unary.HARDSHRINK, 0.5f);
    mapped(cases, Unary.SOFTSHRINK, 0.5f);
    mapped(cases, Unary.THRESHOLD, 0.3f, -2);
    mapped(cases, Unary.SOFTPLUS_BETA, 1.5f, 15);
    for (Pointwise p : List.of(Binary.PRELU, Binary.GLU, Binary.SWIGLU)) {
      cases.add(
          new OpCase(
              p.name(),
              Pointwise.class,
              (r, n) -> two(spread(r, 2, n), spread(r, n)),
              t -> Tensor.apply(p, t)));
    }
  }
}
