package dev.harpia.nn.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.nn.io.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  @TempDir Path dir;

  @Test
  void readsRawAndPackedFiles() throws IOException {
    write("train-images-idx3-ubyte", images(3, 2, 2, 12));
    write("train-labels-idx1-ubyte.gz", gzip(labels(3, 3)));
    LabelledImages set = Idx.train(dir);
    assertThat(set.count()).isEqualTo(3);
    assertThat(set.height()).isEqualTo(2);
    assertThat(set.pixel(2, 1, 0)).isEqualTo(10);
    assertThat(set.label(1)).isEqualTo(1);
  }

  @Test
  void readsAnEmptySet() throws IOException {
    write("t10k-images-idx3-ubyte", images(0, 28, 28, 0));
    write("t10k-labels-idx1-ubyte", labels(0, 0));
    assertThat(Idx.test(dir).count()).isZero();
  }

  @Test
  void aMissingDirectorySaysSo() {
    Path missing = dir.resolve("nowhere");
    assertThatThrownBy(() -> Idx.train(missing))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(missing + ": no such directory");
  }

  @Test
  void aMissingFileNamesBothSpellings() {
    assertThatThrownBy(() -> Idx.train(dir))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(
            dir.resolve("train-images-idx3-ubyte")
                + ": found neither this file nor train-images-idx3-ubyte.gz");
  }

  @Test
  void wrongMagic() throws IOException {
    Path file = write("a", labels(3, 3));
    assertThatThrownBy(() -> Idx.read(file, write("l", labels(3, 3))))
        .isInstanceOf(FormatException.class)
        .hasMessage(file + ": byte 0: expected magic 0x00000803 (IDX images), found 0x00000801");
    Path text = write("t", "<html>not found</html>".getBytes(UTF_8));
    assertThatThrownBy(() -> Idx.labels(text))
        .hasMessage(text + ": byte 0: expected magic 0x00000801 (IDX labels), found 0x3C68746D");
  }

  @Test
  void truncatedRawFile() throws IOException {
    Path file = write("a", labels(5, 3));
    assertThatThrownBy(() -> Idx.labels(file))
        .isInstanceOf(FormatException.class)
        .hasMessage(file + ": byte 11: truncated: expected 5 bytes of data, found 3")
        .satisfies(e -> assertThat(((FormatException) e).offset()).isEqualTo(11));
    Path empty = write("b", new byte[0]);
    assertThatThrownBy(() -> Idx.labels(empty))
        .hasMessage(empty + ": byte 0: truncated: expected 4 bytes of magic number, found 0");
  }

  /** Wherever a packed file is cut, the answer is a FormatException and never half a data set. */
  @Test
  void truncatedGzipAtEveryByte() throws IOException {
    byte[] whole = gzip(labels(300, 300));
    for (int cut = 2; cut < whole.length; cut++) {
      Path file = write("cut.gz", Arrays.copyOf(whole, cut));
      assertThatThrownBy(() -> Idx.labels(file))
          .as("cut at %d", cut)
          .isInstanceOf(FormatException.class);
    }
  }

  @Test
  void damagedGzip() throws IOException {
    byte[] bytes = gzip(labels(300, 300));
    bytes[bytes.length - 6] ^= 1; // the check sum
    Path file = write("bad.gz", bytes);
    assertThatThrownBy(() -> Idx.labels(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("damaged gzip data");
  }

  @Test
  void bytesAfterTheEnd() throws IOException {
    Path file = write("a", labels(3, 4));
    assertThatThrownBy(() -> Idx.labels(file))
        .hasMessage(file + ": byte 11: expected the end of the file, found more bytes");
  }

  @Test
  void absurdDimensionsAreRefusedBeforeAnythingIsAllocated() throws IOException {
    Path labels = write("l", labels(-1, 0));
    assertThatThrownBy(() -> Idx.labels(labels))
        .hasMessage(
            labels + ": byte 4: expected a number of labels from 0 to 10000000, found 4294967295");
    Path images = write("i", images(2, 28, 100_000, 0));
    assertThatThrownBy(() -> Idx.read(images, write("l2", labels(2, 2))))
        .hasMessage(images + ": byte 12: expected a width from 1 to 4096, found 100000");
    Path large = write("large", images(2000, 4096, 4096, 0));
    assertThatThrownBy(() -> Idx.read(large, write("l3", labels(2000, 2000))))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("more than one array holds");
    Path flat = write("flat", images(2, 0, 28, 0));
    assertThatThrownBy(() -> Idx.read(flat, write("l4", labels(2, 2))))
        .hasMessage(flat + ": byte 8: expected a height from 1 to 4096, found 0");
  }

  @Test
  void imagesAndLabelsMustMatch() throws IOException {
    Path images = write("i", images(3, 2, 2, 12));
    Path labels = write("l", labels(4, 4));
    assertThatThrownBy(() -> Idx.read(images, labels))
        .isInstanceOf(FormatException.class)
        .hasMessage(images + ": byte 4: expected 4 images, as l has labels; found 3");
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(dir.resolve(name), bytes);
  }

  private static byte[] images(int count, int height, int width, int data) {
    return header(16 + data, 0x803, count, height, width);
  }

  private static byte[] labels(int count, int data) {
    return header(8 + data, 0x801, count);
  }

  private static byte[] header(int size, int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(size);
    for (int value : values) {
      buffer.putInt(value);
    }
    for (int i = 0; buffer.hasRemaining(); i++) {
      buffer.put((byte) i);
    }
    return buffer.array();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
      packed.write(bytes);
    }
    return out.toByteArray();
  }
}
