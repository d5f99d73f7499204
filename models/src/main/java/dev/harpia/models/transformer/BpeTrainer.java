package dev.harpia.models.transformer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Learns byte-pair merges. Words are counted once. */
final class BpeTrainer {
  private final CountedPairs pairs = new CountedPairs();
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
              pairs.add(w, n);
            });
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

  /** Merges until there are so many tokens, or no pair occurs twice. */
  void learn(int size) {
    while (tokens.size() < size) {
      long best = pairs.mostFrequent();
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
    pairs.merge(left, right, merged);
  }

  Map<String, Integer> vocabulary() {
    return vocabulary;
  }

  List<BpeTokenizer.Pair> merges() {
    return merges;
  }
}
