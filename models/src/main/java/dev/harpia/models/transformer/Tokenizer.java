package dev.harpia.models.transformer;

/** Text to token numbers and back. */
public sealed interface Tokenizer permits CharTokenizer, BpeTokenizer {
  /** One more than the largest token number, V. */
  int size();

  /** The tokens of a text and where each lies in it. */
  Encoding encodeWithOffsets(String text);

  /** The tokens of a text. */
  default int[] encode(String text) {
    return encodeWithOffsets(text).ids();
  }

  /** The text of some tokens; a number that is no token is an {@link IndexOutOfBoundsException}. */
  String decode(int... ids);
}
