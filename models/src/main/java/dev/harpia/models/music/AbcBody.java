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
import org.jspecify.annotations.Nullable;

/** The music of a tune, line by line, into what is to be played. */
final class AbcBody {
  private static final String NOTES = "CDEFGAB";
  private static final int[] SEMITONES = {0, 2, 4, 5, 7, 9, 11};
  private static final Fraction ONE = Fraction.of(1, 1);

  /** Shorthand decorations and symbols that do not sound. */
  private static final String SILENT = ".~HLMNOPQRSTUVWhijklmnopqrstuvw\\`)";

  private final AbcReader reader;
  private final List<Element> elements = new ArrayList<>();
  private final Map<String, Integer> accidentals = new HashMap<>(); // of this bar, by note
  private KeySignature key = KeySignature.NONE;
  private Optional<Fraction> bar = Optional.of(ONE);
  private boolean compound;
  private Fraction unit = Fraction.of(1, 8);
  private String text = "";
  private int at;
  private int last = -1; // the place of the last sound, which ties and rhythms change
  private Fraction next = ONE; // by which a broken rhythm stretches the next sound
  private Fraction tuplet = ONE;
  private int inTuplet; // sounds that are still to come of it

  AbcBody(AbcReader reader) {
    this.reader = reader;
  }

  List<Element> elements() {
    return elements;
  }

  void key(KeySignature k) {
    key = k;
    accidentals.clear();
  }

  void metre(Metre m, boolean threes) {
    bar = m.bar();
    compound = threes;
    elements.add(m);
  }

  void unit(Fraction u) {
    unit = u;
  }

  void read(String line) {
    text = line;
    at = 0;
    while (at < text.length() && text.charAt(at) != '%') {
      token(text.charAt(at));
    }
  }

  private char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
  }

  private void token(char c) {
    if (isNote(c)) {
      sound(List.of(pitch()), length());
    } else if (c == 'z' || c == 'x') {
      at++;
      sound(List.of(), length());
    } else if (c == 'Z' || c == 'X') {
      at++;
      sound(List.of(), ONE.times(count(1), 1).times(bar.orElse(ONE)));
    } else if (c == '|' || c == ':' || c == ']') {
      bar();
    } else if (Character.isWhitespace(c) || SILENT.indexOf(c) >= 0) {
      at++;
    } else {
      sign(c);
    }
  }

  private void sign(char c) {
    switch (c) {
      case '[' -> bracket();
      case '(' -> tuplet();
      case '{' -> skipTo('}', "grace notes");
      case '"' -> skipTo('"', "a chord name");
      case '!' -> mark();
      case '-' -> tie();
      case '>', '<' -> broken(c);
      case 'y' -> {
        at++;
        count(0);
      }
      default -> {
        reader.error("'" + c + "' is no sign of the notation");
        at++;
      }
    }
  }

  private static boolean isNote(char c) {
    return c >= 'A' && c <= 'G' || c >= 'a' && c <= 'g' || c == '^' || c == '_' || c == '=';
  }

  // ---- notes

  /** A note with its accidental and octave, as a MIDI number. */
  private int pitch() {
    int shift = 0;
    boolean given = false;
    while (peek(0) == '^' || peek(0) == '_' || peek(0) == '=') {
      shift += peek(0) == '^' ? 1 : peek(0) == '_' ? -1 : 0;
      given = true;
      at++;
    }
    char letter = peek(0);
    int step = NOTES.indexOf(Character.toUpperCase(letter));
    if (step < 0 || letter == '\0') {
      reader.error("an accidental without a note");
      return 60;
    }
    at++;
    int octave = Character.isLowerCase(letter) ? 1 : 0;
    while (peek(0) == ',' || peek(0) == '\'') {
      octave += peek(0) == ',' ? -1 : 1;
      at++;
    }
    String note = Character.toUpperCase(letter) + " " + octave;
    if (given) {
      if (Math.abs(shift) > 2) {
        reader.error("more than two accidentals of a kind");
      }
      accidentals.put(note, shift);
    }
    int up = accidentals.getOrDefault(note, key.shift(Character.toUpperCase(letter)));
    int midi = 60 + 12 * octave + SEMITONES[step] + up;
    if (midi < 0 || midi > 127) {
      reader.error("a note beyond MIDI's range");
    }
    return Math.clamp(midi, 0, 127);
  }

  /** The digits here, or {@code none} without any. */
  private int count(int none) {
    int from = at;
    while (Character.isDigit(peek(0))) {
      at++;
    }
    if (at == from) {
      return none;
    }
    if (at - from > 3) {
      reader.error("a number of more than three digits");
      return 1;
    }
    return Integer.parseInt(text.substring(from, at));
  }

  /** {@code 2}, {@code 3/2}, {@code /}, {@code //4} and so on. */
  private Fraction factor() {
    int top = count(1);
    int bottom = 1;
    while (peek(0) == '/') {
      at++;
      bottom = Math.min(1 << 20, bottom * count(2));
    }
    if (top == 0 || !AbcReader.isPart(bottom)) {
      reader.error("a length of " + top + "/" + bottom);
      return ONE;
    }
    return Fraction.of(top, bottom);
  }

  private Fraction length() {
    return unit.times(factor());
  }

  private void sound(List<Integer> pitches, Fraction length) {
    Fraction all = length.times(next);
    next = ONE;
    if (inTuplet > 0) {
      all = all.times(tuplet);
      inTuplet--;
    }
    last = elements.size();
    elements.add(new Sound(pitches, all, false));
  }

  private void change(String what, java.util.function.UnaryOperator<Sound> how) {
    if (last >= 0 && elements.get(last) instanceof Sound s) {
      elements.set(last, how.apply(s));
    } else {
      reader.error(what + " without a note before it");
    }
  }

  private void tie() {
    at++;
    change("a tie", Sound::bound);
  }

  /** {@code a>b} makes a half longer and b half shorter, {@code a>>b} by three quarters, … */
  private void broken(char c) {
    int n = 0;
    while (peek(0) == c) {
      at++;
      n++;
    }
    if (n > 3) {
      reader.error("a rhythm broken more than thrice");
      n = 3;
    }
    Fraction less = Fraction.of(1, 1L << n);
    Fraction more = Fraction.of((2L << n) - 1, 1L << n);
    change("a broken rhythm", s -> s.stretched(c == '>' ? more : less));
    next = c == '>' ? less : more;
  }

  /** {@code (p:q:r}: the next r sounds take q/p of their time; or the beginning of a slur. */
  private void tuplet() {
    at++;
    if (!Character.isDigit(peek(0))) {
      return;
    }
    int p = count(3);
    int q = 0;
    int r = p;
    if (peek(0) == ':') {
      at++;
      q = count(0);
      if (peek(0) == ':') {
        at++;
        r = count(p);
      }
    }
    if (p < 2 || p > 9) {
      reader.error("a tuplet of " + p);
      return;
    }
    if (q == 0) {
      q = p == 2 || p == 4 || p == 8 ? 3 : p == 3 || p == 6 ? 2 : compound ? 3 : 2;
    }
    tuplet = Fraction.of(q, p);
    inTuplet = r;
  }

  // ---- brackets and bars

  private void skipTo(char close, String what) {
    int end = text.indexOf(close, at + 1);
    if (end < 0) {
      reader.error(what + " without an end");
    }
    at = end < 0 ? text.length() : end + 1;
  }

  /** {@code !trill!} is a decoration; a single one breaks the line of the printed music. */
  private void mark() {
    int end = text.indexOf('!', at + 1);
    boolean decoration =
        end > at + 1
            && text.substring(at + 1, end)
                .chars()
                .allMatch(c -> c >= 'a' && c <= 'z' || c == '(' || c == ')' || c == '.');
    at = decoration ? end + 1 : at + 1;
  }

  private void bracket() {
    char c = peek(1);
    if (Character.isDigit(c)) {
      at++;
      ending(new Bar(false, false, false, 0));
    } else if (c == '|' || c == ']') {
      bar();
    } else if (Character.isLetter(c) && peek(2) == ':') {
      int end = text.indexOf(']', at);
      String inside = text.substring(at + 3, end < 0 ? text.length() : end).strip();
      skipTo(']', "a field in brackets");
      reader.field(c, inside);
    } else {
      chord();
    }
  }

  private void chord() {
    at++;
    List<Integer> pitches = new ArrayList<>();
    @Nullable Fraction inside = null;
    while (at < text.length() && peek(0) != ']') {
      char c = peek(0);
      if (isNote(c)) {
        pitches.add(pitch());
        Fraction own = factor();
        inside = inside == null ? own : inside;
      } else if (Character.isWhitespace(c) || c == '-' || SILENT.indexOf(c) >= 0) {
        at++;
      } else {
        reader.error("'" + c + "' in a chord");
        break;
      }
    }
    if (peek(0) != ']') {
      if (at >= text.length()) {
        reader.error("a chord without an end");
      }
      return;
    }
    at++;
    Fraction outside = factor();
    if (inside == null) {
      reader.error("a chord without notes");
    } else {
      sound(pitches, unit.times(inside).times(outside));
    }
  }

  private int run(char c) {
    int from = at;
    while (peek(0) == c) {
      at++;
    }
    return at - from;
  }

  private void bar() {
    int before = run(':');
    boolean open = peek(0) == '[' && peek(1) == '|';
    at += open ? 1 : 0;
    int lines = run('|');
    boolean close = peek(0) == ']';
    at += close ? 1 : 0;
    boolean begins = lines > 0 && run(':') > 0;
    boolean both = lines == 0 && before == 2; // ::
    if (lines == 0 && before > 0 && !both) {
      reader.error("a colon without a bar line");
      return;
    }
    if (lines == 0 && close) {
      reader.error("] without [");
      return;
    }
    if (lines == 0 && !both) {
      at += 2; // [] is an invisible bar
      return;
    }
    run('|'); // |:| and the like
    ending(new Bar(before > 0, begins || both, open || close || lines > 1, 0));
  }

  /** The number behind a bar line, as in {@code |1} and {@code :|2}; or behind a bracket. */
  private void ending(Bar line) {
    int number = 0;
    if (Character.isDigit(peek(0))) {
      number = peek(0) - '0';
      while (Character.isDigit(peek(0)) || peek(0) == ',' || peek(0) == '-') {
        at++;
      }
    }
    elements.add(new Bar(line.ends(), line.begins(), line.section(), number));
    accidentals.clear();
    last = -1;
  }
}
