package dev.harpia.models.music;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import javax.sound.midi.InvalidMidiDataException;
import javax.sound.midi.MidiSystem;
import javax.sound.midi.Sequence;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.junit.jupiter.api.Test;

class MusicTest {
  private static final String TUNE = "X:1\nT:A Tune\nM:C\nL:1/4\nK:C\nA4|z2 c2|]";

  @Test
  void composedTunesAreValidAndOneSeedRepeatsThem() throws IOException {
    List<String> tunes = TuneGrammar.compose(60, 5);
    assertThat(TuneGrammar.compose(60, 5)).isEqualTo(tunes);
    assertThat(TuneGrammar.compose(60, 6)).doesNotContainAnyElementsOf(tunes);
    Verdicts v = Verdicts.of(tunes, Abc2Midi.find());
    assertThat(v.valid()).isEqualTo(60);
    assertThat(v.rightBars()).isEqualTo(60);
    assertThat(v.accepted()).isIn(60, -1);
    assertThat(v.acceptedBars()).isIn(60, -1);
    assertThat(Verdicts.share(v.valid(), 80)).isEqualTo(0.75);
    assertThat(Verdicts.share(-1, 80)).isNaN();
  }

  @Test
  void theIndependentJudge() throws IOException {
    Optional<Abc2Midi> judge = Abc2Midi.find();
    assumeTrue(judge.isPresent(), "abc2midi (Debian package abcmidi) is not installed");
    assertThat(judge.get().judge(TUNE).accepted()).isTrue();
    assertThat(judge.get().judge(TUNE).rightBars()).isTrue();
    assertThat(judge.get().judge(TUNE.replace("X:1\n", "")).accepted()).isFalse();
    assertThat(judge.get().judge("X:1\nT:x\nM:C\nK:C\n").accepted()).isFalse(); // no notes
    Abc2Midi.Verdict wrong = judge.get().judge(TUNE.replace("z2 c2", "z2 c3|A4"));
    assertThat(wrong.accepted()).isTrue();
    assertThat(wrong.rightBars()).isFalse();
  }

  @Test
  void midiHasTheNotesAtTheirTimes() throws InvalidMidiDataException, IOException {
    Performance p = Performance.of(AbcReader.read(TUNE));
    byte[] bytes = MidiFile.of(p, "A Tune", 24, 120);
    Sequence s = MidiSystem.getSequence(new ByteArrayInputStream(bytes));
    assertThat(s.getResolution()).isEqualTo(480);
    assertThat(s.getMicrosecondLength()).isEqualTo(4_000_000); // eight quarters at 120
    assertThat(s.getTickLength()).isEqualTo(8 * 480);
    StringBuilder events = new StringBuilder();
    var track = s.getTracks()[0];
    for (int i = 0; i < track.size(); i++) {
      byte[] m = track.get(i).getMessage().getMessage();
      if ((m[0] & 0xf0) == 0x90 || (m[0] & 0xf0) == 0x80) {
        events.append(track.get(i).getTick()).append(m[0] == (byte) 0x90 ? "+" : "-");
        events.append(m[1]).append(' ');
      }
    }
    assertThat(events.toString()).isEqualTo("0+69 1920-69 2880+72 3840-72 ");
  }

  @Test
  void theSynthesiserPlaysThePitch() {
    Performance p = Performance.of(AbcReader.read(TUNE));
    float[] x = AdditiveSynth.play(p, 120, 8000);
    assertThat(x).hasSize((int) (8000 * 4.3));
    assertThat(loudest(x, 0, x.length)).isBetween(0.89f, 0.91f);
    assertThat(loudest(x, 8000 * 21 / 10, 8000 * 29 / 10)).isZero(); // the rest
    // 440 Hz is far stronger than its neighbours in the first note, 523 Hz in the second
    assertThat(strength(x, 0, 440)).isGreaterThan(20 * strength(x, 0, 523.25));
    assertThat(strength(x, 24_000, 523.25)).isGreaterThan(20 * strength(x, 24_000, 440));
    assertThatThrownBy(() -> AdditiveSynth.play(p, 0.1, 8000))
        .hasMessageContaining("at most an hour");
  }

  private static float loudest(float[] x, int from, int to) {
    float most = 0;
    for (int i = from; i < to; i++) {
      most = Math.max(most, Math.abs(x[i]));
    }
    return most;
  }

  private static double strength(float[] x, int from, double hertz) {
    double re = 0;
    double im = 0;
    for (int i = 0; i < 8000; i++) {
      re += x[from + i] * Math.cos(2 * Math.PI * hertz * i / 8000);
      im += x[from + i] * Math.sin(2 * Math.PI * hertz * i / 8000);
    }
    return Math.hypot(re, im);
  }

  @Test
  void soundIsAWavFile() throws IOException, UnsupportedAudioFileException {
    Performance p = Performance.of(AbcReader.read(TUNE));
    byte[] wav = WavFile.of(p, MidiFile.of(p, "x", 24, 240), 240);
    try (AudioInputStream in = AudioSystem.getAudioInputStream(new ByteArrayInputStream(wav))) {
      assertThat(in.getFormat().getSampleRate()).isEqualTo(44_100);
      assertThat(in.getFormat().getSampleSizeInBits()).isEqualTo(16);
      assertThat(in.getFrameLength()).isGreaterThan(2 * 44_100);
    }
  }

  @Test
  void findsWhatWasCopied() {
    BarCopies copies =
        new BarCopies(List.of("X:1\nK:C\nABc|d2e|fga|bag:|", "X:2\nK:C\n|:CDE | FGA!\n|BAG|"));
    assertThat(BarCopies.bars("X:1\nT:A|B|C\nK:C\nA:|1 B c!\n|:d|[1 e2:|2 [ce]"))
        .containsExactly("A", "Bc", "d", "e2", "[ce]");
    assertThat(copies.of("X:9\nK:C\nd2e|f g a|CDE|FGA|BAG|zzz"))
        .isEqualTo(new BarCopies.Copy(6, 3));
    assertThat(copies.of("X:9\nK:C\nbag|CDE|").longest()).isEqualTo(1); // of two tunes
    assertThat(copies.of("X:9\nK:C\nzzz|").share()).isZero();
    assertThat(copies.of("").share()).isZero();
  }
}
