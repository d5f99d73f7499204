package dev.harpia.models.transformer;

import dev.harpia.models.transformer.BertText.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Learns pieces of words. Words are counted once; a merge touches only the words that hold its
 * pair.
 */
final class WordPieceTrainer {
  private final List<int[]> words = new ArrayList<>();
  private final List<Long> wordCounts = new ArrayList<>();
  private final Map<Long, Long> pairCounts = new HashMap<>();
  private final Map<Long, Set<Integer>> pairWords = new HashMap<>();
  private final List<String> pieces = new ArrayList<>();
  private final Map<String, Integer> vocabulary = new LinkedHashMap<>();

  WordPieceTrainer(List<Word> text, List<String> specials) {
    Map<String, Long> counts = new TreeMap<>();
    for (Word w : text) {
      counts.merge(new String(w.text(), 0, w.text().length), 1L, Long::sum);
    }
    specials.forEach(this::piece);
    Set<String> letters = new TreeSet<>();
    counts.keySet().forEach(w -> letters.addAll(symbols(w)));
    letters.forEach(this::piece);
    counts.forEach(
        (w, n) -> {
          words.add(symbols(w).stream().mapToInt(this::piece).toArray());
          wordCounts.add(n);
          tally(words.size() - 1, 1);
        });
  }

  private static List<String> symbols(String word) {
    List<String> symbols = new ArrayList<>();
    word.codePoints()
        .forEach(
            c ->
                symbols.add(
                    (symbols.isEmpty() ? "" : WordPieceTokenizer.PREFIX) + Character.toString(c)));
    return symbols;
  }

  private int piece(String text) {
    Integer known = vocabulary.putIfAbsent(text, pieces.size());
    if (known != null) {
      return known;
    }
    pieces.add(text);
    return pieces.size() - 1;
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

  /** Merges until there are so many pieces, or no pair occurs twice. */
  void learn(int size) {
    while (pieces.size() < size) {
      long best = -1;
      long most = 1;
      for (Map.Entry<Long, Long> e : pairCounts.entrySet()) {
        long n = e.getValue();
        if (n > most || n == most && best >= 0 && e.getKey() < best) {
          most = n;
          best = e.getKey();
        }
      }
      if (best < 0) {
        return;
      }
      merge((int) (best >> 32), (int) best);
    }
  }

  private void merge(int left, int right) {
    int merged =
        piece(pieces.get(left) + pieces.get(right).substring(WordPieceTokenizer.PREFIX.length()));
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

  Map<String, Integer> vocabulary() {
    return vocabulary;
  }
}
