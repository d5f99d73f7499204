package dev.harpia.simd;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/** Recurrent, attention and rotary kernels as named calls with a hash of their results' bits. */
final class SequenceCases {
  /** One call, and the hash of what it wrote. */
  record Case(String name, Runnable call, IntSupplier hash) {}

  private SequenceCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    int[][] sizes = {{1, 1, 9, 33}, {5, 3, 6, 21}, {2, 6, 5, 16}};
    for (RecurrentCell cell : RecurrentCell.values()) {
      for (int[] s : sizes) {
        recurrent(cases, new RecurrentShape(cell, s[0], s[1], s[2], s[3], 0, true, false));
      }
    }
    recurrent(cases, new RecurrentShape(RecurrentCell.LSTM, 5, 2, 6, 21, 10, false, true));
    attention(cases, new AttentionCase(1, 2, 1, 21, 35, 12, true, 14), true);
    attention(cases, new AttentionCase(2, 2, 2, 18, 18, 16, false, 0), false);
    attention(cases, new AttentionCase(1, 2, 2, 1, 37, 32, false, 0), false);
    attention(cases, new AttentionCase(1, 1, 1, 130, 9, 5, false, 0), false);
    rotary(cases);
    return cases;
  }

  private static void recurrent(List<Case> cases, RecurrentShape shape) {
    var c = new RecurrentCase(shape, false, false);
    cases.add(
        new Case(
            shape.toString(),
            () -> {
              c.forward();
              c.backward();
            },
            c::hash));
  }

  private static void attention(List<Case> cases, AttentionCase c, boolean masks) {
    var random = new SplittableRandom(1);
    c.random(random);
    if (masks) {
      c.bias(random, 0);
      c.blocked(random);
      c.padding(random);
      c.wantWeights = true;
    }
    c.run(true);
    cases.add(
        new Case(
            c.pass.shape.toString(),
            () -> {
              c.pass.forward();
              c.pass.backward();
            },
            c::hash));
  }

  private static void rotary(List<Case> cases) {
    var m = new Guarded();
    int d = 70;
    long cos = m.empty(10 * d / 2);
    long sin = m.empty(10 * d / 2);
    Rotary.tables(cos, sin, 10, d, 10000);
    long x = m.of(Guarded.random(new SplittableRandom(2), 10 * d, 1));
    long y = m.empty(10 * d);
    HeadLayout l = HeadLayout.split(1, 10, d);
    for (boolean interleaved : new boolean[] {false, true}) {
      cases.add(
          new Case(
              "rotary interleaved " + interleaved,
              () -> Rotary.turn(y, l, x, l, cos, sin, 1, 1, 10, d, 0, interleaved, false, false),
              () -> RecurrentCase.hash(1, y, 10 * d)));
    }
  }

  /** One line per case, after so many calls of each. */
  static List<String> lines(int calls) {
    List<String> lines = new ArrayList<>();
    for (Case c : all()) {
      for (int i = 0; i < calls; i++) {
        c.call.run();
      }
      lines.add(c.name + " " + c.hash.getAsInt());
    }
    return lines;
  }
}
