package dev.harpia.models.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigitDataTest {
  @TempDir Path dir;

  @Test
  void readsADirectoryOfMnistFiles() throws IOException {
    write("train", 5, 28, 3);
    write("t10k", 2, 28, 9);
    DigitData digits = load();
    assertThat(digits.train().count()).isEqualTo(5);
    assertThat(digits.test().label(1)).isEqualTo(9);
    assertThat(digits.name()).isEqualTo(dir.toString());
    assertThat(digits.first(3).train().count()).isEqualTo(3);
    assertThat(digits.first(3).test().count()).isEqualTo(2);
  }

  @Test
  void picturesOfAnotherSizeAreRefused() throws IOException {
    write("train", 5, 32, 3);
    write("t10k", 2, 32, 3);
    assertThatThrownBy(this::load)
        .isInstanceOf(IOException.class)
        .hasMessage(dir + ": expected pictures of 28 × 28, found 32 × 32");
  }

  @Test
  void otherClassesAreRefused() throws IOException {
    write("train", 5, 28, 10);
    write("t10k", 2, 28, 3);
    assertThatThrownBy(this::load)
        .isInstanceOf(IOException.class)
        .hasMessage(dir + ": expected labels 0 … 9, found 10 at picture 0");
  }

  @Test
  void anEmptySetIsRefused() throws IOException {
    write("train", 0, 28, 3);
    write("t10k", 2, 28, 3);
    assertThatThrownBy(this::load)
        .isInstanceOf(IOException.class)
        .hasMessage(dir + ": expected pictures, found an empty set");
  }

  @Test
  void oneClassIsNothingToTellApart() throws IOException {
    write("train", 5, 28, 3);
    write("t10k", 2, 28, 3);
    assertThatThrownBy(() -> load().ofSeveralClasses())
        .isInstanceOf(IOException.class)
        .hasMessage(
            dir + ": all 5 training digits are of one class, 3: there must be 2 to tell apart");
    DigitData drawn = DigitData.load(Optional.empty(), 1, line -> {}).first(50);
    assertThat(drawn.ofSeveralClasses()).isSameAs(drawn);
  }

  private DigitData load() throws IOException {
    return DigitData.load(Optional.of(dir.toString()), 1, line -> {});
  }

  private void write(String part, int count, int side, int label) throws IOException {
    ByteBuffer images = ByteBuffer.allocate(16 + count * side * side);
    images.putInt(0x803).putInt(count).putInt(side).putInt(side);
    Files.write(dir.resolve(part + "-images-idx3-ubyte"), images.array());
    ByteBuffer labels = ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count);
    while (labels.hasRemaining()) {
      labels.put((byte) label);
    }
    Files.write(dir.resolve(part + "-labels-idx1-ubyte"), labels.array());
  }
}
