package dev.harpia.models.music;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sharps (positive) or flats (negative) that hold for all notes of a tune.
 *
 * @param fifths steps along the circle of fifths from C major, from −7 to 7
 */
public record KeySignature(int fifths) {
  /** C major, and the key of tunes that say {@code K:none}. */
  public static final KeySignature NONE = new KeySignature(0);

  private static final Pattern TEXT =
      Pattern.compile("([A-G])([#b]?)\\s*([A-Za-z]*)(?:\\s.*)?", Pattern.DOTALL);
  private static final String SHARPS = "FCGDAEB";

  /** Checks the range. */
  public KeySignature {
    if (fifths < -7 || fifths > 7) {
      throw new IllegalArgumentException("key: " + fifths + " fifths: must be from -7 to 7");
    }
  }

  /**
   * Reads {@code G}, {@code F# Minor}, {@code Ador}, {@code none}; empty if it is none of these.
   */
  public static Optional<KeySignature> parse(String text) {
    String t = text.strip();
    if (t.isEmpty() || t.equalsIgnoreCase("none") || t.startsWith("HP") || t.startsWith("Hp")) {
      return t.startsWith("H") ? Optional.of(new KeySignature(2)) : Optional.of(NONE);
    }
    Matcher m = TEXT.matcher(t);
    if (!m.matches()) {
      return Optional.empty();
    }
    int fifths = SHARPS.indexOf(m.group(1)) - 1; // F −1, C 0, G 1, …
    fifths += m.group(2).equals("#") ? 7 : m.group(2).equals("b") ? -7 : 0;
    Optional<Integer> mode = mode(m.group(3).toLowerCase(Locale.ROOT));
    if (mode.isEmpty()) {
      return Optional.empty();
    }
    fifths += mode.get();
    return fifths < -7 || fifths > 7 ? Optional.empty() : Optional.of(new KeySignature(fifths));
  }

  /** How many fifths a mode lies above major. */
  private static Optional<Integer> mode(String name) {
    if (name.equals("m")) {
      return Optional.of(-3);
    }
    String three = name.substring(0, Math.min(3, name.length()));
    return switch (three) {
      case "", "maj", "ion", "exp" -> Optional.of(0);
      case "lyd" -> Optional.of(1);
      case "mix" -> Optional.of(-1);
      case "dor" -> Optional.of(-2);
      case "min", "aeo" -> Optional.of(-3);
      case "phr" -> Optional.of(-4);
      case "loc" -> Optional.of(-5);
      default -> Optional.empty();
    };
  }

  /** By how many semitones a letter from A to G is raised. */
  public int shift(char letter) {
    int i = SHARPS.indexOf(letter);
    return fifths > i ? 1 : fifths <= i - 7 ? -1 : 0;
  }
}
