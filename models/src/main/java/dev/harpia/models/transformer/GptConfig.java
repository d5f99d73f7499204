package dev.harpia.models.transformer;

/**
 * Sizes and form of a decoder-only transformer.
 *
 * @param vocabulary V
 * @param context the most positions that it sees at once
 * @param layers blocks one after another
 * @param heads query heads; they divide the width
 * @param kvHeads key and value heads, a divisor of {@code heads} (grouped queries)
 * @param width E, of the vector at each position
 * @param hidden width of the feed-forward layer
 * @param style GPT-2's or Llama's parts
 * @param bias whether linear layers have biases
 * @param dropout rate on embeddings and on each block's two results
 * @param epsilon of the norms
 * @param tied whether the head is the embedding table, used backwards; else it has weights of its
 *     own
 * @param rope how fast rotary positions turn (for {@link Style#LLAMA})
 */
public record GptConfig(
    int vocabulary,
    int context,
    int layers,
    int heads,
    int kvHeads,
    int width,
    int hidden,
    Style style,
    boolean bias,
    float dropout,
    float epsilon,
    boolean tied,
    Rope rope) {
  /** Which parts a model is made of. */
  public enum Style {
    /** Learnt positions, LayerNorm, GELU (approximated by tanh). */
    GPT2,
    /** Rotary positions, RMSNorm, SwiGLU. */
    LLAMA
  }

  /** Checks the sizes. */
  public GptConfig {
    if (vocabulary < 1 || context < 1 || layers < 0 || hidden < 1) {
      throw new IllegalArgumentException(
          "gpt: vocabulary %d, context %d, hidden width %d must be positive, %d layers not negative"
              .formatted(vocabulary, context, hidden, layers));
    }
    if (heads < 1 || kvHeads < 1 || width < 1 || heads % kvHeads != 0 || width % heads != 0) {
      throw new IllegalArgumentException(
          "gpt: width %d, %d heads, %d key heads: heads must divide the width, and be divided by key heads"
              .formatted(width, heads, kvHeads));
    }
    if (style == Style.LLAMA && width / heads % 2 != 0) {
      throw new IllegalArgumentException(
          "gpt: heads of %d features: rotary positions need an even number"
              .formatted(width / heads));
    }
  }

  /** A model whose head is the embedding table, and whose rotary positions are plain. */
  public GptConfig(
      int vocabulary,
      int context,
      int layers,
      int heads,
      int kvHeads,
      int width,
      int hidden,
      Style style,
      boolean bias,
      float dropout,
      float epsilon) {
    this(
        vocabulary,
        context,
        layers,
        heads,
        kvHeads,
        width,
        hidden,
        style,
        bias,
        dropout,
        epsilon,
        true,
        Rope.PLAIN);
  }

  /** GPT-2's form: four times as wide inside, with biases, no dropout. */
  public static GptConfig gpt2(int vocabulary, int context, int layers, int heads, int width) {
    return new GptConfig(
        vocabulary, context, layers, heads, heads, width, 4 * width, Style.GPT2, true, 0, 1e-5f);
  }

  /** Llama's form: no biases, no dropout; SwiGLU 8/3 as wide inside, in whole eights. */
  public static GptConfig llama(
      int vocabulary, int context, int layers, int heads, int kvHeads, int width) {
    int hidden = (8 * width / 3 + 7) / 8 * 8;
    return new GptConfig(
        vocabulary, context, layers, heads, kvHeads, width, hidden, Style.LLAMA, false, 0, 1e-5f);
  }

  /** With another rate of dropout. */
  public GptConfig withDropout(float p) {
    return new GptConfig(
        vocabulary,
        context,
        layers,
        heads,
        kvHeads,
        width,
        hidden,
        style,
        bias,
        p,
        epsilon,
        tied,
        rope);
  }

  /** With another number of positions. */
  public GptConfig withContext(int positions) {
    return new GptConfig(
        vocabulary,
        positions,
        layers,
        heads,
        kvHeads,
        width,
        hidden,
        style,
        bias,
        dropout,
        epsilon,
        tied,
        rope);
  }

  /** With a head that has weights of its own. */
  public GptConfig untied() {
    return new GptConfig(
        vocabulary,
        context,
        layers,
        heads,
        kvHeads,
        width,
        hidden,
        style,
        bias,
        dropout,
        epsilon,
        false,
        rope);
  }

  /** With other rotary positions. */
  public GptConfig withRope(Rope turning) {
    return new GptConfig(
        vocabulary,
        context,
        layers,
        heads,
        kvHeads,
        width,
        hidden,
        style,
        bias,
        dropout,
        epsilon,
        tied,
        turning);
  }

  /** D, the features of a head. */
  public int features() {
    return width / heads;
  }

  /** Width of all key heads, or all value heads, together: H'·D. */
  public int keyWidth() {
    return kvHeads * features();
  }
}
