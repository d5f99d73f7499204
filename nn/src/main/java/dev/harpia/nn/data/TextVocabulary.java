package dev.harpia.nn.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Characters (Unicode code points) and their numbers, in the order of the code points. */
public final class TextVocabulary {
  private final int[] characters;

  private TextVocabulary(int[] characters) {
    this.characters = characters;
  }

  /** The characters that occur in a text. */
  public static TextVocabulary of(String text) {
    return new TextVocabulary(text.codePoints().distinct().sorted().toArray());
  }

  /** A file's text, which must be UTF-8. */
  public static String read(Path file) throws IOException {
    return TextFile.read(file);
  }

  /** The number of characters, V. */
  public int size() {
    return characters.length;
  }

  /** The numbers of a text's characters. */
  public int[] encode(String text) {
    return text.codePoints().map(this::number).toArray();
  }

  private int number(int character) {
    int i = Arrays.binarySearch(characters, character);
    if (i < 0) {
      throw new IllegalArgumentException(
          "text: character '%s' (U+%04X) is not in the vocabulary of %d"
              .formatted(Character.toString(character), character, characters.length));
    }
    return i;
  }

  /** The text of some numbers. */
  public String decode(int... numbers) {
    StringBuilder text = new StringBuilder();
    for (int i : numbers) {
      if (i < 0 || i >= characters.length) {
        throw new IndexOutOfBoundsException(
            "text: character " + i + ": the vocabulary has " + characters.length);
      }
      text.appendCodePoint(characters[i]);
    }
    return text.toString();
  }
}
