package dev.harpia.models.transformer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Learns byte-pair merges. Words are counted once; a merge touches only the words that hold its
 * pair.
 */
final class BpeTrainer {
  private final List<int[]> words = new ArrayList<>();
  private final List<Long> wordCounts = new ArrayList<>();
  private final Map<Long, Long> pairCounts = new HashMap<>();
  private final Map<Long, Set<Integer>> pairWords = new HashMap<>();
  private final List<byte[]> tokens = new ArrayList<>();
  private final Map<String, Integer> vocabulary = new LinkedHashMap<>();
  private final List<BpeTokenizer.Pair> merges = new ArrayList<>();

  BpeTrainer(String text, WordPattern pattern, Collection<String> specials) {
    int[] ofByte = new int[256];
    for (int b : ByteSymbols.inOrder()) {
      ofByte[b] = tokens.size();
      token(new byte[] {(byte) b});
    }
    count(text, pattern, specials)
        .forEach(
            (word, n) -> {
              byte[] b = word.getBytes(java.nio.charset.StandardCharsets.UTF_8);
              int[] w = new int[b.length];
              for (int i = 0; i < b.length; i++) {
                w[i] = ofByte[b[i] & 255];
              }
              words.add(w);
              wordCounts.add(n);
            });
    for (int w = 0; w < words.size(); w++) {
      tally(w, 1);
    }
  }

  private static Map<String, Long> count(
      String text, WordPattern pattern, Collection<String> specials) {
    Map<String, Long> counts = new TreeMap<>();
    String cut = specials.stream().map(Pattern::quote).collect(Collectors.joining("|"));
    String[] parts = specials.isEmpty() ? new String[] {text} : text.split(cut, -1);
    for (String part : parts) {
      Matcher m = pattern.regex.matcher(part);
      while (m.find()) {
        counts.merge(m.group(), 1L, Long::sum);
      }
    }
    return counts;
  }

  private int token(byte[] bytes) {
    String spelling = ByteSymbols.spell(bytes);
    Integer known = vocabulary.putIfAbsent(spelling, tokens.size());
    if (known != null) {
      return known;
    }
    tokens.add(bytes);
    return tokens.size() - 1;
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

  /** Merges until there are so many tokens, or no pair occurs twice. */
  void learn(int size) {
    while (tokens.size() < size) {
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
    byte[] a = tokens.get(left);
    byte[] b = tokens.get(right);
    byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    int merged = token(both);
    merges.add(new BpeTokenizer.Pair(ByteSymbols.spell(a), ByteSymbols.spell(b)));
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
      words.set(w, java.util.Arrays.copyOf(to, n));
      tally(w, 1);
    }
  }

  Map<String, Integer> vocabulary() {
    return vocabulary;
  }

  List<BpeTokenizer.Pair> merges() {
    return merges;
  }
}
