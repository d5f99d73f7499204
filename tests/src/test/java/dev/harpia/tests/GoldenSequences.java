package dev.harpia.tests;

import dev.harpia.nn.GRU;
import dev.harpia.nn.GRUCell;
import dev.harpia.nn.LSTM;
import dev.harpia.nn.LSTMCell;
import dev.harpia.nn.MultiHeadAttention;
import dev.harpia.nn.MultiHeadAttention.Mask;
import dev.harpia.nn.RNN;
import dev.harpia.nn.RNNCell;
import dev.harpia.nn.RecurrentLayer;
import dev.harpia.nn.Transformer;
import dev.harpia.nn.TransformerConfig;
import dev.harpia.nn.TransformerDecoderLayer;
import dev.harpia.nn.TransformerEncoderLayer;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Attention;
import dev.harpia.tensor.op.Unary;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How recurrent layers, attention and transformers answer their goldens. */
final class GoldenSequences {
  private GoldenSequences() {}

  static void register(Map<String, Consumer<GoldenRun>> ops) {
    recurrent(ops);
    attention(ops);
  }

  private static @Nullable Tensor optional(GoldenRun r, String name) {
    return r.has("in." + name) ? r.in(name) : null;
  }

  private static RecurrentLayer.Config config(Golden g) {
    return new RecurrentLayer.Config(
        g.integer("input_size", 0),
        g.integer("hidden_size", 0),
        g.integer("num_layers", 1),
        g.flag("bidirectional", false),
        g.flag("bias", true),
        g.flag("batch_first", false),
        g.integer("proj_size", 0),
        0);
  }

  private static @Nullable Tensor lengths(Golden g) {
    return g.has("lengths") ? Tensor.of(g.integers("lengths", 1, 0)) : null;
  }

  private static void recurrent(Map<String, Consumer<GoldenRun>> ops) {
    ops.put(
        "RNN",
        r -> {
          boolean relu = r.golden().text("nonlinearity", "tanh").equals("relu");
          RNN.Output y =
              r.load(new RNN(config(r.golden()), relu)).forward(r.in("x"), optional(r, "h0"));
          r.out(y.y());
          r.out("hn", y.state());
        });
    ops.put(
        "GRU",
        r -> {
          GRU.Output y =
              r.load(new GRU(config(r.golden())))
                  .forward(r.in("x"), optional(r, "h0"), lengths(r.golden()));
          r.out(y.y());
          r.out("hn", y.state());
        });
    ops.put(
        "LSTM",
        r -> {
          LSTM.State start = r.has("in.h0") ? new LSTM.State(r.in("h0"), r.in("c0")) : null;
          LSTM.Output y =
              r.load(new LSTM(config(r.golden()))).forward(r.in("x"), start, lengths(r.golden()));
          r.out(y.y());
          r.out("hn", y.state().h());
          r.out("cn", y.state().c());
        });
    ops.put(
        "RNNCell",
        r ->
            r.out(
                "h1",
                r.load(
                        new RNNCell(
                            r.golden().integer("input_size", 0),
                            r.golden().integer("hidden_size", 0)))
                    .forward(r.in("x"), r.in("h"))));
    ops.put(
        "GRUCell",
        r ->
            r.out(
                "h1",
                r.load(
                        new GRUCell(
                            r.golden().integer("input_size", 0),
                            r.golden().integer("hidden_size", 0)))
                    .forward(r.in("x"), r.in("h"))));
    ops.put(
        "LSTMCell",
        r -> {
          LSTM.State y =
              r.load(
                      new LSTMCell(
                          r.golden().integer("input_size", 0),
                          r.golden().integer("hidden_size", 0)))
                  .forward(r.in("x"), new LSTM.State(r.in("h"), r.in("c")));
          r.out("h1", y.h());
          r.out("c1", y.c());
        });
  }

  private static Mask mask(GoldenRun r, String blocked) {
    return new Mask(
        false, optional(r, blocked), optional(r, "attn_bias"), optional(r, "key_padding_mask"));
  }

  private static void attention(Map<String, Consumer<GoldenRun>> ops) {
    ops.put("MultiheadAttention", GoldenSequences::multiHead);
    ops.put(
        "ScaledDotProductAttention",
        r -> {
          Golden g = r.golden();
          Attention op =
              new Attention(
                  g.integer("query_heads", 1),
                  g.integer("kv_heads", 1),
                  false,
                  g.flag("causal", false),
                  false,
                  false,
                  false,
                  false);
          r.out(Tensor.applyAll(op, r.in("q"), r.in("k"), r.in("v"))[0]);
        });
    ops.put(
        "TransformerEncoderLayer",
        r ->
            r.out(
                r.load(new TransformerEncoderLayer(transformer(r.golden())))
                    .forward(r.in("x"), mask(r, "attn_mask"))));
    ops.put(
        "TransformerDecoderLayer",
        r ->
            r.out(
                r.load(new TransformerDecoderLayer(transformer(r.golden())))
                    .forward(r.in("tgt"), r.in("memory"), mask(r, "attn_mask"), Mask.NONE)));
    ops.put(
        "Transformer",
        r -> {
          Golden g = r.golden();
          Transformer layer =
              new Transformer(
                  transformer(g),
                  g.integer("num_encoder_layers", 0),
                  g.integer("num_decoder_layers", 0));
          r.out(r.load(layer).forward(r.in("src"), r.in("tgt"), Mask.NONE, mask(r, "tgt_mask")));
        });
  }

  private static TransformerConfig transformer(Golden g) {
    return new TransformerConfig(
        g.integer("d_model", 0),
        g.integer("nhead", 0),
        g.integer("dim_feedforward", 0),
        g.text("activation", "relu").equals("gelu") ? Unary.GELU : Unary.RELU,
        g.flag("norm_first", false),
        g.flag("batch_first", false),
        0,
        1e-5f);
  }

  private static void multiHead(GoldenRun r) {
    Golden g = r.golden();
    int width = g.integer("embed_dim", 0);
    MultiHeadAttention layer =
        r.load(
            new MultiHeadAttention(
                width,
                g.integer("num_heads", 1),
                g.integer("kdim", width),
                g.integer("vdim", width),
                g.flag("bias", true),
                g.flag("batch_first", false)));
    Tensor q = r.in("query");
    boolean cross = g.flag("cross", false);
    MultiHeadAttention.Output y =
        layer.forward(
            q, cross ? r.in("key") : q, cross ? r.in("value") : q, mask(r, "attn_mask"), true);
    r.out(y.y());
    Tensor weights = Objects.requireNonNull(y.weights());
    r.out("weights", g.flag("average_attn_weights", true) ? weights.mean(1) : weights);
  }
}
