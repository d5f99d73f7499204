package dev.harpia.models.transformer;

import java.util.Arrays;

/** The text of tokens as they come, up to the first of some texts that end it. */
final class TextStream {
  private static final char BROKEN = '\uFFFD'; // what decoders give for a part of a character

  private final Tokenizer tokenizer;
  private final String[] stops;
  private int[] tokens = new int[64];
  private int count;
  private String text = "";
  private boolean stopped;

  TextStream(Tokenizer tokenizer, String... stops) {
    this.tokenizer = tokenizer;
    this.stops = stops;
  }

  void add(int token) {
    if (count == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * count);
    }
    tokens[count++] = token;
    text = tokenizer.decode(Arrays.copyOf(tokens, count));
    int stop = Integer.MAX_VALUE;
    for (String s : stops) {
      int at = text.indexOf(s);
      stop = at >= 0 ? Math.min(stop, at) : stop;
    }
    if (stop < Integer.MAX_VALUE) {
      text = text.substring(0, stop);
      stopped = true;
    }
  }

  boolean stopped() {
    return stopped;
  }

  /** Everything. */
  String all() {
    return text;
  }

  /** What no later token can take back. */
  String shown() {
    if (stopped) {
      return text;
    }
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == BROKEN) {
      end--;
    }
    int shown = end;
    for (String s : stops) {
      for (int n = Math.min(s.length() - 1, end); n > 0; n--) {
        if (s.startsWith(text.substring(end - n, end))) {
          shown = Math.min(shown, end - n);
          break;
        }
      }
    }
    return text.substring(0, shown);
  }
}
