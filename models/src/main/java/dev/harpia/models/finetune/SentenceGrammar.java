package dev.harpia.models.finetune;

import dev.harpia.tensor.Rng;

/**
 * Composes sentences where no texts are given, of one grammar in two styles: plainly, and with the
 * words turned round as an old teacher of knights might.
 */
final class SentenceGrammar {
  private static final String[] WHO = {"owl", "otter", "heron", "tapir", "weaver", "captain"};
  private static final String[] HOW = {
    "quiet", "silver", "patient", "ancient", "little", "stubborn"
  };
  private static final String[] DOES = {
    "guards", "follows", "carries", "praises", "remembers", "finds"
  };
  private static final String[] WHAT = {
    "lantern", "feather", "letter", "mountain", "harvest", "melody"
  };
  private static final String[] WHERE = {
    "by the river", "in the forest", "under the bridge", "near the harbour", "behind the garden"
  };
  private static final String[] SIGHS = {"Hmm.", "Yes.", "Strong it is.", "Learn this, you must."};

  private final Rng rng;

  private SentenceGrammar(Rng rng) {
    this.rng = rng;
  }

  /** So many lines of a sentence or two each. */
  static String compose(int lines, boolean turned, long seed) {
    SentenceGrammar g = new SentenceGrammar(new Rng(seed));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      text.append(g.sentence(turned)).append('\n');
    }
    return text.toString();
  }

  private String one(String... words) {
    return words[rng.below(words.length)];
  }

  private String sentence(boolean turned) {
    String who = "the " + one(HOW) + " " + one(WHO);
    String what = "the " + one(WHAT);
    String does = one(DOES);
    String where = one(WHERE);
    if (!turned) {
      return rng.below(2) == 0
          ? capital(who) + " " + does + " " + what + " " + where + "."
          : capital(where) + " " + who + " " + does + " " + what + ".";
    }
    String said = capital(what) + " " + who + " " + does + ", " + where + ", ";
    return said + (rng.below(2) == 0 ? "yes. " + one(SIGHS) : "hmm.");
  }

  private static String capital(String s) {
    return Character.toUpperCase(s.charAt(0)) + s.substring(1);
  }
}
