package dev.harpia.models.music;

import dev.harpia.models.music.AbcTune.Metre;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a tune in ABC notation (the abc standard 2.1, one voice): header, notes with accidentals,
 * octaves and lengths, rests, chords, ties, broken rhythms, tuplets, bars, repeats and endings,
 * changes of key, metre and unit. Grace notes, slurs, decorations, words and chord names are passed
 * over. It never fails: what it does not understand becomes one of the tune's errors.
 */
public final class AbcReader {
  private static final Pattern METRE =
      Pattern.compile("\\(?(\\d{1,3}(?:\\+\\d{1,3})*)\\)?/(\\d{1,3})");
  private static final Pattern UNIT = Pattern.compile("(\\d{1,3})/(\\d{1,3})");

  private final Map<Character, String> header = new LinkedHashMap<>();
  private final List<String> errors = new ArrayList<>();
  private final AbcBody body = new AbcBody(this);
  private boolean music;
  private Optional<Fraction> unit = Optional.empty();
  private int line;

  private AbcReader() {}

  /** Reads a tune; lines count from 1 in its errors. */
  public static AbcTune read(String text) {
    AbcReader reader = new AbcReader();
    String[] lines = text.split("\\R", -1);
    for (int i = 0; i < lines.length; i++) {
      reader.line = i + 1;
      reader.line(lines[i]);
    }
    return reader.tune();
  }

  private AbcTune tune() {
    line = 0;
    if (!header.containsKey('X')) {
      errors.add("no number: the line X:… is missing");
    }
    if (!header.containsKey('K')) {
      errors.add("no key: the line K:… is missing");
    }
    AbcTune tune = new AbcTune(header, body.elements(), errors);
    if (tune.notes() > 0) {
      return tune;
    }
    errors.add("no notes");
    return new AbcTune(header, body.elements(), errors);
  }

  void error(String what) {
    errors.add("line " + line + ": " + what);
  }

  private void line(String text) {
    if (isField(text)) {
      field(text.charAt(0), withoutRemark(text.substring(2)).strip());
    } else if (text.startsWith("%") || text.isBlank()) {
      return;
    } else if (music) {
      body.read(text);
    } else {
      error("neither a field nor music, which begins after the line K:…");
    }
  }

  /** A letter and a colon; but {@code d:|} and {@code A::} are a note and a repeat. */
  private static boolean isField(String text) {
    return text.length() >= 2
        && Character.isLetter(text.charAt(0))
        && text.charAt(1) == ':'
        && (text.length() == 2 || text.charAt(2) != ':' && text.charAt(2) != '|');
  }

  private static String withoutRemark(String text) {
    int at = text.indexOf('%');
    return at < 0 ? text : text.substring(0, at);
  }

  /** A field, on its own line or within the music. */
  void field(char name, String value) {
    if (!music) {
      if (header.isEmpty() && name != 'X') {
        error("a tune begins with X:, not " + name + ":");
      }
      header.putIfAbsent(name, value);
    }
    switch (name) {
      case 'M' -> metre(value);
      case 'L' -> unit(value);
      case 'K' -> {
        KeySignature.parse(value)
            .ifPresentOrElse(body::key, () -> error("no key: \"" + value + "\""));
        music = true;
      }
      case 'X' -> {
        if (value.isEmpty() || !value.chars().allMatch(Character::isDigit)) {
          error("X: must be a number: \"" + value + "\"");
        }
      }
      default -> {} // says nothing about what is to be played
    }
  }

  /** Notes are halves, quarters, …: with them, lengths add up exactly however long a tune is. */
  static boolean isPart(int bottom) {
    return Integer.bitCount(bottom) == 1 && bottom <= 256;
  }

  private void metre(String value) {
    Matcher m = METRE.matcher(value);
    if (value.equals("C") || value.equals("C|")) {
      metre(Optional.of(Fraction.of(1, 1)), false);
    } else if (value.equals("none") || value.isEmpty()) {
      metre(Optional.empty(), false);
    } else if (m.matches() && isPart(Integer.parseInt(m.group(2)))) {
      int beats = 0;
      for (String part : m.group(1).split("\\+", -1)) {
        beats += Integer.parseInt(part);
      }
      if (beats == 0) {
        error("no metre: \"" + value + "\"");
      } else {
        metre(
            Optional.of(Fraction.of(beats, Integer.parseInt(m.group(2)))),
            beats % 3 == 0 && beats > 3);
      }
    } else {
      error("no metre: \"" + value + "\"");
    }
  }

  private void metre(Optional<Fraction> bar, boolean compound) {
    body.metre(new Metre(bar), compound);
    if (unit.isEmpty()) { // the standard's unit where none is given
      body.unit(Fraction.of(1, bar.isPresent() && bar.get().value() < 0.75 ? 16 : 8));
    }
  }

  private void unit(String value) {
    Matcher m = UNIT.matcher(value);
    if (m.matches() && !m.group(1).matches("0+") && isPart(Integer.parseInt(m.group(2)))) {
      Fraction f = Fraction.of(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)));
      unit = Optional.of(f);
      body.unit(f);
    } else {
      error("no unit of length: \"" + value + "\"");
    }
  }
}
