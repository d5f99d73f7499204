package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole layers, deep and bidirectional, against PyTorch. */
class RecurrentGoldenTest {
  @ParameterizedTest
  @ValueSource(strings = {"LSTM", "GRU", "RNN"})
  void layersEqualPyTorch(String op) {
    List<Goldens.Case> cases = Goldens.of(op);
    assertThat(cases).isNotEmpty();
    cases.forEach(c -> new Layers(c).check());
  }

  @ParameterizedTest
  @ValueSource(strings = {"LSTMCell", "GRUCell", "RNNCell"})
  void cellsEqualPyTorch(String op) {
    List<Goldens.Case> cases = Goldens.of(op);
    assertThat(cases).isNotEmpty();
    cases.forEach(RecurrentGoldenTest::cell);
  }

  private static RecurrentCell kind(Goldens.Case c) {
    return switch (c.op().replace("Cell", "")) {
      case "LSTM" -> RecurrentCell.LSTM;
      case "GRU" -> RecurrentCell.GRU;
      default ->
          "relu".equals(c.params().get("nonlinearity"))
              ? RecurrentCell.RNN_RELU
              : RecurrentCell.RNN_TANH;
    };
  }

  private static void cell(Goldens.Case c) {
    int in = c.integer("input_size");
    int hidden = c.integer("hidden_size");
    int batch = c.get("in.x").length / in;
    var m = new Guarded();
    var shape = new RecurrentShape(kind(c), 1, batch, in, hidden, 0, false, false);
    var p = new RecurrentPass(shape);
    boolean lstm = shape.cell() == RecurrentCell.LSTM;
    p.x = m.of(c.get("in.x"));
    p.h0 = m.of(c.get("in.h"));
    p.weightIh = m.of(c.get("param.weight_ih"));
    p.weightHh = m.of(c.get("param.weight_hh"));
    p.biasIh = m.of(c.get("param.bias_ih"));
    p.biasHh = m.of(c.get("param.bias_hh"));
    p.saved = m.empty(shape.savedFloats());
    p.work = m.empty(shape.forwardWorkFloats());
    p.y = m.empty((long) batch * hidden);
    p.yStride = hidden;
    if (lstm) {
      p.c0 = m.of(c.get("in.c"));
      p.cn = m.empty((long) batch * hidden);
    }
    p.forward();
    compare(c, "out.h1", p.y);
    p.gy = m.of(c.get("gout.h1"));
    p.gyStride = hidden;
    p.work = m.empty(shape.backwardWorkFloats());
    p.gx = m.empty((long) batch * in);
    p.gh0 = m.empty((long) batch * hidden);
    p.gWeightIh = m.empty(c.get("param.weight_ih").length);
    p.gWeightHh = m.empty(c.get("param.weight_hh").length);
    p.gBiasIh = m.empty(c.get("param.bias_ih").length);
    p.gBiasHh = m.empty(c.get("param.bias_hh").length);
    if (lstm) {
      compare(c, "out.c1", p.cn);
      p.gcn = m.of(c.get("gout.c1"));
      p.gc0 = m.empty((long) batch * hidden);
    }
    p.backward();
    compare(c, "gin.x", p.gx);
    compare(c, "gin.h", p.gh0);
    if (lstm) {
      compare(c, "gin.c", p.gc0);
    }
    compare(c, "gparam.weight_ih", p.gWeightIh);
    compare(c, "gparam.weight_hh", p.gWeightHh);
    compare(c, "gparam.bias_ih", p.gBiasIh);
    compare(c, "gparam.bias_hh", p.gBiasHh);
    m.check();
  }

  private static void compare(Goldens.Case c, String name, long address) {
    float[] expected = c.get(name);
    Guarded.close(
        c.file() + " " + name,
        Guarded.read(address, expected.length),
        Guarded.doubles(expected),
        c.rtol(),
        c.atol());
  }

  /** All layers and directions of a case. */
  private static final class Layers {
    private final Goldens.Case c;
    private final Guarded m = new Guarded();
    private final int layers;
    private final int directions;
    private final int hidden;
    private final int projection;
    private final int state;
    private final boolean batchFirst;
    private final boolean lstm;
    private final int steps;
    private final int batch;
    private final RecurrentPass[] passes;
    private final long hn;
    private final long cn;
    private final long gh0;
    private final long gc0;
    private long lengths;

    Layers(Goldens.Case c) {
      this.c = c;
      layers = Math.max(1, c.integer("num_layers"));
      directions = c.flag("bidirectional") ? 2 : 1;
      hidden = c.integer("hidden_size");
      projection = c.integer("proj_size");
      state = projection > 0 ? projection : hidden;
      batchFirst = c.flag("batch_first");
      lstm = c.op().equals("LSTM");
      batch = c.get("out.hn").length / (layers * directions * state);
      steps = c.get("in.x").length / (batch * c.integer("input_size"));
      passes = new RecurrentPass[layers * directions];
      hn = m.empty((long) passes.length * batch * state);
      gh0 = m.empty((long) passes.length * batch * state);
      cn = m.empty((long) passes.length * batch * hidden);
      gc0 = m.empty((long) passes.length * batch * hidden);
      if (c.params().get("lengths") instanceof List<?> list) {
        lengths = m.ofInts(list.stream().mapToInt(n -> ((Number) n).intValue()).toArray());
      }
    }

    private long parameter(String name) {
      return c.has("param." + name) ? m.of(c.get("param." + name)) : 0;
    }

    private long gradient(String name) {
      return c.has("gparam." + name) ? m.empty(c.get("gparam." + name).length) : 0;
    }

    void check() {
      int features = c.integer("input_size");
      long x = m.of(c.get("in.x"));
      int rows = steps * batch;
      long h0 = c.has("in.h0") ? m.of(c.get("in.h0")) : 0;
      long c0 = c.has("in.c0") ? m.of(c.get("in.c0")) : 0;
      for (int layer = 0; layer < layers; layer++) {
        long y = m.empty((long) rows * directions * state);
        for (int d = 0; d < directions; d++) {
          int i = layer * directions + d;
          String suffix = "_l" + layer + (d == 1 ? "_reverse" : "");
          var shape =
              new RecurrentShape(
                  kind(c), steps, batch, features, hidden, projection, batchFirst, d == 1);
          var p = new RecurrentPass(shape);
          p.x = x;
          p.weightIh = parameter("weight_ih" + suffix);
          p.weightHh = parameter("weight_hh" + suffix);
          p.biasIh = parameter("bias_ih" + suffix);
          p.biasHh = parameter("bias_hh" + suffix);
          p.weightHr = parameter("weight_hr" + suffix);
          p.gWeightIh = gradient("weight_ih" + suffix);
          p.gWeightHh = gradient("weight_hh" + suffix);
          p.gBiasIh = gradient("bias_ih" + suffix);
          p.gBiasHh = gradient("bias_hh" + suffix);
          p.gWeightHr = gradient("weight_hr" + suffix);
          p.h0 = h0 == 0 ? 0 : h0 + 4L * i * batch * state;
          p.c0 = c0 == 0 ? 0 : c0 + 4L * i * batch * hidden;
          p.lengths = lengths;
          p.y = y + 4L * d * state;
          p.yStride = directions * state;
          p.hn = hn + 4L * i * batch * state;
          p.cn = lstm ? cn + 4L * i * batch * hidden : 0;
          p.saved = m.empty(shape.savedFloats());
          p.work = m.empty(shape.forwardWorkFloats());
          p.forward();
          passes[i] = p;
        }
        x = y;
        features = directions * state;
      }
      compare(c, "out.y", x);
      compare(c, "out.hn", hn);
      if (lstm) {
        compare(c, "out.cn", cn);
      }
      backward(rows);
      m.check();
    }

    private void backward(int rows) {
      long gy = m.of(c.get("gout.y"));
      long ghn = c.has("gout.hn") ? m.of(c.get("gout.hn")) : 0;
      long gcn = c.has("gout.cn") ? m.of(c.get("gout.cn")) : 0;
      for (int layer = layers - 1; layer >= 0; layer--) {
        int features = passes[layer * directions].shape.input();
        long gx = m.empty((long) rows * features);
        for (int d = 0; d < directions; d++) {
          int i = layer * directions + d;
          RecurrentPass p = passes[i];
          p.work = m.empty(p.shape.backwardWorkFloats());
          p.gy = gy + 4L * d * state;
          p.gyStride = directions * state;
          p.ghn = ghn == 0 ? 0 : ghn + 4L * i * batch * state;
          p.gcn = gcn == 0 ? 0 : gcn + 4L * i * batch * hidden;
          p.gx = gx;
          p.addX = d == 1;
          p.gh0 = gh0 + 4L * i * batch * state;
          p.gc0 = lstm ? gc0 + 4L * i * batch * hidden : 0;
          p.backward();
          String suffix = "_l" + layer + (d == 1 ? "_reverse" : "");
          for (String name :
              Arrays.asList("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")) {
            long at =
                switch (name) {
                  case "weight_ih" -> p.gWeightIh;
                  case "weight_hh" -> p.gWeightHh;
                  case "bias_ih" -> p.gBiasIh;
                  case "bias_hh" -> p.gBiasHh;
                  default -> p.gWeightHr;
                };
            if (at != 0) {
              compare(c, "gparam." + name + suffix, at);
            }
          }
        }
        gy = gx;
      }
      compare(c, "gin.x", gy);
      if (c.has("gin.h0")) {
        compare(c, "gin.h0", gh0);
      }
      if (c.has("gin.c0")) {
        compare(c, "gin.c0", gc0);
      }
    }
  }
}
