package dev.harpia.models.music;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The program abc2midi of the abcmidi package as a judge of tunes, where it is installed. Its exit
 * status says nothing: it is judged by the file that it writes and by what it says.
 */
public final class Abc2Midi {
  private static final int EMPTY = 80; // bytes: a file without notes has about 66

  private final Path program;

  private Abc2Midi(Path program) {
    this.program = program;
  }

  /**
   * What it makes of a tune.
   *
   * @param accepted whether it wrote a file with notes, and reported no error
   * @param rightBars whether it wrote a file with notes, and found no bar of a wrong length
   * @param said all of it
   */
  public record Verdict(boolean accepted, boolean rightBars, String said) {}

  /** The program on this system's path, if it is there. */
  public static Optional<Abc2Midi> find() {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(java.io.File.pathSeparator, -1)) {
      if (!folder.isEmpty()) {
        Path file = Path.of(folder, "abc2midi");
        if (Files.isExecutable(file) && Files.isRegularFile(file)) {
          return Optional.of(new Abc2Midi(file));
        }
      }
    }
    return Optional.empty();
  }

  /** Has a tune judged. */
  public Verdict judge(String tune) throws IOException {
    Path folder = Files.createTempDirectory("harpia-abc");
    Path abc = folder.resolve("tune.abc");
    Path midi = folder.resolve("tune.mid");
    Path words = folder.resolve("words");
    try {
      Files.writeString(abc, tune + "\n");
      Process process =
          new ProcessBuilder(program.toString(), abc.toString(), "-o", midi.toString())
              .redirectErrorStream(true)
              .redirectOutput(words.toFile())
              .start();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        return new Verdict(false, false, "no answer within 10 seconds");
      }
      String said = Files.readString(words, StandardCharsets.ISO_8859_1);
      boolean notes = Files.exists(midi) && Files.size(midi) > EMPTY;
      boolean accepted = notes && said.lines().noneMatch(l -> l.startsWith("Error"));
      boolean bars = notes && !said.contains("while the time signature has");
      return new Verdict(accepted, bars, said);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("abc2midi: interrupted", e);
    } finally {
      Files.deleteIfExists(abc);
      Files.deleteIfExists(midi);
      Files.deleteIfExists(words);
      Files.deleteIfExists(folder);
    }
  }
}
