package dev.harpia.models.transformer;

import java.util.Arrays;

/**
 * GPT-2's spelling of bytes as visible characters: printable Latin-1 stands for itself, the other
 * 68 bytes are, in order, U+0100 and following. Files of byte-level tokenizers are written so.
 */
final class ByteSymbols {
  private static final char[] SYMBOLS = new char[256];
  private static final int[] BYTES = new int[256 + 68];

  static {
    Arrays.fill(BYTES, -1);
    char next = 256;
    for (int b = 0; b < 256; b++) {
      boolean visible = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
      SYMBOLS[b] = visible ? (char) b : next++;
      BYTES[SYMBOLS[b]] = b;
    }
  }

  private ByteSymbols() {}

  static String spell(byte... bytes) {
    StringBuilder s = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      s.append(SYMBOLS[b & 255]);
    }
    return s.toString();
  }

  /** Whether every character stands for a byte. */
  static boolean isSpelling(String s) {
    return s.chars().allMatch(c -> c < BYTES.length && BYTES[c] >= 0);
  }

  static byte[] bytes(String spelling) {
    byte[] b = new byte[spelling.length()];
    for (int i = 0; i < b.length; i++) {
      b[i] = (byte) BYTES[spelling.charAt(i)];
    }
    return b;
  }

  /** The bytes in the order of their symbols, in which GPT-2 numbers them. */
  static int[] inOrder() {
    return java.util.stream.IntStream.range(0, BYTES.length)
        .map(c -> BYTES[c])
        .filter(b -> b >= 0)
        .toArray();
  }
}
