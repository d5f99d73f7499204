package dev.harpia.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path dir;

  @Test
  void whatFailsLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = Files.writeString(dir.resolve("f"), "old");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(ByteBuffer.wrap(new byte[] {1}));
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": cannot be written: No space left on device");
    assertThat(file).hasContent("old");
    assertThat(dir.toFile().list()).containsExactly("f");
    AtomicFile.write(file, out -> out.write(ByteBuffer.wrap(new byte[] {'n', 'e', 'w'})));
    assertThat(file).hasContent("new");
    assertThat(dir.toFile().list()).containsExactly("f");
  }

  @Test
  void aDirectoryThatIsNotThereIsNamed() throws IOException {
    Path file = dir.resolve("none/f");
    assertThatThrownBy(() -> AtomicFile.write(file, out -> {}))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(file + ": no such directory: " + file.getParent());
    Path below = Files.writeString(dir.resolve("file"), "").resolve("f");
    assertThatThrownBy(() -> AtomicFile.write(below, out -> {}))
        .isInstanceOf(NoSuchFileException.class);
  }

  /** Saves a tensor of a megabyte: the program of {@link #aFullDisk}. */
  static final class Save {
    public static void main(String[] args) {
      try {
        SafeTensors.save(Map.of("w", Tensor.zeros(1 << 18)), Map.of(), Path.of(args[0]));
        System.out.println("saved");
      } catch (IOException e) {
        System.out.println("failed: " + e.getMessage());
      }
    }
  }

  /** A file-size limit of 64 KiB stands for a full disk. */
  @Test
  void aFullDisk() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "skipped: no /bin/sh with ulimit here");
    Path file = Files.writeString(dir.resolve("model.safetensors"), "old");
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of("/bin/sh", "-c", "ulimit -f 128; trap '' XFSZ 2>/dev/null; exec \"$@\"", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(a -> a.startsWith("--add-modules") || a.startsWith("--enable-native"))
        .forEach(command::add);
    // The JVM's own large files would meet the limit, too.
    command.addAll(List.of("-Xshare:auto", "-XX:-UsePerfData", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(Save.class.getName(), file.toString()));
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    child.waitFor();
    assertThat(said).contains("failed: " + file + ": cannot be written: File too large");
    assertThat(file).hasContent("old");
    assertThat(dir.toFile().list()).containsExactly("model.safetensors");
  }
}
