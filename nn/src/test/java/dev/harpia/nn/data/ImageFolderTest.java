package dev.harpia.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.nn.io.FormatException;
import dev.harpia.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir Path dir;

  private Path picture(String name, int type, int... rgb) throws IOException {
    BufferedImage image = new BufferedImage(2, rgb.length / 2, type);
    for (int i = 0; i < rgb.length; i++) {
      if (type == BufferedImage.TYPE_BYTE_GRAY) {
        image.getRaster().setSample(i % 2, i / 2, 0, rgb[i]);
      } else {
        image.setRGB(i % 2, i / 2, 0xFF000000 | rgb[i]);
      }
    }
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile());
    return file;
  }

  @Test
  void directoriesAreClasses() throws IOException {
    picture("b/2.png", BufferedImage.TYPE_BYTE_GRAY, 0, 51, 102, 255);
    picture("a/1.png", BufferedImage.TYPE_INT_RGB, 0xFF0000, 0x00FF00, 0x0000FF, 0xFFFFFF);
    Files.writeString(dir.resolve("b/3.pgm"), "P2 # grey\n2 2\n# more\n255\n0 51\n102 255\n");
    Files.writeString(dir.resolve("b/notes.txt"), "no picture");
    Files.writeString(dir.resolve("b/.4.png"), "hidden");
    Files.writeString(dir.resolve("labels.csv"), "no class");
    ImageFolder colour = new ImageFolder(dir, 3, 2, 2);
    assertThat(colour.classes()).containsExactly("a", "b");
    assertThat(colour.size()).isEqualTo(3);
    assertThat(colour.file(2)).isEqualTo(dir.resolve("b/3.pgm"));
    TensorDataset all = colour.load();
    assertThat(all.inputs().shape()).isEqualTo(Shape.of(3, 3, 2, 2));
    assertThat(all.targets().toIntArray()).containsExactly(0, 1, 1);
    float[] x = all.inputs().toArray();
    assertThat(Arrays.copyOf(x, 12)).containsExactly(1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1);
    float[] grey = {0, 0.2f, 0.4f, 1};
    for (int c = 0; c < 3; c++) {
      assertThat(Arrays.copyOfRange(x, 12 + 4 * c, 16 + 4 * c)).containsExactly(grey);
    }
    assertThat(Arrays.copyOfRange(x, 24, 36)).isEqualTo(Arrays.copyOfRange(x, 12, 24));
    float[] one = new ImageFolder(dir, 1, 2, 2).load().inputs().toArray();
    assertThat(Arrays.copyOf(one, 8)).containsExactly(.299f, .587f, .114f, 1, 0, .2f, .4f, 1);
  }

  @Test
  void jpegIsReadAndSizesAreChanged() throws IOException {
    int[] rgb = new int[32];
    Arrays.fill(rgb, 0x804020);
    picture("a/1.jpg", BufferedImage.TYPE_INT_RGB, rgb); // 2 × 16
    float[] x = new ImageFolder(dir, 3, 5, 3).load().inputs().toArray();
    assertThat(x).hasSize(45);
    for (int i = 0; i < 45; i++) {
      assertThat(x[i]).isCloseTo((0x80 >> i / 15) / 255f, within(0.02f));
    }
    ImageFile ramp = new ImageFile(1, 1, 4, new float[] {0, 1, 2, 3});
    assertThat(ramp.resized(1, 2).pixels())
        .containsExactly(new float[] {.625f, 2.375f}, within(0.2f));
    assertThat(ramp.resized(2, 4).pixels()).containsExactly(0, 1, 2, 3, 0, 1, 2, 3);
    assertThat(ramp.resized(1, 8).pixels())
        .containsExactly(new float[] {0, .25f, .75f, 1.25f, 1.75f, 2.25f, 2.75f, 3}, within(1e-6f));
  }

  @Test
  void pgmAndPpmOfAllKinds() throws IOException {
    assertThat(pnm("P5 1 2 255\n\u0000\u00ff").pixels()).containsExactly(0, 1);
    assertThat(pnm("P5 1 1 1000\n\u0001\u00f4").pixels()).containsExactly(.5f);
    assertThat(pnm("P6 1 1 255\n\u00ff\u0000\u0033").pixels()).containsExactly(1, 0, .2f);
    assertThat(pnm("P3 2 1 10 1 2 3 4 5 6 ").pixels())
        .containsExactly(.1f, .4f, .2f, .5f, .3f, .6f);
    refused("P4 1 1", "expected P2, P3, P5 or P6");
    refused("P5 1 x 255\n", "expected a height");
    refused("P5 1 0 255\n", "a picture of 1 × 0");
    refused("P5 99999999 99999999 255\n", "expected a width from 0 to 33554432");
    refused("P5 33554432 2 255\n", "at most 33554432 pixels");
    refused("P5 2 2 255\nabc", "truncated");
    refused("P5 2 2 0\nabcd", "maximum of at least 1");
    refused("P5 1 1 10\nA", "pixel 65 is above the maximum 10");
    refused("P2 1000 1000 255\n1 2 3", "truncated");
    refused("P2 1 2 255\n1 999 ", "expected a pixel from 0 to 255");
    refused("P5 # comment without end", "expected a width");
  }

  private ImageFile pnm(String text) throws IOException {
    return ImageFile.read(
        Files.write(dir.resolve("x.pgm"), text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private void refused(String text, String reason) {
    assertThatThrownBy(() -> pnm(text))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void damagedPicturesAreNamed() throws IOException {
    Path png = picture("a/1.png", BufferedImage.TYPE_INT_RGB, 1, 2, 3, 4, 5, 6);
    byte[] good = Files.readAllBytes(png);
    Files.write(png, new byte[20]);
    assertThatThrownBy(() -> DataLoader.of(new ImageFolder(dir, 3, 2, 2), 1).iterator().next())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(png + ": byte 0: expected a picture");
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      byte[] bytes = good.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      Files.write(png, i % 2 == 0 ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      try {
        ImageFile.read(png);
      } catch (FormatException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(100);
  }

  @Test
  void whatIsNotThereIsNamed() throws IOException {
    assertThatThrownBy(() -> new ImageFolder(dir.resolve("none"), 1, 2, 2))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("no such directory");
    assertThatThrownBy(() -> new ImageFolder(dir, 1, 2, 2))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("no pictures");
    Path file = Files.writeString(dir.resolve("file"), "");
    assertThatThrownBy(() -> new ImageFolder(file, 1, 2, 2))
        .isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> new ImageFolder(dir, 2, 2, 2)).hasMessageContaining("1 or 3");
  }

  @Test
  void textBecomesWindowsOfTokens() throws IOException {
    Path file = Files.writeString(dir.resolve("t.txt"), "näh 🙂h");
    String text = TextVocabulary.read(file);
    TextVocabulary v = TextVocabulary.of(text);
    assertThat(v.size()).isEqualTo(5);
    int[] tokens = v.encode(text);
    assertThat(tokens).containsExactly(2, 3, 1, 0, 4, 1);
    assertThat(v.decode(tokens)).isEqualTo(text);
    assertThatThrownBy(() -> v.encode("nx"))
        .hasMessage("text: character 'x' (U+0078) is not in the vocabulary of 5");
    assertThatThrownBy(() -> v.decode(5)).isInstanceOf(IndexOutOfBoundsException.class);
    TokenWindows windows = new TokenWindows(tokens, 3, 2);
    assertThat(windows.size()).isEqualTo(2);
    TensorDataset all = windows.load();
    assertThat(all.inputs().toIntArray()).containsExactly(2, 3, 1, 1, 0, 4);
    assertThat(all.targets().toIntArray()).containsExactly(3, 1, 0, 0, 4, 1);
    assertThatThrownBy(() -> new TokenWindows(tokens, 6, 1)).hasMessageContaining("6 tokens");
    Files.write(file, new byte[] {'a', (byte) 0xFF});
    assertThatThrownBy(() -> TextVocabulary.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("byte 1: expected text in UTF-8");
  }
}
