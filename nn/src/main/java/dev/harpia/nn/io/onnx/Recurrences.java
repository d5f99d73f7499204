package dev.harpia.nn.io.onnx;

import dev.harpia.simd.RecurrentCell;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Recurrent;
import java.util.ArrayList;
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
      default -> throw c.unsupported("activation " + first);
    };
  }

  private static void refuse(Call c, RecurrentCell cell) {
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
        throw c.unsupported("activations " + given);
      }
    }
    if (c.set("clip") || c.flag("input_forget", false)) {
      throw c.unsupported("clip or input_forget");
    }
    if (cell == RecurrentCell.LSTM && c.has(7)) {
      throw c.unsupported("peepholes");
    }
    if (cell == RecurrentCell.GRU && !c.flag("linear_before_reset", false)) {
      throw c.unsupported("linear_before_reset = 0");
    }
  }

  private static Value[] run(Call c, RecurrentCell cell, int... order) {
    refuse(c, cell);
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
    boolean lengths = c.has(4) && !full(c.value(4), steps);
    boolean state = c.has(5) || c.has(6);
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
      Tensor[] out = Tensor.applyAll(op, in.toArray(Tensor[]::new));
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

  private static boolean full(Value lengths, int steps) {
    if (lengths.dynamic()) {
      return false;
    }
    for (long n : lengths.longs()) {
      if (n < 0 || n > steps) {
        throw new IllegalArgumentException("a length of " + n + " among " + steps + " steps");
      }
      if (n != steps) {
        return false;
      }
    }
    return true;
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
