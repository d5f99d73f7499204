package dev.harpia.models.rnn;

import dev.harpia.models.music.AbcReader;
import dev.harpia.models.music.AbcTune;
import dev.harpia.models.music.AbcTune.Metre;
import dev.harpia.models.music.MidiFile;
import dev.harpia.models.music.Performance;
import dev.harpia.models.music.WavFile;
import dev.harpia.models.picture.Fonts;
import dev.harpia.models.picture.PianoRoll;
import dev.harpia.models.run.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Writes composed tunes as files: each that is valid as ABC and MIDI, some as sound. */
final class TuneFiles {
  private static final double QUARTERS = 160; // in a minute: a dance's pace
  private static final int INSTRUMENT = 24; // General MIDI's nylon guitar

  private TuneFiles() {}

  /** Writes the valid ones into the folder {@code tunes}, and the picture of the first. */
  static void leave(List<String> tunes, int sounds, RunDirectory run, PrintWriter log)
      throws IOException {
    Path folder = run.path().resolve("tunes");
    int count = 0;
    try (RunDirectory files = RunDirectory.open(Optional.of(folder), "music")) {
      for (String text : tunes) {
        AbcTune tune = AbcReader.read(text);
        if (!tune.valid()) {
          continue;
        }
        count++;
        Performance performance = Performance.of(tune);
        String name = "tune-%03d".formatted(count);
        byte[] midi = MidiFile.of(performance, tune.title(), INSTRUMENT, QUARTERS);
        files.text(name + ".abc", text + "\n");
        files.write(name + ".mid", out -> out.write(midi));
        if (count <= sounds) {
          byte[] wav = WavFile.of(performance, midi, QUARTERS);
          files.write(name + ".wav", out -> out.write(wav));
        }
        if (count == 1 && Fonts.problem().isEmpty()) {
          run.picture("pianoroll.png", picture(tune, performance));
        }
      }
      files.publish();
    }
    if (count == 0) {
      log.println("no valid tune was composed: train longer, or lower the temperature");
    }
  }

  private static java.awt.image.BufferedImage picture(AbcTune tune, Performance performance) {
    double bar =
        tune.body().stream()
            .filter(Metre.class::isInstance)
            .findFirst()
            .flatMap(m -> ((Metre) m).bar())
            .map(b -> b.value())
            .orElse(0.0);
    return PianoRoll.draw(
        tune.title(),
        performance.notes().stream()
            .map(n -> new PianoRoll.Block(n.pitch(), n.start().value(), n.length().value()))
            .toList(),
        performance.length().value(),
        bar);
  }
}
