package dev.harpia.models.transformer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A token for each word of a vocabulary, and for each mark; blanks only separate. Token 0, {@code
 * <unk>}, stands for all words that are not in it; special tokens follow. Texts come back with one
 * blank between tokens. Immutable; may be shared by threads.
 */
public final class WordTokenizer implements Tokenizer {
  /** What unknown words become. */
  public static final String UNKNOWN = "<unk>";

  private static final String WORD = "[\\p{L}\\p{M}\\p{N}_]+(?:['’][\\p{L}\\p{M}]+)*|[^\\s]";

  private final List<String> words;
  private final Map<String, Integer> ids = new HashMap<>();
  private final boolean lowercase;
  private final Pattern pieces;

  /**
   * A vocabulary.
   *
   * @param specials tokens whose text is one token wherever it occurs
   * @param words other tokens, in the order of their numbers
   * @param lowercase whether large and small letters are the same
   */
  public WordTokenizer(Collection<String> specials, Collection<String> words, boolean lowercase) {
    this.lowercase = lowercase;
    this.words = new ArrayList<>(List.of(UNKNOWN));
    this.words.addAll(specials);
    this.words.addAll(words);
    for (String w : this.words) {
      if (w.isEmpty() || ids.putIfAbsent(w, ids.size()) != null) {
        throw new IllegalArgumentException("words: \"" + w + "\" is empty or there twice");
      }
    }
    String cut =
        this.words.subList(0, specials.size() + 1).stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    pieces = Pattern.compile(cut + "|" + WORD);
  }

  /**
   * The most frequent words of a text; of equally frequent ones, those first in the alphabet.
   *
   * @param size how many tokens at most, all told
   */
  public static WordTokenizer train(String text, int size, boolean lowercase, String... specials) {
    if (size < specials.length + 1) {
      throw new IllegalArgumentException(
          "words: %d tokens: there must be room for <unk> and %d special ones"
              .formatted(size, specials.length));
    }
    WordTokenizer none = new WordTokenizer(List.of(specials), List.of(), lowercase);
    Map<String, Integer> counts = new TreeMap<>();
    Matcher m = none.pieces.matcher(text);
    while (m.find()) {
      String w = none.form(m.group());
      if (!none.ids.containsKey(w)) {
        counts.merge(w, 1, Integer::sum);
      }
    }
    List<String> words =
        counts.entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .limit(size - specials.length - 1L)
            .map(Map.Entry::getKey)
            .toList();
    return new WordTokenizer(List.of(specials), words, lowercase);
  }

  private String form(String word) {
    return lowercase && !ids.containsKey(word) ? word.toLowerCase(Locale.ROOT) : word;
  }

  @Override
  public int size() {
    return words.size();
  }

  /** All tokens, in the order of their numbers. */
  public List<String> words() {
    return List.copyOf(words);
  }

  /** The number of a token; that of {@code <unk>} where it is none. */
  public int id(String word) {
    return ids.getOrDefault(form(word), 0);
  }

  @Override
  public Encoding encodeWithOffsets(String text) {
    Encoding.Builder out = new Encoding.Builder();
    Matcher m = pieces.matcher(text);
    while (m.find()) {
      out.add(id(m.group()), m.start(), m.end());
    }
    return out.build();
  }

  @Override
  public String decode(int... tokens) {
    StringBuilder s = new StringBuilder();
    for (int t : tokens) {
      if (t < 0 || t >= words.size()) {
        throw new IndexOutOfBoundsException(
            "words: token " + t + ": no such token among " + words.size());
      }
      s.append(s.isEmpty() ? "" : " ").append(words.get(t));
    }
    return s.toString();
  }
}
