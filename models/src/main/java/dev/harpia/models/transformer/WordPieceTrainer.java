package dev.harpia.models.transformer;

import dev.harpia.models.transformer.BertText.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Learns pieces of words. Words are counted once. */
final class WordPieceTrainer {
  private final CountedPairs pairs = new CountedPairs();
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
    counts.forEach((w, n) -> pairs.add(symbols(w).stream().mapToInt(this::piece).toArray(), n));
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

  /** Merges until there are so many pieces, or no pair occurs twice. */
  void learn(int size) {
    while (pieces.size() < size) {
      long best = pairs.mostFrequent();
      if (best < 0) {
        return;
      }
      merge((int) (best >> 32), (int) best);
    }
  }

  private void merge(int left, int right) {
    int merged =
        piece(pieces.get(left) + pieces.get(right).substring(WordPieceTokenizer.PREFIX.length()));
    pairs.merge(left, right, merged);
  }

  Map<String, Integer> vocabulary() {
    return vocabulary;
  }
}
