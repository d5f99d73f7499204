package dev.harpia.nn.io.onnx;

import dev.harpia.simd.RecurrentCell;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Recurrent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * LSTM, GRU and RNN. ONNX has the gates in another order than our cells, X as [T, N, in] and Y as
 * [T, directions, N, H].
 */
final class Recurrences {
  private Recurrences() {}

  static void register(Operators.Registry r) {
    r.add("LSTM", c -> run(c, RecurrentCell.LSTM, 0, 2, 3, 1)); // i o f c to i f c o
    r.add("GRU", c -> run(c, RecurrentCell.GRU, 1, 0, 2)); // z r h to r z h
    r.add("RNN", c -> run(c, plain(c), 0));
  }

  private static RecurrentCell plain(Call c) {
    List<String> f = c.texts("activations");
    String first = f.isEmpty() ? "tanh" : f.getFirst().toLowerCase(Locale.ROOT);
    return switch (first) {
      case "tanh" -> RecurrentCell.RNN_TANH;
      case "relu" -> RecurrentCell.RNN_RELU;
      default -> RecurrentCell.RNN_TANH; // unrolled with its own activation
    };
  }

  /** Whether the fast cells compute what is asked for. */
  private static boolean usual(Call c, RecurrentCell cell) {
    List<String> usual =
        switch (cell) {
          case LSTM -> List.of("sigmoid", "tanh", "tanh");
          case GRU -> List.of("sigmoid", "tanh");
          case RNN_TANH -> List.of("tanh");
          case RNN_RELU -> List.of("relu");
        };
    List<String> given = c.texts("activations");
    for (int i = 0; i < given.size(); i++) {
      if (!given.get(i).toLowerCase(Locale.ROOT).equals(usual.get(i % usual.size()))) {
        return false;
      }
    }
    return !c.set("clip")
        && !c.flag("input_forget", false)
        && !(cell == RecurrentCell.LSTM && c.has(7))
        && !(cell == RecurrentCell.GRU && !c.flag("linear_before_reset", false));
  }

  private static Tensor[] unrolled(
      Call c, String kind, int d, boolean batchFirst, boolean reverse, Tensor h0, Tensor c0) {
    int hidden = c.shape(2).dim(-1);
    Tensor x = batchFirst ? c.x(0).transpose(0, 1) : c.x(0);
    int rows = c.shape(2).dim(1);
    Tensor b =
        c.has(3) ? c.x(3).select(0, d) : Value.constant(new float[2 * rows], Shape.of(2 * rows));
    Tensor[] out =
        new Unrolled(c, kind, hidden, d)
            .run(
                x,
                c.x(1).select(0, d),
                c.x(2).select(0, d),
                b.slice(0, 0, rows),
                b.slice(0, rows, 2 * rows),
                h0,
                c0,
                reverse);
    out[0] = batchFirst ? out[0].transpose(0, 1) : out[0];
    return out;
  }

  private static Value[] run(Call c, RecurrentCell cell, int... order) {
    boolean fast = usual(c, cell);
    boolean lstm = cell == RecurrentCell.LSTM;
    boolean batchFirst = c.integer("layout", 0) == 1;
    Tensor x = c.x(0);
    int hidden = c.shape(2).dim(-1);
    int directions = c.shape(1).dim(0);
    String direction = c.text("direction", "forward");
    if (directions != (direction.equals("bidirectional") ? 2 : 1)) {
      throw new IllegalArgumentException(directions + " sets of weights for " + direction);
    }
    int n = x.dim(batchFirst ? 0 : 1);
    int steps = x.dim(batchFirst ? 1 : 0);
    boolean lengths = c.has(4) && (c.value(4).dynamic() || !full(c.value(4).longs(), steps));
    boolean state = c.has(5) || c.has(6);
    if (lengths && !fast && !full(c.value(4).longs(), steps)) {
      throw c.unsupported("sequences of several lengths in this form of " + c.node().operator());
    }
    List<Tensor> ys = new ArrayList<>();
    List<Tensor> hs = new ArrayList<>();
    List<Tensor> cs = new ArrayList<>();
    for (int d = 0; d < directions; d++) {
      List<Tensor> in = new ArrayList<>();
      in.add(x);
      in.add(gates(c.x(1).select(0, d), hidden, order));
      in.add(gates(c.x(2).select(0, d), hidden, order));
      if (c.has(3)) {
        Tensor b = c.x(3).select(0, d);
        int half = b.dim(0) / 2;
        in.add(gates(b.slice(0, 0, half), hidden, order));
        in.add(gates(b.slice(0, half, 2 * half), hidden, order));
      }
      if (state) {
        in.add(state(c, 5, d, n, hidden, batchFirst));
        if (lstm) {
          in.add(state(c, 6, d, n, hidden, batchFirst));
        }
      }
      if (lengths) {
        in.add(c.tensor(4));
      }
      boolean reverse = d == 1 || direction.equals("reverse");
      Recurrent op = new Recurrent(cell, hidden, 0, batchFirst, reverse, c.has(3), state, lengths);
      Tensor[] out;
      if (fast) {
        out = Tensor.applyAll(op, in.toArray(Tensor[]::new));
      } else {
        Tensor h0 = state(c, 5, d, n, hidden, batchFirst);
        Tensor c0 = lstm ? state(c, 6, d, n, hidden, batchFirst) : h0;
        out = unrolled(c, c.node().operator(), d, batchFirst, reverse, h0, c0);
      }
      ys.add(out[0].unsqueeze(batchFirst ? 2 : 1));
      hs.add(out[1].unsqueeze(batchFirst ? 1 : 0));
      if (lstm) {
        cs.add(out[2].unsqueeze(batchFirst ? 1 : 0));
      }
    }
    List<Value> results = new ArrayList<>();
    results.add(join(batchFirst ? 2 : 1, ys));
    results.add(join(batchFirst ? 1 : 0, hs));
    if (lstm) {
      results.add(join(batchFirst ? 1 : 0, cs));
    }
    return results.toArray(Value[]::new);
  }

  private static Value join(int axis, List<Tensor> parts) {
    Tensor t =
        parts.size() == 1 ? parts.getFirst() : Tensor.concat(axis, parts.toArray(Tensor[]::new));
    return Value.of(t, OnnxType.FLOAT);
  }

  private static boolean full(long[] lengths, int steps) {
    for (long n : lengths) {
      if (n < 0 || n > steps) {
        throw new IllegalArgumentException("a length of " + n + " among " + steps + " steps");
      }
    }
    return Arrays.stream(lengths).allMatch(n -> n == steps);
  }

  private static Tensor state(Call c, int i, int d, int n, int hidden, boolean batchFirst) {
    if (!c.has(i)) {
      return Value.constant(new float[n * hidden], Shape.of(n, hidden));
    }
    return c.x(i).select(batchFirst ? 1 : 0, d);
  }

  /** Blocks of rows in another order. */
  private static Tensor gates(Tensor w, int hidden, int... order) {
    Tensor[] parts = new Tensor[order.length];
    for (int g = 0; g < parts.length; g++) {
      parts[g] = w.slice(0, order[g] * hidden, (order[g] + 1) * hidden);
    }
    return parts.length == 1 ? parts[0] : Tensor.concat(0, parts);
  }
}
