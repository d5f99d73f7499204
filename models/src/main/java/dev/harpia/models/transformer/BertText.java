package dev.harpia.models.transformer;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Text as BERT sees it: controls gone, every blank a blank, accents and capitals gone where asked
 * for, cut at blanks, at marks, and round each Chinese character. Each character remembers where it
 * was.
 */
final class BertText {
  /**
   * A word.
   *
   * @param text normalised, in code points
   * @param starts where each begins in the original, in UTF-16
   * @param ends where each ends
   */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier
  record Word(int[] text, int[] starts, int[] ends) {}

  /**
   * What is done to text before it is cut.
   *
   * @param clean whether controls go, and every blank becomes a blank
   * @param chinese whether Chinese characters are words of their own
   * @param accents whether accents go
   * @param lowercase whether capitals go
   */
  record Rules(boolean clean, boolean chinese, boolean accents, boolean lowercase) {
    /** As {@code bert-base-uncased} has them. */
    static final Rules UNCASED = new Rules(true, true, true, true);

    /** As {@code bert-base-cased} has them. */
    static final Rules CASED = new Rules(true, true, false, false);
  }

  private final List<Word> words = new ArrayList<>();
  private int[] text = new int[16];
  private int[] starts = new int[16];
  private int[] ends = new int[16];
  private int n;

  private BertText() {}

  static List<Word> words(String text, int from, int to, Rules rules) {
    BertText t = new BertText();
    for (int i = from; i < to; ) {
      int c = text.codePointAt(i);
      int end = i + Character.charCount(c);
      t.character(c, i, end, rules);
      i = end;
    }
    t.cut();
    return t.words;
  }

  private void character(int c, int start, int end, Rules rules) {
    if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
      cut();
      return;
    }
    if (rules.clean && (c == 0 || c == 0xFFFD || isControl(c))) {
      return;
    }
    boolean alone = rules.chinese && isChinese(c);
    if (alone) {
      cut();
    }
    String s = Character.toString(c);
    if (rules.accents) {
      s = Normalizer.normalize(s, Normalizer.Form.NFD);
    }
    if (rules.lowercase) {
      s = s.toLowerCase(Locale.ROOT);
    }
    s.codePoints()
        .filter(k -> !rules.accents || Character.getType(k) != Character.NON_SPACING_MARK)
        .forEach(k -> add(k, start, end));
    if (alone) {
      cut();
    }
  }

  private void add(int c, int start, int end) {
    boolean mark = isMark(c);
    if (mark) {
      cut();
    }
    if (n == text.length) {
      text = Arrays.copyOf(text, 2 * n);
      starts = Arrays.copyOf(starts, 2 * n);
      ends = Arrays.copyOf(ends, 2 * n);
    }
    text[n] = c;
    starts[n] = start;
    ends[n++] = end;
    if (mark) {
      cut();
    }
  }

  private void cut() {
    if (n > 0) {
      words.add(new Word(Arrays.copyOf(text, n), Arrays.copyOf(starts, n), Arrays.copyOf(ends, n)));
      n = 0;
    }
  }

  private static boolean isControl(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.UNASSIGNED, Character.PRIVATE_USE -> true;
      default -> false;
    };
  }

  private static boolean isMark(int c) {
    boolean ascii = c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
    return ascii
        || switch (Character.getType(c)) {
          case Character.CONNECTOR_PUNCTUATION,
              Character.DASH_PUNCTUATION,
              Character.START_PUNCTUATION,
              Character.END_PUNCTUATION,
              Character.INITIAL_QUOTE_PUNCTUATION,
              Character.FINAL_QUOTE_PUNCTUATION,
              Character.OTHER_PUNCTUATION ->
              true;
          default -> false;
        };
  }

  /** The blocks of CJK ideographs that BERT names. */
  private static boolean isChinese(int c) {
    return c >= 0x4E00 && c <= 0x9FFF
        || c >= 0x3400 && c <= 0x4DBF
        || c >= 0x20000 && c <= 0x2A6DF
        || c >= 0x2A700 && c <= 0x2B73F
        || c >= 0x2B740 && c <= 0x2B81F
        || c >= 0x2B920 && c <= 0x2CEAF
        || c >= 0xF900 && c <= 0xFAFF
        || c >= 0x2F800 && c <= 0x2FA1F;
  }
}
