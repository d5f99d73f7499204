package dev.harpia.nn.data;

import dev.harpia.nn.io.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads text. */
final class TextFile {
  private static final long MAX_BYTES = 1 << 30;

  private TextFile() {}

  static String read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new FormatException(
          file, MAX_BYTES, "a text of %d bytes; at most %d".formatted(Files.size(file), MAX_BYTES));
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    CharBuffer chars = CharBuffer.allocate(bytes.remaining());
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result = decoder.decode(bytes, chars, true);
    if (result.isError()) {
      throw new FormatException(file, bytes.position(), "expected text in UTF-8");
    }
    decoder.flush(chars);
    return chars.flip().toString();
  }
}
