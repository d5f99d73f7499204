package dev.harpia.models.transformer;

import dev.harpia.tensor.Rng;

/**
 * Composes a text to learn from where none is given: little scenes of speakers in a forest, from a
 * grammar of a few rules. Names come back within a scene, quotation marks close, and verbs agree,
 * so that what a model has learnt can be seen.
 */
final class StoryGrammar {
  private static final String[] NAMES = {"EAGLE", "HERON", "OTTER", "TAPIR", "OWL", "FROG"};
  private static final String[] PLACES = {"river", "forest", "mountain", "cloud", "old tree"};
  private static final String[] THINGS = {"fish", "stone", "feather", "leaf", "nest", "song"};
  private static final String[] KINDS = {"small", "silver", "quiet", "bright", "heavy", "lost"};
  private static final String[] VERBS = {"see", "carry", "find", "guard", "follow", "praise"};
  private static final String[] TIMES = {"at dawn", "in the rain", "by night", "every spring"};

  private final Rng rng;

  private StoryGrammar(Rng rng) {
    this.rng = rng;
  }

  /** At least so many characters. */
  static String compose(int length, long seed) {
    StoryGrammar g = new StoryGrammar(new Rng(seed));
    StringBuilder text = new StringBuilder(length + 400);
    while (text.length() < length) {
      g.scene(text);
    }
    return text.toString();
  }

  private String one(String... words) {
    return words[rng.below(words.length)];
  }

  private void scene(StringBuilder text) {
    String first = one(NAMES);
    String second = one(NAMES);
    while (second.equals(first)) {
      second = one(NAMES);
    }
    String thing = one(KINDS) + " " + one(THINGS);
    int lines = 2 + rng.below(4);
    for (int i = 0; i < lines; i++) {
      String speaker = i % 2 == 0 ? first : second;
      String other = i % 2 == 0 ? second : first;
      text.append(speaker).append(":\n").append(line(other, thing, i)).append("\n\n");
    }
  }

  private String line(String other, String thing, int i) {
    String name = other.charAt(0) + other.substring(1).toLowerCase(java.util.Locale.ROOT);
    String place = one(PLACES);
    return switch (rng.below(5)) {
      case 0 -> "Did you " + one(VERBS) + " the " + thing + " " + one(TIMES) + ", " + name + "?";
      case 1 -> "I " + one(VERBS) + " it where the " + place + " begins, " + one(TIMES) + ".";
      case 2 -> name + ", the " + place + " " + one(VERBS) + "s no " + one(THINGS) + "!";
      case 3 -> "They say: \"" + "The " + thing + " is mine,\" and the " + place + " is still.";
      default ->
          i == 0
              ? "Come, " + name + ", and we shall " + one(VERBS) + " a " + thing + "."
              : "No, " + name + ". Who " + one(VERBS) + "s the " + thing + " must wait.";
    };
  }
}
