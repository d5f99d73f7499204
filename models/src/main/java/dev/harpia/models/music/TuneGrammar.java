package dev.harpia.models.music;

import dev.harpia.tensor.Rng;
import java.util.ArrayList;
import java.util.List;

/**
 * Composes tunes to learn from where none are given: two parts of eight bars, each repeated, over
 * chords that lead home, with rhythms of their metre. The second half of a part takes up its first
 * bars, so that what a model has learnt of form can be seen.
 */
public final class TuneGrammar {
  private static final String LETTERS = "CDEFGABcdefgab";
  private static final String[] KINDS = {"Jig", "Reel", "Waltz", "March", "Hop", "Air"};
  private static final String[] WHOSE = {"Heron's", "Otter's", "Owl's", "Miller's", "Sailor's"};
  private static final String[] FIRST = {"Old", "Merry", "Silver", "Lonely", "Little", "High"};

  /** Chords of a part, by the steps of their roots above the key's; the last bar is at home. */
  private static final int[][] CHORDS = {
    {0, 0, 3, 4, 0, 3, 4, 0}, {0, 3, 0, 4, 0, 3, 4, 0}, {0, 5, 3, 4, 0, 5, 4, 0},
  };

  /** A metre: how it is written, the rhythms of a bar in eighths, the bar that ends a part. */
  private record Metre(String name, int[][] rhythms, int[] last) {}

  private static final List<Metre> METRES =
      List.of(
          new Metre(
              "6/8",
              new int[][] {{1, 1, 1, 1, 1, 1}, {2, 1, 1, 1, 1}, {2, 1, 2, 1}, {3, 1, 1, 1}},
              new int[] {3, 3}),
          new Metre(
              "C",
              new int[][] {
                {1, 1, 1, 1, 1, 1, 1, 1}, {2, 1, 1, 1, 1, 1, 1}, {2, 2, 1, 1, 2}, {3, 1, 2, 2}
              },
              new int[] {2, 2, 4}),
          new Metre("3/4", new int[][] {{2, 2, 2}, {2, 1, 1, 2}, {4, 2}, {3, 1, 2}}, new int[] {6}),
          new Metre("2/4", new int[][] {{1, 1, 1, 1}, {2, 1, 1}, {1, 1, 2}}, new int[] {2, 2}));

  /** A key and the place of its first step among the letters. */
  private record Key(String name, int home) {}

  private static final List<Key> KEYS =
      List.of(
          new Key("D Major", 1),
          new Key("G Major", 4),
          new Key("A Dorian", 5),
          new Key("E Minor", 2),
          new Key("C Major", 0));

  private final Rng rng;
  private int place; // of the last note among the letters

  private TuneGrammar(Rng rng) {
    this.rng = rng;
  }

  /** So many tunes; one seed composes the same ones. */
  public static List<String> compose(int count, long seed) {
    TuneGrammar grammar = new TuneGrammar(new Rng(seed));
    List<String> tunes = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      tunes.add(grammar.tune(i));
    }
    return tunes;
  }

  private String one(String... words) {
    return words[rng.below(words.length)];
  }

  private String tune(int number) {
    Metre metre = METRES.get(rng.below(METRES.size()));
    Key key = KEYS.get(rng.below(KEYS.size()));
    return "X:%d\nT:The %s %s %s\nM:%s\nL:1/8\nK:%s\n%s\n%s"
        .formatted(
            number,
            one(FIRST),
            one(WHOSE),
            one(KINDS),
            metre.name,
            key.name,
            part(metre, key.home),
            part(metre, key.home + 2)); // the second part begins higher
  }

  /** Eight bars: bars five and six are bars one and two again. */
  private String part(Metre metre, int from) {
    int[] chords = CHORDS[rng.below(CHORDS.length)];
    String[] bars = new String[8];
    place = from;
    for (int i = 0; i < 8; i++) {
      int root = from % 7 + chords[i];
      boolean again = i == 4 || i == 5;
      bars[i] =
          again
              ? bars[i - 4]
              : i == 7 ? bar(metre.last, root) : bar(metre.rhythms[choice(metre)], root);
    }
    return String.join("|", List.of(bars).subList(0, 4))
        + "|\n"
        + String.join("|", List.of(bars).subList(4, 8))
        + ":|";
  }

  /** Plain rhythms are twice as likely as the others. */
  private int choice(Metre metre) {
    return Math.max(0, rng.below(metre.rhythms.length + 1) - 1);
  }

  /** Steps and small leaps; the first note of a bar belongs to its chord. */
  private String bar(int[] rhythm, int root) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rhythm.length; i++) {
      place += i == 0 ? 0 : rng.below(5) - 2;
      place = Math.clamp(place, 0, LETTERS.length() - 1);
      if (i == 0) {
        place = chordal(root);
      }
      text.append(LETTERS.charAt(place)).append(rhythm[i] > 1 ? "" + rhythm[i] : "");
    }
    return text.toString();
  }

  /** The nearest place that is root, third or fifth. */
  private int chordal(int root) {
    for (int d = 0; ; d++) {
      for (int p : new int[] {place - d, place + d}) {
        int step = Math.floorMod(p - root, 7);
        if (p >= 0 && p < LETTERS.length() && (step == 0 || step == 2 || step == 4)) {
          return p;
        }
      }
    }
  }
}
