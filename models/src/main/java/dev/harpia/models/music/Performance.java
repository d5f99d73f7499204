package dev.harpia.models.music;

import dev.harpia.models.music.AbcTune.Bar;
import dev.harpia.models.music.AbcTune.Element;
import dev.harpia.models.music.AbcTune.Metre;
import dev.harpia.models.music.AbcTune.Sound;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tune as it is played: repeats and endings followed, ties joined.
 *
 * @param notes in the order of their beginning
 * @param length of all, in whole notes
 * @param pickup length of what is before the first whole bar; 0 if the tune begins with one
 * @param bars how many were played whole, as their metre has it
 * @param wrong how many were not. A bar that begins or ends at a repeat or a double line may be
 *     short, if the bars on both sides together are whole; the first and the last of the tune may
 *     be of any length
 */
public record Performance(List<Note> notes, Fraction length, Fraction pickup, int bars, int wrong) {
  /** Copies the list. */
  public Performance {
    notes = List.copyOf(notes);
  }

  /** Whether the tune has bars and all of them are right. */
  public boolean rightBars() {
    return wrong == 0 && bars > 0;
  }

  /** Plays a tune. */
  public static Performance of(AbcTune tune) {
    return new Player(tune.body()).play();
  }

  /** Goes through the elements as a player does. */
  private static final class Player {
    private final List<Element> body;
    private final List<Note> notes = new ArrayList<>();
    private final Map<Integer, Integer> tied = new HashMap<>(); // pitch → its note's place
    private Fraction now = Fraction.ZERO;
    private Fraction filled = Fraction.ZERO; // of this bar
    private Optional<Fraction> metre = Optional.of(Fraction.of(1, 1));
    private boolean first = true;
    private Fraction pickup = Fraction.ZERO;
    private int bars;
    private int wrong;
    private int back; // where a repeat begins
    private int pass = 1;

    Player(List<Element> body) {
      this.body = body;
    }

    Performance play() {
      // each repeat is followed once: a tune ends after at most twice its elements
      for (int i = 0; i < body.size(); ) {
        switch (body.get(i)) {
          case Sound s -> {
            sound(s);
            i++;
          }
          case Metre m -> {
            metre = m.bar();
            i++;
          }
          case Bar b -> i = bar(b, i);
        }
      }
      return new Performance(notes, now, pickup, bars, wrong);
    }

    private void sound(Sound s) {
      Map<Integer, Integer> held = new HashMap<>(tied);
      tied.clear();
      for (int pitch : s.pitches()) {
        Integer before = held.get(pitch);
        if (before != null) {
          Note n = notes.get(before);
          notes.set(before, new Note(pitch, n.start(), n.length().plus(s.length())));
        } else {
          notes.add(new Note(pitch, now, s.length()));
        }
        if (s.tied()) {
          tied.put(pitch, before != null ? before : notes.size() - 1);
        }
      }
      now = now.plus(s.length());
      filled = filled.plus(s.length());
    }

    /** Where to go on. */
    private int bar(Bar b, int i) {
      check(b);
      if (b.ends() && pass == 1) {
        pass = 2;
        return back;
      }
      if (b.ends() || b.begins() || b.section() && pass == 1) {
        back = i + 1;
        pass = 1;
      }
      boolean skipped = b.ending() > 0 && b.ending() != pass && pass == 2;
      return skipped ? skip(i + 1) : i + 1;
    }

    /** The place behind the line at which an ending that is not for now is over. */
    private int skip(int from) {
      for (int i = from; i < body.size(); i++) {
        if (body.get(i) instanceof Bar b && (b.ends() || b.begins() || b.ending() > 0)) {
          if (b.ends() || b.begins()) {
            back = i + 1;
            pass = 1;
          }
          return i + 1;
        }
      }
      return body.size();
    }

    private void check(Bar b) {
      if (metre.isEmpty()) {
        filled = Fraction.ZERO;
        return;
      }
      int order = filled.compareTo(metre.get());
      if (order == 0) {
        bars++;
      } else if (filled.top() != 0 && !first && (b.plain() || order > 0)) {
        wrong++;
      } else if (filled.top() != 0 && !b.plain()) {
        return; // the other side of the line may complete it
      }
      if (first && order < 0) {
        pickup = filled;
      }
      first &= filled.top() == 0;
      filled = Fraction.ZERO;
    }
  }
}
