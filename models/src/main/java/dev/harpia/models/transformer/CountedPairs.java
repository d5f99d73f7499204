package dev.harpia.models.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Words as rows of symbols, and how often two symbols stand side by side in them: what is learnt
 * from to merge symbols. A merge touches only the words that hold its pair.
 */
final class CountedPairs {
  private final List<int[]> words = new ArrayList<>();
  private final List<Long> wordCounts = new ArrayList<>();
  private final Map<Long, Long> pairCounts = new HashMap<>();
  private final Map<Long, Set<Integer>> pairWords = new HashMap<>();

  /** Adds a word that occurs so often. */
  void add(int[] word, long count) {
    words.add(word);
    wordCounts.add(count);
    tally(words.size() - 1, 1);
  }

  /** Adds a word's pairs to the counts, or takes them out. */
  private void tally(int w, int sign) {
    int[] word = words.get(w);
    for (int i = 0; i + 1 < word.length; i++) {
      long pair = (long) word[i] << 32 | word[i + 1];
      long n = pairCounts.merge(pair, sign * wordCounts.get(w), Long::sum);
      Set<Integer> in = pairWords.computeIfAbsent(pair, k -> new HashSet<>());
      if (sign > 0) {
        in.add(w);
      } else {
        in.remove(w);
        if (n == 0) {
          pairCounts.remove(pair);
          pairWords.remove(pair);
        }
      }
    }
  }

  /**
   * The most frequent pair, of equals the one with the least symbols: left in the upper half, right
   * in the lower; −1 if none occurs twice.
   */
  long mostFrequent() {
    long best = -1;
    long most = 1;
    for (Map.Entry<Long, Long> e : pairCounts.entrySet()) {
      long n = e.getValue();
      if (n > most || n == most && best >= 0 && e.getKey() < best) {
        most = n;
        best = e.getKey();
      }
    }
    return best;
  }

  /** Puts a symbol in the place of every such pair. */
  void merge(int left, int right, int merged) {
    long pair = (long) left << 32 | right;
    for (int w : List.copyOf(pairWords.getOrDefault(pair, Set.of()))) {
      tally(w, -1);
      int[] from = words.get(w);
      int[] to = new int[from.length];
      int n = 0;
      for (int i = 0; i < from.length; i++) {
        boolean hit = i + 1 < from.length && from[i] == left && from[i + 1] == right;
        to[n++] = hit ? merged : from[i];
        i += hit ? 1 : 0;
      }
      words.set(w, Arrays.copyOf(to, n));
      tally(w, 1);
    }
  }
}
