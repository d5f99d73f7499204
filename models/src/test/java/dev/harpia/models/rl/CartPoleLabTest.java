package dev.harpia.models.rl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.models.picture.AnimatedGif;
import dev.harpia.models.run.RunDirectory;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lab on a few steps, its film, and its terminal picture. */
final class CartPoleLabTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void everyMethodRunsAndLeavesItsResults() throws IOException {
    for (CartPoleSettings.Method method : CartPoleSettings.Method.values()) {
      Path out = folder.resolve(method.toString());
      var settings = new CartPoleSettings(method, 1200, 3, method.ordinal() == 0 ? 2 : 1, 1);
      try (RunDirectory run = RunDirectory.open(Optional.of(out), "cartpole")) {
        var log = new PrintWriter(new StringWriter());
        CartPoleReport report = new CartPoleLab(settings, run, log, false).run();
        assertThat(report.json().toString()).contains("\"agent\": \"" + method + "\"");
        assertThat(report.mean()).isBetween(1.0, 500.0);
      }
      assertThat(out.resolve("agent.gif")).isNotEmptyFile();
      assertThat(out.resolve("report.html")).isNotEmptyFile();
      assertThat(out.resolve("model.safetensors")).isNotEmptyFile();
      assertThat(Files.readAllLines(out.resolve("metrics.json")))
          .hasSize(settings.runs() + 1)
          .allMatch(line -> line.contains("mean_return"));
    }
  }

  @Test
  void theFilmHasItsFrames() throws IOException {
    CartPole world = CartPole.bare();
    world.reset(1);
    List<BufferedImage> frames = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      frames.add(SceneImage.draw(world.scene(), 120));
      world.step(1);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    AnimatedGif.write(bytes, frames, 4);
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    assertThat(reader.getNumImages(true)).isEqualTo(5);
    assertThat(reader.getWidth(4)).isEqualTo(120);
    assertThat(reader.getHeight(4)).isEqualTo(60);
    BufferedImage first = reader.read(0);
    assertThat(first.getRGB(1, 1) & 0xFF).isGreaterThan(240); // white, as far as the palette has it
    assertThat(first.getRGB(60, 45) & 0xFF).isLessThan(200); // the cart
    reader.dispose();
  }

  @Test
  void theTerminalShowsCartAndPole() {
    CartPole world = CartPole.bare();
    world.reset(1);
    List<String> lines = SceneImage.text(world.scene(), 72).lines().toList();
    assertThat(lines).hasSize(18).allMatch(line -> line.length() == 72);
    assertThat(String.join("", lines)).contains("#####").contains("|").contains("------");
  }
}
