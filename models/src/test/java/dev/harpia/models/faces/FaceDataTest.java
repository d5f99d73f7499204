package dev.harpia.models.faces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.nn.io.FormatException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaceDataTest {
  @TempDir private Path dir;

  private void pictures(String folder, int count, int colour) throws IOException {
    Path path = Files.createDirectories(dir.resolve(folder));
    BufferedImage image = new BufferedImage(40, 50, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < count; i++) {
      image.setRGB(i % 40, i / 40, colour);
      ImageIO.write(image, "png", path.resolve(i + ".png").toFile());
    }
  }

  @Test
  void drawnFacesAreBiasedForTrainingAndEvenForTesting() throws IOException {
    FaceData data = SyntheticFaces.draw(600, 80, 3);
    assertThat(data.groups()).hasSize(4);
    assertThat(data.groups().get(data.common())).startsWith("light");
    assertThat(data.groups().get(data.rare())).startsWith("dark");
    assertThat(data.faces().size(2) + data.faces().size(3)).isBetween(3, 40);
    for (int g = 0; g < 4; g++) {
      assertThat(data.testFaces().size(g)).isEqualTo(20);
    }
    assertThat(data.others().size(FaceSet.NONE)).isEqualTo(600);
    // the same seed draws the same pictures, another one others
    assertThat(SyntheticFaces.draw(600, 80, 3).faces().pixels()).isEqualTo(data.faces().pixels());
    assertThat(SyntheticFaces.draw(600, 80, 4).faces().pixels())
        .isNotEqualTo(data.faces().pixels());
    // dark skin is dark where the face is
    assertThat(level(data.testFaces(), 2)).isLessThan(0.7 * level(data.testFaces(), 0));
  }

  /** The mean red of the middle of a group's faces. */
  private static double level(FaceSet set, int group) {
    double sum = 0;
    int n = 0;
    for (int i = 0; i < set.count(); i++) {
      if (set.groups()[i] == group) {
        sum += set.pixels()[i * FaceSet.SIZE + 34 * 64 + 24] & 0xFF;
        n++;
      }
    }
    return sum / n;
  }

  @Test
  void aDirectoryOfFacesAndOthers() throws IOException {
    pictures("faces/a", 60, 0xFF0000);
    pictures("faces/b", 20, 0x00FF00);
    pictures("non-faces/x", 70, 0x0000FF);
    FaceData data = FaceFolders.read(dir, 1);
    assertThat(data.groups()).containsExactly("a", "b");
    assertThat(data.common()).isZero();
    assertThat(data.rare()).isEqualTo(1);
    assertThat(data.faces().count()).isEqualTo(64);
    assertThat(data.testFaces().count()).isEqualTo(16);
    assertThat(data.testOthers().count()).isEqualTo(14);
  }

  @Test
  void oneClassOnly() throws IOException {
    pictures("faces/a", 60, 0xFF0000);
    assertThatThrownBy(() -> FaceFolders.read(dir, 1))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageEndingWith("faces alone are one class; a classifier takes non-faces too");
    pictures("non-faces/x", 12, 0x0000FF);
    assertThatThrownBy(() -> FaceFolders.read(dir, 1))
        .hasMessageContaining("10 non-faces to learn from and 2 to be judged by")
        .hasMessageContaining("there must be both classes");
  }

  @Test
  void anEmptyDirectoryAndNone() {
    assertThatThrownBy(() -> FaceFolders.read(dir, 1))
        .hasMessageContaining("found neither faces and non-faces nor faces-utk64");
    assertThatThrownBy(() -> FaceFolders.read(dir.resolve("nowhere"), 1))
        .hasMessageEndingWith("nowhere: no such directory");
  }

  @Test
  void aCorruptPicture() throws IOException {
    pictures("faces/a", 60, 0xFF0000);
    pictures("non-faces/x", 60, 0x0000FF);
    Path broken = dir.resolve("non-faces/x/7.png");
    byte[] bytes = Files.readAllBytes(broken);
    Files.write(broken, java.util.Arrays.copyOf(bytes, 30));
    assertThatThrownBy(() -> FaceFolders.read(dir, 1))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("7.png");
    Files.writeString(broken, "no picture");
    assertThatThrownBy(() -> FaceFolders.read(dir, 1))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("expected a picture that the JDK can read");
  }
}
