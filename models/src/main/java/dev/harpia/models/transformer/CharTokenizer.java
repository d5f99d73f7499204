package dev.harpia.models.transformer;

import dev.harpia.nn.data.TextVocabulary;

/**
 * A token for each character (Unicode code point) of a vocabulary, numbered in the order of the
 * code points. A character that is not in it is an {@link IllegalArgumentException} that names it.
 */
public final class CharTokenizer implements Tokenizer {
  private final TextVocabulary vocabulary;

  private CharTokenizer(TextVocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** The characters that occur in a text. */
  public static CharTokenizer of(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("characters: the text is empty: no vocabulary");
    }
    return new CharTokenizer(TextVocabulary.of(text));
  }

  @Override
  public int size() {
    return vocabulary.size();
  }

  /** All characters, in the order of their numbers. */
  public String characters() {
    int[] all = new int[size()];
    java.util.Arrays.setAll(all, i -> i);
    return vocabulary.decode(all);
  }

  @Override
  public int[] encode(String text) {
    return vocabulary.encode(text);
  }

  @Override
  public Encoding encodeWithOffsets(String text) {
    int[] ids = vocabulary.encode(text);
    int[] starts = new int[ids.length];
    int[] ends = new int[ids.length];
    for (int i = 0, at = 0; i < ids.length; i++) {
      starts[i] = at;
      at += Character.charCount(text.codePointAt(at));
      ends[i] = at;
    }
    return new Encoding(ids, starts, ends);
  }

  @Override
  public String decode(int... ids) {
    return vocabulary.decode(ids);
  }
}
