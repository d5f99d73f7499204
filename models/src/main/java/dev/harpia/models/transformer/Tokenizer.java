package dev.harpia.models.transformer;

import dev.harpia.models.run.JsonFile;
import dev.harpia.nn.io.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Text to token numbers and back. */
public sealed interface Tokenizer
    permits CharTokenizer, WordTokenizer, BpeTokenizer, WordPieceTokenizer {
  /** Reads a {@code tokenizer.json}, of byte-level BPE or WordPiece. */
  static Tokenizer load(Path file) throws IOException {
    Object type =
        JsonFile.read(file).get("model") instanceof Map<?, ?> model ? model.get("type") : null;
    return switch (String.valueOf(type)) {
      case "BPE" -> BpeTokenizer.load(file);
      case "WordPiece" -> WordPieceTokenizer.load(file);
      default ->
          throw new FormatException(
              file, 0, "model.type: expected BPE or WordPiece, found " + type);
    };
  }

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
