package dev.harpia.models.music;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds what a tune has copied: the longest sequences of bars, compared as they are written but for
 * blanks and line breaks, that it shares with the tunes of a corpus.
 */
public final class BarCopies {
  private static final Pattern LINE = Pattern.compile("(?::*\\[?\\|+[|:\\]]*|::)(?:\\[?\\d)?");
  private static final Pattern FIELD = Pattern.compile("[A-Za-z]:(?![:|]).*", Pattern.DOTALL);
  private static final int END = -1; // between two tunes of the corpus
  private static final int NEW = -2; // a bar that the corpus does not have

  private final Map<String, Integer> numbers = new HashMap<>();
  private final int[] corpus;

  /**
   * What was found.
   *
   * @param bars of the tune
   * @param longest bars in a row that are in a tune of the corpus
   */
  public record Copy(int bars, int longest) {
    /** The longest sequence's share of the tune. */
    public double share() {
      return bars == 0 ? 0 : (double) longest / bars;
    }
  }

  /** Prepares the search in a corpus. */
  public BarCopies(List<String> tunes) {
    List<Integer> all = new ArrayList<>();
    for (String tune : tunes) {
      for (String bar : bars(tune)) {
        all.add(numbers.computeIfAbsent(bar, b -> numbers.size()));
      }
      all.add(END);
    }
    corpus = all.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The bars of a tune as they are written, without blanks; empty ones are left out. */
  static List<String> bars(String tune) {
    StringBuilder music = new StringBuilder();
    tune.lines().filter(l -> !FIELD.matcher(l).matches()).forEach(l -> music.append(l).append(' '));
    List<String> bars = new ArrayList<>();
    for (String bar : LINE.split(music, -1)) {
      String notes = bar.replaceAll("[\\s!\\\\]+", "");
      if (!notes.isEmpty()) {
        bars.add(notes);
      }
    }
    return bars;
  }

  /** The longest common run of bars, by the usual dynamic programme. */
  public Copy of(String tune) {
    int[] mine = bars(tune).stream().mapToInt(b -> numbers.getOrDefault(b, NEW)).toArray();
    int[] run = new int[corpus.length + 1];
    int longest = 0;
    for (int bar : mine) {
      for (int j = corpus.length; j > 0; j--) {
        run[j] = bar >= 0 && corpus[j - 1] == bar ? run[j - 1] + 1 : 0;
        longest = Math.max(longest, run[j]);
      }
    }
    return new Copy(mine.length, longest);
  }
}
