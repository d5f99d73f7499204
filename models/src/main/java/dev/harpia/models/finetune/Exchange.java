package dev.harpia.models.finetune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A question and its answer. The question is made of the answer's longest words, so that any text
 * yields exchanges: the model is asked with a few words, and answers with a sentence around them.
 */
record Exchange(String question, String answer) {
  private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?])\\s+");
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final int LEAST = 20;
  private static final int MOST = 90; // characters of an answer
  private static final int WORDS = 3;
  private static final int LONGEST = 12; // characters of a word in a question

  /** Characters of the longest exchange, with what stands around question and answer. */
  static final int LENGTH = 144;

  /** What stands before the answer; a line break ends it. */
  String prompt() {
    return "Q: " + question + "\nA: ";
  }

  /** The exchange of an answer; empty if it has too few words, or too many characters. */
  static Optional<Exchange> about(String answer) {
    boolean fits = answer.length() >= LEAST && answer.length() <= MOST;
    if (!fits || !answer.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      return Optional.empty();
    }
    List<String> words = new ArrayList<>();
    for (String word : answer.split("[^A-Za-z]+", -1)) {
      String w = word.toLowerCase(Locale.ROOT);
      if (w.length() >= 4 && w.length() <= LONGEST && !words.contains(w)) {
        words.add(w);
      }
    }
    List<String> longest =
        words.stream().sorted(Comparator.comparingInt(w -> -w.length())).limit(WORDS).toList();
    if (longest.size() < 2) {
      return Optional.empty();
    }
    words.retainAll(longest); // in the order of the answer
    return Optional.of(new Exchange(String.join(" ", words), answer));
  }

  /** The exchanges of a text's sentences; the two characters {@code \n} count as a blank. */
  static List<Exchange> of(String text) {
    List<Exchange> all = new ArrayList<>();
    text.lines()
        .map(
            line -> line.replace("\\n", " ").replace('’', '\'').replace('“', '"').replace('”', '"'))
        .flatMap(line -> SENTENCE_END.splitAsStream(line))
        .map(sentence -> BLANKS.matcher(sentence.strip()).replaceAll(" "))
        .forEach(sentence -> about(sentence).ifPresent(all::add));
    return all;
  }
}
