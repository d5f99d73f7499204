package dev.harpia.models.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** The labs on a few steps, their films, and their terminal pictures. */
final class AgentLabTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void everyMethodRunsAndLeavesItsResults() throws IOException {
    for (CartPoleSettings.Method method : CartPoleSettings.Method.values()) {
      Path out = folder.resolve(method.toString());
      var settings = new CartPoleSettings(method, 1200, 3, method.ordinal() == 0 ? 2 : 1, 1);
      try (RunDirectory run = RunDirectory.open(Optional.of(out), "cartpole")) {
        var log = new PrintWriter(new StringWriter());
        AgentReport report = AgentLab.cartpole(settings, run, log, false).run();
        assertThat(report.json().toString()).contains("\"agent\": \"" + method + "\"");
        assertThat(report.mean()).isBetween(1.0, 500.0);
        assertThat(report.text()).contains("over 100 consecutive test episodes");
      }
      isComplete(out, settings.runs());
    }
  }

  private static void isComplete(Path out, int runs) throws IOException {
    assertThat(out.resolve("agent.gif")).isNotEmptyFile();
    assertThat(out.resolve("report.html")).isNotEmptyFile();
    assertThat(out.resolve("model.safetensors")).isNotEmptyFile();
    assertThat(Files.readAllLines(out.resolve("metrics.json")))
        .hasSize(runs + 1)
        .allMatch(line -> line.contains("mean_return"));
  }

  @Test
  void everyGameRunsAndLeavesItsResults() throws IOException {
    List<GameSettings.Game> games =
        List.of(
            new GameSettings.OfSnake(6),
            new GameSettings.OfPong(1),
            new GameSettings.OfTrading(Regime.MIXED));
    for (GameSettings.Game game : games) {
      Path out = folder.resolve(game.getClass().getSimpleName());
      var settings = new GameSettings(game, 1100, 1, 1);
      StringWriter said = new StringWriter();
      try (RunDirectory run = RunDirectory.open(Optional.of(out), "game")) {
        AgentReport report = AgentLab.of(settings, run, new PrintWriter(said), true).run();
        assertThat(report.json().toString()).contains("\"steps\": ");
        assertThat(report.text()).contains("results in " + out);
      }
      isComplete(out, 1);
      assertThat(said.toString()).as("watching").contains("\u001b[H\u001b[2J");
    }
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new GameSettings(new GameSettings.OfSnake(4), 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("side: 4: must be from 5 to 100");
    assertThatThrownBy(() -> new GameSettings(new GameSettings.OfPong(22), 1, 1, 1))
        .hasMessage("points: 22: must be from 1 to 21");
    assertThatThrownBy(() -> new GameSettings(new GameSettings.OfSnake(8), 0, 1, 1))
        .hasMessage("steps: 0: must be at least 1");
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
    assertThat(first.getRGB(1, 1)).isEqualTo(0xFFFFFFFF);
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
