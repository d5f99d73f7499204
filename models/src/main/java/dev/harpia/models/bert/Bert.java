package dev.harpia.models.bert;

import dev.harpia.nn.Dropout;
import dev.harpia.nn.Embedding;
import dev.harpia.nn.Init;
import dev.harpia.nn.Layer;
import dev.harpia.nn.LayerNorm;
import dev.harpia.nn.MultiHeadAttention.Mask;
import dev.harpia.nn.MultiHeadAttention.Output;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.TransformerConfig;
import dev.harpia.nn.TransformerEncoderLayer;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An encoder (Devlin et al. 2019): every position sees all others. Learnt positions and segments,
 * normalisation after each part, GELU.
 *
 * <p>Shapes: tokens and segments [N, T] (I32), padding [N, T] (I32, not 0 where there is no token),
 * features [N, T, E]. Starts: weights normal with deviation 0.02, biases 0.
 */
public final class Bert extends Layer {
  private static final float STD = 0.02f;
  private static final float EPSILON = 1e-12f;

  /**
   * What the encoder makes of texts.
   *
   * @param y features [N, T, E]
   * @param attention of each layer [N, heads, T, T]: how much each position (third axis) sees of
   *     each (last axis); empty where it was not asked for
   */
  public record Encoded(Tensor y, List<Tensor> attention) {}

  private final BertConfig config;
  private final Embedding words;
  private final Embedding positions;
  private final Embedding segments;
  private final LayerNorm norm;
  private final Dropout dropout;
  private final List<TransformerEncoderLayer> layers = new ArrayList<>();

  /** An encoder with weights drawn from the thread's stream of random numbers. */
  public Bert(BertConfig c) {
    config = c;
    words = layer("word_embeddings", new Embedding(c.vocabulary(), c.width()));
    positions = layer("position_embeddings", new Embedding(c.context(), c.width()));
    segments = layer("token_type_embeddings", new Embedding(c.segments(), c.width()));
    norm = layer("norm", new LayerNorm(Shape.of(c.width()), EPSILON, true, true));
    dropout = layer("dropout", new Dropout(c.dropout()));
    TransformerConfig form =
        new TransformerConfig(
            c.width(), c.heads(), c.hidden(), Unary.GELU, false, true, c.dropout(), EPSILON);
    for (int i = 0; i < c.layers(); i++) {
      layers.add(new TransformerEncoderLayer(form));
    }
    layer("layers", new Sequential(layers.toArray(Layer[]::new)));
    start(this);
  }

  /** Gives a layer BERT's initial weights: matrices small, vectors that are added 0. */
  static void start(Layer layer) {
    layer
        .state()
        .forEach(
            (name, t) -> {
              if (t.rank() >= 2) {
                t.copyFrom(Init.normal(STD, t.shape().dims()));
              } else if (name.endsWith("bias")) {
                t.copyFrom(Tensor.zeros(t.shape()));
              }
            });
  }

  /** The sizes. */
  public BertConfig config() {
    return config;
  }

  /** The table of words [V, E], which heads may use backwards. */
  Tensor table() {
    return words.weight();
  }

  /** Texts of one segment, all of one length. */
  @Override
  public Tensor forward(Tensor tokens) {
    return encode(tokens, null, null, false).y();
  }

  /** Texts with their segments (all 0 where null) and padding (none where null). */
  public Encoded encode(
      Tensor tokens, @Nullable Tensor segment, @Nullable Tensor padding, boolean attention) {
    if (tokens.rank() != 2 || tokens.dim(1) > config.context()) {
      throw new ShapeException(
          "bert", "tokens must be [N, T] with T at most " + config.context(), tokens.shape());
    }
    Tensor kind =
        segment == null
            ? segments.weight().slice(0, 0, 1).reshape(config.width())
            : segments.forward(segment);
    Tensor at = positions.forward(Tensor.arange(tokens.dim(1))); // [T, E]
    Tensor x = dropout.forward(norm.forward(words.forward(tokens).add(at).add(kind)));
    Mask mask = padding == null ? Mask.NONE : new Mask(false, null, null, padding);
    List<Tensor> weights = new ArrayList<>();
    for (TransformerEncoderLayer l : layers) {
      if (attention) {
        Output o = l.forwardWithWeights(x, mask);
        x = o.y();
        weights.add(Objects.requireNonNull(o.weights(), "weights were asked for"));
      } else {
        x = l.forward(x, mask);
      }
    }
    return new Encoded(x, weights);
  }
}
