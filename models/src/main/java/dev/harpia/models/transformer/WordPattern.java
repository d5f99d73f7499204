package dev.harpia.models.transformer;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How text is cut into the pieces within which byte pairs are merged. Only patterns known to take
 * linear time are here: a pattern out of a file could take for ever.
 */
public enum WordPattern {
  /** GPT-2's: words with the blank before them, numbers, marks. */
  GPT2("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"),
  /** Llama 3's: numbers of at most three digits, line ends apart. */
  LLAMA3(
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
          + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

  final String text;
  final Pattern regex;

  WordPattern(String text) {
    this.text = text;
    this.regex = Pattern.compile(text, Pattern.UNICODE_CHARACTER_CLASS);
  }

  static Optional<WordPattern> of(String text) {
    return Arrays.stream(values()).filter(p -> p.text.equals(text)).findFirst();
  }
}
