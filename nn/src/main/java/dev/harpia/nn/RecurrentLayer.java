package dev.harpia.nn;

import dev.harpia.simd.RecurrentCell;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Recurrent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link RNN}, {@link LSTM} and {@link GRU} share: stacked layers over whole sequences, one or
 * two directions, each a single operation with its weights under PyTorch's names ({@code
 * weight_ih_l0}, {@code weight_hh_l0_reverse}, …).
 */
public abstract sealed class RecurrentLayer extends Layer permits RNN, LSTM, GRU {
  /**
   * Sizes and form of a recurrent layer.
   *
   * @param layers how many are stacked
   * @param bidirectional whether a second direction runs backwards in time, its outputs beside the
   *     first's
   * @param projection size to which an LSTM's state is projected (Sak et al. 2014), or 0
   * @param dropout rate of dropout between layers
   */
  public record Config(
      int input,
      int hidden,
      int layers,
      boolean bidirectional,
      boolean bias,
      boolean batchFirst,
      int projection,
      float dropout) {
    /** One layer, one direction, with biases, the batch first. */
    public static Config of(int input, int hidden) {
      return new Config(input, hidden, 1, false, true, true, 0, 0);
    }

    /** With this many layers. */
    public Config withLayers(int n) {
      return new Config(input, hidden, n, bidirectional, bias, batchFirst, projection, dropout);
    }

    /** With two directions. */
    public Config inBothDirections() {
      return new Config(input, hidden, layers, true, bias, batchFirst, projection, dropout);
    }
  }

  /** One direction of one layer. */
  private record Direction(
      Tensor weightIh,
      Tensor weightHh,
      @Nullable Tensor biasIh,
      @Nullable Tensor biasHh,
      @Nullable Tensor weightHr) {}

  private final RecurrentCell cell;
  private final Config config;
  private final List<Direction> directions = new ArrayList<>();
  private final @Nullable Dropout dropout;

  RecurrentLayer(RecurrentCell cell, Config c) {
    this.cell = cell;
    this.config = c;
    if (c.input < 1
        || c.hidden < 1
        || c.layers < 1
        || c.projection < 0
        || c.projection >= c.hidden) {
      throw new IllegalArgumentException(
          kind() + ": " + c + ": sizes must be positive, the projection smaller than hidden");
    }
    int state = c.projection > 0 ? c.projection : c.hidden;
    int ways = c.bidirectional ? 2 : 1;
    int rows = cell.gates() * c.hidden;
    for (int l = 0; l < c.layers; l++) {
      for (int d = 0; d < ways; d++) {
        String suffix = "_l" + l + (d == 1 ? "_reverse" : "");
        int in = l == 0 ? c.input : ways * state;
        // PyTorch's start: everything uniform with bound 1/√hidden
        directions.add(
            new Direction(
                parameter("weight_ih" + suffix, Init.byFanIn(c.hidden, rows, in)),
                parameter("weight_hh" + suffix, Init.byFanIn(c.hidden, rows, state)),
                c.bias ? parameter("bias_ih" + suffix, Init.byFanIn(c.hidden, rows)) : null,
                c.bias ? parameter("bias_hh" + suffix, Init.byFanIn(c.hidden, rows)) : null,
                c.projection > 0
                    ? parameter(
                        "weight_hr" + suffix, Init.byFanIn(c.hidden, c.projection, c.hidden))
                    : null));
      }
    }
    dropout = c.dropout > 0 ? layer("dropout", new Dropout(c.dropout)) : null;
  }

  /** The sizes. */
  public final Config config() {
    return config;
  }

  /** y, hn and, for an LSTM, cn. */
  final Tensor[] run(Tensor x, @Nullable Tensor h0, @Nullable Tensor c0, @Nullable Tensor lengths) {
    int ways = config.bidirectional ? 2 : 1;
    int count = config.layers * ways;
    int batch = x.rank() == 3 ? x.dim(config.batchFirst ? 0 : 1) : 0;
    int state = config.projection > 0 ? config.projection : config.hidden;
    if (x.rank() != 3 || x.dim(2) != config.input) {
      throw new ShapeException(
          kind(),
          "the input must be " + (config.batchFirst ? "[N, T, " : "[T, N, ") + config.input + "]",
          x.shape());
    }
    if (h0 != null && !h0.shape().equals(Shape.of(count, batch, state))) {
      throw new ShapeException(
          kind(),
          "the state h must be [" + count + ", " + batch + ", " + state + "]",
          x.shape(),
          h0.shape());
    }
    if (c0 != null && !c0.shape().equals(Shape.of(count, batch, config.hidden))) {
      throw new ShapeException(
          kind(),
          "the state c must be [" + count + ", " + batch + ", " + config.hidden + "]",
          x.shape(),
          c0.shape());
    }
    Tensor y = x;
    Tensor[] hn = new Tensor[count];
    Tensor[] cn = new Tensor[count];
    for (int l = 0; l < config.layers; l++) {
      Tensor[] ys = new Tensor[ways];
      for (int d = 0; d < ways; d++) {
        int i = l * ways + d;
        Tensor[] out =
            Tensor.applyAll(
                op(d == 1, h0 != null, lengths != null),
                inputs(y, directions.get(i), h0, c0, lengths, i));
        ys[d] = out[0];
        hn[i] = out[1];
        cn[i] = out[out.length - 1];
      }
      y = ways == 1 ? ys[0] : Tensor.concat(2, ys);
      if (dropout != null && l < config.layers - 1) {
        y = dropout.forward(y);
      }
    }
    Tensor h = stack(hn);
    return cell == RecurrentCell.LSTM ? new Tensor[] {y, h, stack(cn)} : new Tensor[] {y, h};
  }

  private static Tensor stack(Tensor[] states) {
    return states.length == 1 ? states[0].unsqueeze(0) : Tensor.stack(0, states);
  }

  private Recurrent op(boolean reverse, boolean state, boolean lengths) {
    return new Recurrent(
        cell,
        config.hidden,
        config.projection,
        config.batchFirst,
        reverse,
        config.bias,
        state,
        lengths);
  }

  private static Tensor[] inputs(
      Tensor x,
      Direction d,
      @Nullable Tensor h0,
      @Nullable Tensor c0,
      @Nullable Tensor lengths,
      int i) {
    List<Tensor> in = new ArrayList<>(List.of(x, d.weightIh, d.weightHh));
    for (Tensor t : new @Nullable Tensor[] {d.biasIh, d.biasHh, d.weightHr}) {
      if (t != null) {
        in.add(t);
      }
    }
    if (h0 != null) {
      in.add(h0.select(0, i));
    }
    if (c0 != null) {
      in.add(c0.select(0, i));
    }
    if (lengths != null) {
      in.add(lengths);
    }
    return in.toArray(Tensor[]::new);
  }

  @Override
  public Tensor forward(Tensor x) {
    return run(x, null, null, null)[0];
  }

  @Override
  protected final String arguments() {
    return config.input
        + ", "
        + config.hidden
        + (config.layers > 1 ? ", " + config.layers + " layers" : "")
        + (config.bidirectional ? ", bidirectional" : "");
  }
}
