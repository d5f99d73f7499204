package dev.harpia.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files of all kinds: a FormatException, or tensors that obey the rules; nothing else. */
class HostileFilesTest {
  @TempDir Path dir;

  private interface Reader {
    Map<String, Tensor> read(Path file) throws IOException;
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("layer.weight", Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}}));
    tensors.put("layer.bias", Tensor.of(-1, 7));
    tensors.put("bn.num_batches_tracked", Tensor.of(new int[] {5}, Shape.SCALAR));
    return tensors;
  }

  private byte[] safetensors() throws IOException {
    Path file = dir.resolve("good.safetensors");
    SafeTensors.save(tensors(), Map.of("format", "pt"), file);
    return Files.readAllBytes(file);
  }

  private byte[] npz() throws IOException {
    Path file = dir.resolve("good.npz");
    Npz.save(tensors(), file);
    return Files.readAllBytes(file);
  }

  private byte[] npy() throws IOException {
    Path file = dir.resolve("good.npy");
    Npy.save(Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}}), file);
    return Files.readAllBytes(file);
  }

  @Test
  void cutAtEveryByte() throws IOException {
    cut(safetensors(), SafeTensors::load);
    cut(safetensors(), SafeTensors::map);
    cut(npy(), file -> Map.of("x", Npy.load(file)));
    cut(npz(), Npz::load);
  }

  private void cut(byte[] good, Reader reader) throws IOException {
    Path file = dir.resolve("cut");
    for (int n = 0; n < good.length; n++) {
      Files.write(file, Arrays.copyOf(good, n));
      assertThatThrownBy(() -> reader.read(file))
          .as("cut to %d bytes", n)
          .isInstanceOf(FormatException.class)
          .hasMessageStartingWith(file.toString());
    }
    Files.write(file, good);
    assertThat(reader.read(file)).isNotEmpty();
    Files.write(file, Arrays.copyOf(good, good.length + 1));
    if (!isZip(good)) {
      assertThatThrownBy(() -> reader.read(file)).isInstanceOf(FormatException.class);
    }
  }

  private static boolean isZip(byte[] bytes) {
    return bytes[0] == 'P' && bytes[1] == 'K';
  }

  @Test
  void aThousandDamages() throws IOException {
    damage(1000);
  }

  @Test
  @Tag("full")
  void aHundredThousandDamages() throws IOException {
    damage(100_000);
  }

  private void damage(int times) throws IOException {
    assertThat(damage(safetensors(), SafeTensors::load, times)).isPositive();
    assertThat(damage(npy(), file -> Map.of("x", Npy.load(file)), times)).isPositive();
    assertThat(damage(npz(), Npz::load, times)).isPositive();
  }

  /** Flips bits, overwrites, cuts and repeats bytes. */
  private int damage(byte[] good, Reader reader, int times) throws IOException {
    Path file = dir.resolve("damaged");
    Random random = new Random(times);
    int refused = 0;
    for (int i = 0; i < times; i++) {
      byte[] bytes = good.clone();
      for (int k = random.nextInt(3); k >= 0; k--) {
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(5)) {
          case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
          case 2 -> bytes[at] = (byte) "0123456789-eE[]{},:\"'()FT<>|".charAt(random.nextInt(28));
          case 3 -> bytes[at] = (byte) (random.nextBoolean() ? 0xFF : 0x7F);
          default -> {
            int from = random.nextInt(bytes.length);
            int n = Math.min(random.nextInt(16), bytes.length - Math.max(at, from));
            System.arraycopy(bytes, from, bytes, at, n);
          }
        }
      }
      Files.write(file, bytes);
      try {
        reader.read(file).forEach((name, t) -> assertThat(t.size()).isLessThan(10_000));
      } catch (FormatException e) {
        refused++;
      } catch (Throwable e) {
        throw new AssertionError("damage " + i + ": " + Arrays.toString(bytes), e);
      }
    }
    return refused;
  }
}
