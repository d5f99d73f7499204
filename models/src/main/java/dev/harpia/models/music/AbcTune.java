package dev.harpia.models.music;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tune in ABC notation, read.
 *
 * @param header the first value of each field before the music, by its letter
 * @param body what is to be played, in the order of the text
 * @param errors what breaks the notation's rules, each with its line; empty in a valid tune
 */
public record AbcTune(Map<Character, String> header, List<Element> body, List<String> errors) {
  /** A part of the music. */
  public sealed interface Element {}

  /**
   * Notes that sound together, or a rest.
   *
   * @param pitches MIDI numbers, middle C is 60; none in a rest
   * @param length as a part of a whole note
   * @param tied whether it goes on in the next one of its pitch
   */
  public record Sound(List<Integer> pitches, Fraction length, boolean tied) implements Element {
    /** Copies the list. */
    public Sound {
      pitches = List.copyOf(pitches);
    }

    Sound stretched(Fraction by) {
      return new Sound(pitches, length.times(by), tied);
    }

    Sound bound() {
      return new Sound(pitches, length, true);
    }
  }

  /**
   * A bar line.
   *
   * @param ends whether a repeated part ends here
   * @param begins whether a repeated part begins here
   * @param section whether it is a double or final line
   * @param ending which time around what follows is for; 0 for every time
   */
  public record Bar(boolean ends, boolean begins, boolean section, int ending) implements Element {
    /** Whether it is a plain line, across which a bar must be whole. */
    public boolean plain() {
      return !ends && !begins && !section;
    }
  }

  /** The length of the bars from here on; empty for music without bars. */
  public record Metre(Optional<Fraction> bar) implements Element {}

  /** Copies the collections. */
  public AbcTune {
    header = Map.copyOf(header);
    body = List.copyOf(body);
    errors = List.copyOf(errors);
  }

  /** The title, or {@code untitled}. */
  public String title() {
    String title = header.getOrDefault('T', "").strip();
    return title.isEmpty() ? "untitled" : title;
  }

  /** How many notes are written. */
  public int notes() {
    return body.stream().mapToInt(e -> e instanceof Sound s ? s.pitches().size() : 0).sum();
  }

  /** Whether it has a number, a key, a note, and no error. */
  public boolean valid() {
    return errors.isEmpty();
  }
}
