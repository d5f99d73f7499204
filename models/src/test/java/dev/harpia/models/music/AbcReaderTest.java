package dev.harpia.models.music;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AbcReaderTest {
  private static final String HEAD = "X:1\nT:Test\nM:C\nL:1/8\nK:G Major\n";

  private static List<Note> notes(String music) {
    return Performance.of(AbcReader.read(HEAD + music)).notes();
  }

  private static List<Integer> pitches(String music) {
    return notes(music).stream().map(Note::pitch).toList();
  }

  private static List<String> lengths(String music) {
    return notes(music).stream().map(n -> n.length().toString()).toList();
  }

  private static List<String> errors(String tune) {
    return AbcReader.read(tune).errors();
  }

  @Test
  void notesHaveTheKeysAccidentalsTheirOwnAndThoseOfTheirBar() {
    assertThat(pitches("CFcf")).containsExactly(60, 66, 72, 78);
    assertThat(pitches("C,c'B,,")).containsExactly(48, 84, 47);
    assertThat(pitches("^C=F_B^^D__E")).containsExactly(61, 65, 70, 64, 62);
    assertThat(pitches("=F F|F")).containsExactly(65, 65, 66);
    assertThat(pitches("[CEG] z x")).containsExactly(60, 64, 67);
    assertThat(pitches("F[K:D Dorian]F")).containsExactly(66, 65);
  }

  @Test
  void keysOfAllModes() {
    assertThat(key("D Mixolydian")).isEqualTo(1);
    assertThat(key("A Dorian")).isEqualTo(1);
    assertThat(key("F# Minor")).isEqualTo(3);
    assertThat(key("Bb")).isEqualTo(-2);
    assertThat(key("Em")).isEqualTo(1);
    assertThat(key("C# Major")).isEqualTo(7);
    assertThat(key("none")).isZero();
    assertThat(KeySignature.parse("H Major")).isEmpty();
    assertThat(KeySignature.parse("D Majesty").map(KeySignature::fifths)).contains(2);
    assertThat(KeySignature.parse("D Wrong")).isEmpty();
    assertThat(KeySignature.parse("G# Major")).isEmpty(); // eight sharps
  }

  private static int key(String text) {
    return KeySignature.parse(text).orElseThrow().fifths();
  }

  @Test
  void lengthsBrokenRhythmsTupletsAndTies() {
    assertThat(lengths("A A2 A/ A3/2 A// A/4"))
        .containsExactly("1/8", "1/4", "1/16", "3/16", "1/32", "1/32");
    assertThat(lengths("A>B A<B A>>B"))
        .containsExactly("3/16", "1/16", "1/16", "3/16", "7/32", "1/32");
    assertThat(lengths("(3ABc d (2AB"))
        .containsExactly("1/12", "1/12", "1/12", "1/8", "3/16", "3/16");
    assertThat(lengths("A2-|A2 A")).containsExactly("1/2", "1/8");
    assertThat(lengths("[A2c2] [Ac]3")).containsExactly("1/4", "1/4", "3/8", "3/8");
    assertThat(notes("A z2 B").getLast().start()).isEqualTo(Fraction.of(3, 8));
  }

  @Test
  void repeatsAndEndingsArePlayed() {
    assertThat(pitches("AB:|c")).containsExactly(69, 71, 69, 71, 72);
    assertThat(pitches("C|:A:|c")).containsExactly(60, 69, 69, 72);
    assertThat(pitches("C::A:|")).containsExactly(60, 60, 69, 69);
    assertThat(pitches("|:C|1A:|2B|]G")).containsExactly(60, 69, 60, 71, 67);
    assertThat(pitches("|:C|[1A:|[2B||G")).containsExactly(60, 69, 60, 71, 67);
    assertThat(pitches("A||C:|")).containsExactly(69, 60, 60);
  }

  @Test
  void barsOfAWrongLengthAreCounted() {
    assertThat(bars("GA|B4 G4|B4 G2:|\nGA|B4 G4|B4 G2|]")).isEqualTo("5 right, 0 wrong");
    assertThat(bars("B4 G4|B3 G4|B5 G4|B4 G4|")).isEqualTo("2 right, 2 wrong");
    assertThat(bars("B4 G4|B4 G5|]")).isEqualTo("1 right, 1 wrong");
    assertThat(bars("(3ABc AB A4|A8|")).isEqualTo("2 right, 0 wrong");
    assertThat(bars("M:6/8\nABc dcB|A6|")).isEqualTo("2 right, 0 wrong");
    assertThat(Performance.of(AbcReader.read(HEAD + "ABc")).rightBars()).isFalse();
  }

  private static String bars(String music) {
    Performance p = Performance.of(AbcReader.read(HEAD + music));
    return p.bars() + " right, " + p.wrong() + " wrong";
  }

  @Test
  void whatIsNotAbcIsAnErrorAndNeverAnException() {
    assertThat(errors(HEAD + "ABc|")).isEmpty();
    assertThat(errors(""))
        .containsExactly(
            "no number: the line X:… is missing", "no key: the line K:… is missing", "no notes");
    assertThat(errors("X:1\nT:x\nK:G\n")).containsExactly("no notes");
    assertThat(errors("T:x\nK:G\nA")).contains("line 1: a tune begins with X:, not T:");
    assertThat(errors("X:1\nK:Q\nA")).containsExactly("line 2: no key: \"Q\"");
    assertThat(errors("X:1\nM:4/0\nK:C\nA")).containsExactly("line 2: no metre: \"4/0\"");
    assertThat(errors("X:1\nL:x\nK:C\nA")).containsExactly("line 2: no unit of length: \"x\"");
    assertThat(errors("X:1\nabc\nK:C\nA"))
        .containsExactly("line 2: neither a field nor music, which begins after the line K:…");
    assertThat(errors(HEAD + "A 7")).containsExactly("line 6: '7' is no sign of the notation");
    assertThat(errors(HEAD + "G [AB")).containsExactly("line 6: a chord without an end");
    assertThat(errors(HEAD + "AB]")).containsExactly("line 6: ] without [");
    assertThat(errors(HEAD + "\"Am A")).contains("line 6: a chord name without an end");
    assertThat(errors(HEAD + "G A: B")).containsExactly("line 6: a colon without a bar line");
    assertThat(errors(HEAD + "^|A")).contains("line 6: an accidental without a note");
    assertThat(errors(HEAD + "A0")).containsExactly("line 6: a length of 0/1");
    assertThat(errors(HEAD + "A99999999999"))
        .containsExactly("line 6: a number of more than three digits");
    assertThat(errors(HEAD + "A/999/999/999")).contains("line 6: a length of 1/1048576");
    assertThat(errors(HEAD + ">A"))
        .containsExactly("line 6: a broken rhythm without a note before it");
    assertThat(errors(HEAD + "(1A")).containsExactly("line 6: a tuplet of 1");
    assertThat(errors(HEAD + "C,,,,,,,,,")).containsExactly("line 6: a note beyond MIDI's range");
    for (int seed = 0; seed < 300; seed++) { // any text is read to its end
      java.util.Random random = new java.util.Random(seed);
      StringBuilder text = new StringBuilder(HEAD);
      for (int i = 0; i < 200; i++) {
        text.append("|:[](){}ABcd^_='23/,!\"<>-zxZy%\n".charAt(random.nextInt(31)));
      }
      AbcTune tune = AbcReader.read(text.toString());
      assertThat(Performance.of(tune).notes()).hasSizeLessThanOrEqualTo(2 * tune.notes());
    }
  }

  @Test
  void agreesWithTheIndependentJudgeOnTheLabsCorpus() throws IOException {
    Path file = Path.of("..", "..", "shared", "data", "mit-6s191", "irish.abc");
    assumeTrue(Files.exists(file), "the music lab's corpus is not in ../shared");
    List<String> tunes = AbcTunes.cut(Files.readString(file));
    Verdicts ours = Verdicts.of(tunes, Optional.empty());
    assertThat(ours.tunes()).isEqualTo(817);
    // abc2midi 4.84: no error but in those with an ending before any |: in 815 of 817; bars are
    // right in 775
    assertThat(ours.valid()).isBetween(805, 817);
    assertThat(ours.rightBars()).isBetween(760, 785);
    assertThat(ours.accepted()).isEqualTo(-1);
  }
}
