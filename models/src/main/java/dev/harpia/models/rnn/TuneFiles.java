package dev.harpia.models.rnn;

import dev.harpia.models.music.AbcReader;
import dev.harpia.models.music.AbcTune;
import dev.harpia.models.music.MidiFile;
import dev.harpia.models.music.Performance;
import dev.harpia.models.music.WavFile;
import dev.harpia.models.run.RunDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Writes composed tunes as files: each that is valid as ABC and MIDI, some as sound. */
final class TuneFiles {
  private static final double QUARTERS = 160; // in a minute: a dance's pace
  private static final int INSTRUMENT = 24; // General MIDI's nylon guitar
  private static final int LONGEST = 1000; // whole notes of a tune that is played

  private TuneFiles() {}

  /** Writes the valid ones into the folder {@code tunes} of the run, and returns the first. */
  static Optional<String> leave(List<String> tunes, int sounds, RunDirectory run)
      throws IOException {
    Path folder = run.path().resolve("tunes");
    Optional<String> first = Optional.empty();
    int count = 0;
    try (RunDirectory files = RunDirectory.open(Optional.of(folder), "music")) {
      for (String text : tunes) {
        AbcTune tune = AbcReader.read(text);
        Performance performance = Performance.of(tune);
        if (!tune.valid() || performance.length().value() > LONGEST) {
          continue;
        }
        first = first.isPresent() ? first : Optional.of(text);
        count++;
        String name = "tune-%03d".formatted(count);
        byte[] midi = MidiFile.of(performance, tune.title(), INSTRUMENT, QUARTERS);
        files.text(name + ".abc", text + "\n");
        files.write(name + ".mid", out -> out.write(midi));
        if (count <= sounds) {
          byte[] wav = WavFile.of(performance, midi, QUARTERS);
          files.write(name + ".wav", out -> out.write(wav));
        }
      }
      files.publish();
    }
    sweep(folder, count);
    return first;
  }

  /** Removes the tunes of an earlier run in the same folder that this one did not replace. */
  private static void sweep(Path folder, int count) throws IOException {
    try (DirectoryStream<Path> old = Files.newDirectoryStream(folder, "tune-*.{abc,mid,wav}")) {
      for (Path file : old) {
        String name = file.getFileName().toString();
        String number = name.substring(5, name.indexOf('.'));
        if (number.matches("\\d{1,9}") && Integer.parseInt(number) > count) {
          Files.delete(file);
        }
      }
    }
  }
}
