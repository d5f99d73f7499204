package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Recurrent networks in the forms that the fast cells have not: other activations, limits,
 * peepholes, the reset gate before the product. One step after the other.
 */
final class Unrolled {
  private final Call call;
  private final String kind;
  private final int hidden;
  private final int direction;
  private final List<UnaryOperator<Tensor>> functions = new ArrayList<>();

  Unrolled(Call call, String kind, int hidden, int direction) {
    this.call = call;
    this.kind = kind;
    this.hidden = hidden;
    this.direction = direction;
    List<String> usual =
        switch (kind) {
          case "LSTM" -> List.of("Sigmoid", "Tanh", "Tanh");
          case "GRU" -> List.of("Sigmoid", "Tanh");
          default -> List.of("Tanh");
        };
    List<String> given = call.texts("activations");
    for (int i = 0; i < usual.size(); i++) {
      int at = direction * usual.size() + i;
      functions.add(function(at < given.size() ? given.get(at) : usual.get(i)));
    }
  }

  private UnaryOperator<Tensor> function(String name) {
    if (call.set("activation_alpha") || call.set("activation_beta")) {
      throw call.unsupported("activations with parameters of their own");
    }
    UnaryOperator<Tensor> f =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "tanh" -> Tensor::tanh;
          case "sigmoid" -> Tensor::sigmoid;
          case "relu" -> Tensor::relu;
          case "softplus" -> Tensor::softplus;
          case "softsign" -> x -> x.div(x.abs().add(1));
          default -> throw call.unsupported("activation " + name);
        };
    if (!call.set("clip")) {
      return f;
    }
    float most = call.number("clip", 0);
    return x -> f.apply(x.clamp(-most, most));
  }

  private Tensor gate(Tensor all, int i) {
    return all.slice(1, i * hidden, (i + 1) * hidden);
  }

  /**
   * Runs all steps.
   *
   * @param x [T, N, in]
   * @param w weights of the input [gates·H, in], in ONNX's order of gates
   * @param r weights of the state [gates·H, H]
   * @param wb biases of the input, or zeros
   * @param rb biases of the state, or zeros
   * @return y [T, N, H], then the last states [N, H]
   */
  Tensor[] run(
      Tensor x, Tensor w, Tensor r, Tensor wb, Tensor rb, Tensor h0, Tensor c0, boolean reverse) {
    int steps = x.dim(0);
    Tensor h = h0;
    Tensor c = c0;
    Tensor[] ys = new Tensor[steps];
    for (int t = 0; t < steps; t++) {
      int at = reverse ? steps - 1 - t : t;
      Tensor in = x.select(0, at).matmulT(w).add(wb);
      switch (kind) {
        case "LSTM" -> {
          c = cell(in.add(h.matmulT(r)).add(rb), c);
          h = output(in.add(h.matmulT(r)).add(rb), c);
        }
        case "GRU" -> h = gru(in, h, r, rb);
        default -> h = functions.getFirst().apply(in.add(h.matmulT(r)).add(rb));
      }
      ys[at] = h.unsqueeze(0);
    }
    Tensor y = steps == 1 ? ys[0] : Tensor.concat(0, ys);
    return kind.equals("LSTM") ? new Tensor[] {y, h, c} : new Tensor[] {y, h};
  }

  /** Gates lie as input, output, forget, cell; peepholes as input, output, forget. */
  private Tensor cell(Tensor gates, Tensor c) {
    Tensor i = functions.get(0).apply(seen(gates, 0, c));
    boolean coupled = call.flag("input_forget", false);
    Tensor f = coupled ? i.neg().add(1) : functions.get(0).apply(seen(gates, 2, c));
    return f.mul(c).add(i.mul(functions.get(1).apply(gate(gates, 3))));
  }

  private Tensor output(Tensor gates, Tensor c) {
    return functions.get(0).apply(seen(gates, 1, c)).mul(functions.get(2).apply(c));
  }

  /** A gate that sees the cell, too, where there are peepholes. */
  private Tensor seen(Tensor gates, int i, Tensor c) {
    Tensor g = gate(gates, i);
    if (!call.has(7)) {
      return g;
    }
    Tensor p = call.x(7).select(0, direction);
    return g.add(p.slice(0, i * hidden, (i + 1) * hidden).mul(c));
  }

  /** Gates lie as update, reset, candidate. */
  private Tensor gru(Tensor in, Tensor h, Tensor r, Tensor rb) {
    Tensor fromState = h.matmulT(r).add(rb);
    Tensor z = functions.get(0).apply(gate(in, 0).add(gate(fromState, 0)));
    Tensor reset = functions.get(0).apply(gate(in, 1).add(gate(fromState, 1)));
    Tensor candidate;
    if (call.flag("linear_before_reset", false)) {
      candidate = reset.mul(gate(fromState, 2));
    } else {
      Tensor rows = r.slice(0, 2 * hidden, 3 * hidden);
      Tensor bias = rb.slice(rb.rank() - 1, 2 * hidden, 3 * hidden);
      candidate = reset.mul(h).matmulT(rows).add(bias);
    }
    Tensor n = functions.get(1).apply(gate(in, 2).add(candidate));
    return n.sub(z.mul(n)).add(z.mul(h));
  }
}
