package dev.harpia.models.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sound files and every kind of unsound one. */
class PictureFilesTest {
  @TempDir Path dir;

  private static byte[] picture(String format, int type, int width, int height, int rgb)
      throws IOException {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int i = 0; i < width * height; i++) {
      image.setRGB(i % width, i / width, rgb);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }

  private static byte[] colour(int rgb) throws IOException {
    return picture("png", BufferedImage.TYPE_INT_RGB, 8, 6, rgb);
  }

  private void put(String name, byte[] bytes) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private void sound() throws IOException {
    put("train/cat/1.png", colour(0xFF8000));
    put("train/dog/1.png", colour(0x0000FF));
    put("train/dog/readme.txt", new byte[3]);
    put("test/dog/1.png", colour(0x102030));
  }

  private void fails(String message) {
    assertThatThrownBy(() -> PictureFiles.read(dir, 3, 6, 8))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(dir.toString())
        .hasMessageContaining(message);
  }

  @Test
  void aDirectory() throws IOException {
    sound();
    PictureFiles files = PictureFiles.read(dir, 3, 6, 8);
    assertThat(files.train().classes()).containsExactly("cat", "dog");
    assertThat(files.train().labels()).containsExactly(0, 1);
    assertThat(files.test().labels()).containsExactly(1);
    float[] values = files.train().values(0);
    assertThat(values).hasSize(3 * 48);
    assertThat(values[0]).isEqualTo(1);
    assertThat(values[48]).isEqualTo(128 / 255f);
    assertThat(values[96]).isZero();
    assertThat(files.train().statistics()[0][2]).isEqualTo(0.5f);
  }

  @Test
  void aZipFileAndADirectoryThatHoldsOne() throws IOException {
    Path zip = dir.resolve("x.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (String name : new String[] {"a/train/0/x.png", "a/train/1/x.png", "a/test/1/x.png"}) {
        out.putNextEntry(new ZipEntry(name));
        out.write(picture("png", BufferedImage.TYPE_BYTE_GRAY, 8, 6, 0xFFFFFF));
      }
    }
    assertThat(PictureFiles.read(zip, 1, 6, 8).train().count()).isEqualTo(2);
    assertThat(PictureFiles.read(dir, 1, 6, 8).test().values(0)).containsOnly(1f);
    Files.write(zip, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> PictureFiles.read(zip, 1, 6, 8))
        .hasMessageStartingWith(zip + ": not a sound zip file");
  }

  @Test
  void aMissingPlace() {
    Path missing = dir.resolve("nowhere");
    assertThatThrownBy(() -> PictureFiles.read(missing, 3, 6, 8))
        .hasMessage(missing + ": no such file or directory");
  }

  @Test
  void anEmptyFolder() throws IOException {
    fails("expected directories train and test, or one zip file; found neither");
    Files.createDirectories(dir.resolve("train/cat"));
    fails("no pictures (png, jpg) in train/CLASS/");
  }

  @Test
  void oneClassOnly() throws IOException {
    put("train/cat/1.png", colour(0));
    put("test/cat/1.png", colour(0));
    fails("one class only, cat: there must be 2 to tell apart");
  }

  @Test
  void nothingToTestWith() throws IOException {
    put("train/cat/1.png", colour(0));
    put("train/dog/1.png", colour(0));
    fails("no pictures (png, jpg) in test/CLASS/");
  }

  @Test
  void aClassThatWasNotLearned() throws IOException {
    sound();
    put("test/elk/1.png", colour(0));
    fails("class elk has no pictures to learn from");
  }

  @Test
  void aPictureOfWrongSize() throws IOException {
    sound();
    put("train/cat/2.png", picture("png", BufferedImage.TYPE_INT_RGB, 9, 6, 0));
    fails("2.png: expected 8 × 6 pixels, found 9 × 6");
  }

  @Test
  void aPictureWithWrongChannels() throws IOException {
    sound();
    put("test/cat/2.png", picture("png", BufferedImage.TYPE_BYTE_GRAY, 8, 6, 0));
    fails("2.png: expected a picture in colour (3 channels), found a grey picture (1 channel)");
  }

  @Test
  void aDamagedJpeg() throws IOException {
    sound();
    byte[] jpeg = picture("jpg", BufferedImage.TYPE_INT_RGB, 8, 6, 0x336699);
    put("train/dog/9.jpg", Arrays.copyOf(jpeg, jpeg.length - 12));
    fails("9.jpg: damaged picture: ");
    put("train/dog/9.jpg", Arrays.copyOf(jpeg, 30));
    fails("9.jpg: damaged picture: ");
    put("train/dog/9.jpg", "no picture".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    fails("9.jpg: not a PNG or JPEG picture");
    put("train/dog/9.jpg", jpeg);
  }
}
