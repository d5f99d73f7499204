package dev.harpia.tests;

import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Affine;
import dev.harpia.tensor.op.MatMul;
import java.util.List;
import java.util.function.Function;

/** Matrix products and what is made of them. */
final class ProductCases {
  private ProductCases() {}

  static void add(List<OpCase> cases) {
    Function<Tensor[], Tensor> matmul = t -> t[0].matmul(t[1]);
    cases.add(
        new OpCase(
            "matmul",
            MatMul.class,
            (r, n) -> OpCases.two(OpCases.spread(r, 5, n), OpCases.spread(r, n, 7)),
            matmul));
    cases.add(
        new OpCase(
            "matmul batch",
            MatMul.class,
            (r, n) -> OpCases.two(OpCases.spread(r, 3, 4, n), OpCases.spread(r, 3, n, 5)),
            matmul));
    cases.add(
        new OpCase(
            "matmul shared right",
            MatMul.class,
            (r, n) -> OpCases.two(OpCases.spread(r, 3, 4, n), OpCases.spread(r, n, 5)),
            matmul));
    cases.add(
        new OpCase(
            "matmul shared left",
            MatMul.class,
            (r, n) -> OpCases.two(OpCases.spread(r, 4, n), OpCases.spread(r, 3, n, 5)),
            matmul));
    cases.add(
        new OpCase(
            "matmul broadcast",
            MatMul.class,
            (r, n) -> OpCases.two(OpCases.spread(r, 2, 1, 4, n), OpCases.spread(r, 3, n, 5)),
            matmul));
    cases.add(
        new OpCase(
            "vector · matrix",
            MatMul.class,
            (r, n) -> OpCases.two(OpCases.spread(r, n), OpCases.spread(r, n, 5)),
            matmul));
    cases.add(
        new OpCase(
            "matrix · vector",
            MatMul.class,
            (r, n) -> OpCases.two(OpCases.spread(r, 5, n), OpCases.spread(r, n)),
            matmul));
    cases.add(
        new OpCase(
            "vector · vector",
            MatMul.class,
            (r, n) -> OpCases.two(OpCases.spread(r, n), OpCases.spread(r, n)),
            matmul));
    cases.add(
        new OpCase(
            "matmulT",
            MatMul.class,
            (r, n) -> OpCases.two(OpCases.spread(r, 5, n), OpCases.spread(r, 7, n)),
            t -> t[0].matmulT(t[1])));
    for (boolean tb : new boolean[] {false, true}) {
      cases.add(
          new OpCase(
              "matmul transposed left" + (tb ? " and right" : ""),
              MatMul.class,
              (r, n) ->
                  OpCases.two(
                      OpCases.spread(r, 2, n, 5),
                      tb ? OpCases.spread(r, 2, 4, n) : OpCases.spread(r, 2, n, 4)),
              t -> Tensor.apply(new MatMul(true, tb), t)));
    }
    cases.add(
        new OpCase(
            "linear",
            Affine.class,
            (r, n) ->
                new Tensor[] {
                  OpCases.spread(r, 2, 3, n), OpCases.spread(r, 5, n), OpCases.spread(r, 5)
                },
            t -> Tensor.apply(new Affine(), t)));
    cases.add(
        new OpCase(
            "linear without bias",
            Affine.class,
            (r, n) -> OpCases.two(OpCases.spread(r, 3, n), OpCases.spread(r, 5, n)),
            t -> Tensor.apply(new Affine(), t)));
    cases.add(
        new OpCase(
            "einsum",
            MatMul.class,
            (r, n) -> OpCases.two(OpCases.spread(r, 2, 3, n), OpCases.spread(r, 2, 4, n)),
            t -> Tensor.einsum("bid,bjd->bij", t)));
  }
}
