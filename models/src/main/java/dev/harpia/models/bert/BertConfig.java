package dev.harpia.models.bert;

/**
 * Sizes of an encoder.
 *
 * @param vocabulary V
 * @param context the most positions
 * @param layers blocks one after another
 * @param heads attention heads; they divide the width
 * @param width E, of the vector at each position
 * @param hidden width of the feed-forward layer
 * @param segments how many kinds of text there are, such as a question and its answer
 * @param dropout rate everywhere
 */
public record BertConfig(
    int vocabulary,
    int context,
    int layers,
    int heads,
    int width,
    int hidden,
    int segments,
    float dropout) {
  /** Checks the sizes. */
  public BertConfig {
    if (vocabulary < 1 || context < 1 || layers < 1 || hidden < 1 || segments < 1) {
      throw new IllegalArgumentException(
          "bert: vocabulary %d, context %d, %d layers, hidden width %d, %d segments: must be positive"
              .formatted(vocabulary, context, layers, hidden, segments));
    }
    if (heads < 1 || width < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "bert: width %d must fall into %d equal heads".formatted(width, heads));
    }
  }

  /** BERT's form: four times as wide inside, two segments, no dropout. */
  public static BertConfig of(int vocabulary, int context, int layers, int heads, int width) {
    return new BertConfig(vocabulary, context, layers, heads, width, 4 * width, 2, 0);
  }
}
