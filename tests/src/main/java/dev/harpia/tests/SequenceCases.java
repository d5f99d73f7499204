package dev.harpia.tests;

import static dev.harpia.tests.OpCases.ints;
import static dev.harpia.tests.OpCases.one;
import static dev.harpia.tests.OpCases.spread;
import static dev.harpia.tests.OpCases.two;

import dev.harpia.nn.LikelihoodLoss;
import dev.harpia.nn.Loss;
import dev.harpia.nn.RotaryEmbedding;
import dev.harpia.simd.RecurrentCell;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Attention;
import dev.harpia.tensor.op.CrossEntropy;
import dev.harpia.tensor.op.Recurrent;
import dev.harpia.tensor.op.Reduction;
import dev.harpia.tensor.op.Rotary;
import java.util.ArrayList;
import java.util.List;

/** Cases of recurrent layers, attention and losses over sequences. */
final class SequenceCases {
  private SequenceCases() {}

  static void add(List<OpCase> cases) {
    for (RecurrentCell cell : RecurrentCell.values()) {
      for (boolean reverse : new boolean[] {false, true}) {
        Recurrent op = new Recurrent(cell, 3, 0, true, reverse, true, true, false);
        cases.add(
            new OpCase(
                op.name() + " " + cell + (reverse ? " reversed" : ""),
                Recurrent.class,
                (r, n) -> recurrent(r, n, cell),
                t -> Tensor.applyAll(op, t)[0]));
      }
    }
    attention(cases);
    losses(cases);
    for (boolean interleaved : new boolean[] {false, true}) {
      cases.add(
          new OpCase(
              interleaved ? "rotary interleaved" : "rotary",
              Rotary.class,
              (r, n) -> one(spread(r, 2, 2, 3, 2 * n)),
              t -> new RotaryEmbedding(t[0].dim(3), 8, 100, interleaved).forward(t[0], 2)));
    }
  }

  private static Tensor[] recurrent(Rng r, int n, RecurrentCell cell) {
    int rows = 3 * cell.gates();
    int[][] shapes = {{2, 4, n}, {rows, n}, {rows, 3}, {rows}, {rows}, {2, 3}, {2, 3}};
    List<Tensor> in = new ArrayList<>();
    for (int[] shape : shapes) {
      // small enough not to saturate gates, and positive where a rectifier has its kink
      in.add(
          cell == RecurrentCell.RNN_RELU
              ? Tensor.uniform(r, 0.2f, 0.5f, Shape.of(shape))
              : Tensor.normal(r, 0, 0.3f, Shape.of(shape)));
    }
    if (cell != RecurrentCell.LSTM) {
      in.removeLast();
    }
    return in.toArray(Tensor[]::new);
  }

  private static void attention(List<OpCase> cases) {
    for (boolean causal : new boolean[] {false, true}) {
      Attention op = new Attention(4, 2, false, causal, false, false, false, false);
      cases.add(
          new OpCase(
              causal ? "attention, causal, grouped heads" : "attention, grouped heads",
              Attention.class,
              (r, n) ->
                  new Tensor[] {
                    spread(r, 2, 4, n, 3), spread(r, 2, 2, n, 3), spread(r, 2, 2, n, 3)
                  },
              t -> Tensor.applyAll(op, t)[0]));
    }
    Attention biased = new Attention(2, 2, true, false, true, false, false, false);
    cases.add(
        new OpCase(
            "attention with a bias",
            Attention.class,
            (r, n) ->
                new Tensor[] {
                  spread(r, 2, 3, 8), spread(r, 2, n, 8), spread(r, 2, n, 8), spread(r, 3, n)
                },
            t -> Tensor.applyAll(biased, t)[0]));
  }

  private static void losses(List<OpCase> cases) {
    cases.add(
        new OpCase(
            "cross-entropy",
            CrossEntropy.class,
            (r, n) -> two(spread(r, 5, n), ints(r, n, 5)),
            t -> Loss.crossEntropy(t[0], t[1], null, Reduction.NONE, 0.1f, CrossEntropy.IGNORE)));
    cases.add(
        new OpCase(
            "ctc",
            Op.class,
            (r, n) -> one(spread(r, n + 3, 2, 4)),
            t -> {
              int steps = t[0].dim(0);
              Tensor targets = Tensor.of(new int[] {1, 2, 3, 3}, Shape.of(2, 2));
              return LikelihoodLoss.ctc(
                  t[0].logSoftmax(2), targets, new int[] {steps, steps}, new int[] {2, 2}, 0);
            }));
  }
}
