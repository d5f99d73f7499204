package dev.harpia.models.music;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/** A performance as sound: a WAV file of 16 bits and 44,100 samples a second. */
public final class WavFile {
  private static final int RATE = 44_100;

  private WavFile() {}

  /**
   * The bytes of the file, played by the JDK's synthesiser if it finds recorded instruments (a
   * soundbank), and by {@link AdditiveSynth} if not.
   *
   * @param midi the performance as a MIDI file
   */
  public static byte[] of(Performance performance, byte[] midi, double quarters)
      throws IOException {
    if (soundbank().isPresent()) {
      try (AudioInputStream in = AudioSystem.getAudioInputStream(new ByteArrayInputStream(midi))) {
        return written(in);
      } catch (UnsupportedAudioFileException e) {
        throw new IOException("wav: this JDK does not play MIDI files: " + e.getMessage(), e);
      }
    }
    return written(AdditiveSynth.play(performance, quarters, RATE));
  }

  /**
   * Where the JDK's synthesiser finds its instruments, if they are there: in its own {@code
   * lib/audio}, as {@code default.sf2} among a Linux system's sound fonts, or in Windows.
   */
  public static Optional<Path> soundbank() {
    Path own = Path.of(System.getProperty("java.home"), "lib", "audio");
    if (Files.isDirectory(own)) {
      try (Stream<Path> files = Files.list(own)) {
        Optional<Path> bank = files.filter(WavFile::isBank).findFirst();
        if (bank.isPresent()) {
          return bank;
        }
      } catch (IOException e) {
        return Optional.empty(); // a folder that cannot be read holds nothing for the JDK either
      }
    }
    String windows = System.getenv().getOrDefault("SystemRoot", "C:\\Windows");
    List<String> places =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("win")
            ? List.of(windows + "\\system32\\drivers\\gm.dls")
            : List.of(
                "/usr/share/soundfonts/default.sf2",
                "/usr/local/share/soundfonts/default.sf2",
                "/usr/share/sounds/sf2/default.sf2",
                "/usr/local/share/sounds/sf2/default.sf2");
    return places.stream().map(Path::of).filter(Files::isRegularFile).findFirst();
  }

  private static boolean isBank(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".sf2") || name.endsWith(".dls");
  }

  private static byte[] written(float[] samples) throws IOException {
    byte[] bytes = new byte[2 * samples.length];
    for (int i = 0; i < samples.length; i++) {
      int value = Math.round(samples[i] * Short.MAX_VALUE);
      bytes[2 * i] = (byte) value;
      bytes[2 * i + 1] = (byte) (value >> 8);
    }
    AudioFormat format = new AudioFormat(RATE, 16, 1, true, false);
    return written(new AudioInputStream(new ByteArrayInputStream(bytes), format, samples.length));
  }

  private static byte[] written(AudioInputStream in) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AudioSystem.write(in, AudioFileFormat.Type.WAVE, out);
    return out.toByteArray();
  }
}
