package dev.harpia.models.seq2seq;

import dev.harpia.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is to be learnt: from words to words. */
public enum Seq2SeqTask {
  /** Letters come back in the opposite order. */
  REVERSE {
    @Override
    Pair draw(Rng rng) {
      List<String> letters = new ArrayList<>();
      for (int n = 3 + rng.below(LETTERS - 2); n > 0; n--) {
        letters.add(Character.toString('a' + rng.below(26)));
      }
      return new Pair(letters, letters.reversed());
    }

    @Override
    List<String> sourceWords() {
      return alphabet();
    }

    @Override
    List<String> targetWords() {
      return alphabet();
    }

    private List<String> alphabet() {
      List<String> all = new ArrayList<>();
      for (char c = 'a'; c <= 'z'; c++) {
        all.add(Character.toString(c));
      }
      return all;
    }
  },
  /** Numbers below a million in English words become digits: {@code two hundred six}, 206. */
  NUMBERS {
    @Override
    Pair draw(Rng rng) {
      int digits = 3 + rng.below(4); // there are too few shorter ones to hold some out
      int n = rng.below((int) Math.pow(10, digits));
      return new Pair(english(n), List.of(Integer.toString(n).split("")));
    }

    @Override
    List<String> sourceWords() {
      List<String> all = new ArrayList<>(List.of(ONES));
      all.addAll(Arrays.asList(TENS).subList(2, 10));
      all.addAll(List.of("hundred", "thousand"));
      return all;
    }

    @Override
    List<String> targetWords() {
      return List.of("0123456789".split(""));
    }
  };

  /** A source and its target. */
  record Pair(List<String> source, List<String> target) {}

  static final int LETTERS = 10;

  private static final String[] ONES = {
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen"
  };
  private static final String[] TENS = {
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"
  };

  abstract Pair draw(Rng rng);

  abstract List<String> sourceWords();

  abstract List<String> targetWords();

  /** Room for the longest source, or for the longest target with its end. */
  static int longest() {
    return 14;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A number below a million in words. */
  static List<String> english(int n) {
    List<String> words = new ArrayList<>();
    if (n >= 1000) {
      words.addAll(english(n / 1000));
      words.add("thousand");
    }
    int rest = n % 1000;
    if (rest >= 100) {
      words.add(ONES[rest / 100]);
      words.add("hundred");
    }
    rest %= 100;
    if (rest >= 20) {
      words.add(TENS[rest / 10]);
      rest %= 10;
      if (rest > 0) {
        words.add(ONES[rest]);
      }
    } else if (rest > 0 || n == 0) {
      words.add(ONES[rest]);
    }
    return words;
  }
}
