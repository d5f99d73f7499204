package dev.harpia.models.bert;

import dev.harpia.tensor.Rng;
import java.util.ArrayList;
import java.util.List;

/**
 * Composes sentences in which some words follow from others far away: verbs agree with their
 * subject and not with the noun before them, names come back, and what is asked for is what is
 * given.
 */
final class SentenceGrammar {
  private static final String[] ONE = {"eagle", "heron", "otter", "tapir", "owl", "frog"};
  private static final String[] MANY = {"eagles", "herons", "otters", "tapirs", "owls", "frogs"};
  private static final String[] NEAR = {"near", "behind", "above", "below"};
  private static final String[] PLACE = {"river", "forest", "mountain", "tree"};
  private static final String[] PLACES = {"rivers", "forests", "mountains", "trees"};
  private static final String[] SINGS = {"sings", "waits", "sleeps", "listens"};
  private static final String[] SING = {"sing", "wait", "sleep", "listen"};
  private static final String[] HOW = {"softly", "alone", "today", "again"};
  private static final String[] NAMES = {"Ana", "Beto", "Cora", "Dario", "Elena", "Fito"};
  private static final String[] THINGS = {"stone", "feather", "leaf", "nest", "song", "fish"};

  private final Rng rng;

  private SentenceGrammar(Rng rng) {
    this.rng = rng;
  }

  static List<String> compose(int count, Rng rng) {
    SentenceGrammar g = new SentenceGrammar(rng);
    List<String> sentences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sentences.add(g.sentence());
    }
    return sentences;
  }

  private String one(String... words) {
    return words[rng.below(words.length)];
  }

  private String sentence() {
    if (rng.below(3) == 0) {
      String giver = one(NAMES);
      String other = one(NAMES);
      while (other.equals(giver)) {
        other = one(NAMES);
      }
      String thing = one(THINGS);
      return rng.below(2) == 0
          ? "%s gave the %s to %s and %s thanked %s .".formatted(giver, thing, other, other, giver)
          : "%s asked %s for a %s so %s gave %s the %s ."
              .formatted(giver, other, thing, other, giver, thing);
    }
    boolean many = rng.below(2) == 0;
    String place = rng.below(2) == 0 ? one(PLACE) : one(PLACES);
    return "the %s %s the %s %s %s ."
        .formatted(one(many ? MANY : ONE), one(NEAR), place, one(many ? SING : SINGS), one(HOW));
  }
}
