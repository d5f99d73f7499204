package dev.harpia.models.cli;

import dev.harpia.models.onnx.Detector;
import dev.harpia.models.run.JsonLine;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code harpia detect}: draws what a detector finds in a picture. */
@Command(
    name = "detect",
    description = {
      "Draws boxes round what a detector finds in a picture.",
      "MODEL.onnx takes one picture [1, 3, H, W] of (RGB - 127)/128 and gives scores [1, N, 2]"
          + " and boxes [1, N, 4], as the UltraFace networks do."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DetectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MODEL.onnx", description = "The detector.")
  private Path model = Path.of("");

  @Parameters(paramLabel = "PICTURE", description = "A JPEG, PNG, GIF or BMP file.")
  private Path picture = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FILE.png",
      description = "The picture with boxes (default ${DEFAULT-VALUE}).")
  private Path out = Path.of("boxes.png");

  @Option(
      names = "--score",
      paramLabel = "X",
      description = "The least score, from 0 to 1 (default ${DEFAULT-VALUE}).")
  private float least = 0.7f;

  @Option(names = "--json", description = "Print one line of JSON.")
  private boolean json;

  DetectCommand() {}

  @Override
  public Integer call() throws IOException {
    if (!(least >= 0 && least <= 1)) {
      throw new ParameterException(
          spec.commandLine(), "--score: " + least + ": must be from 0 to 1");
    }
    if (!Files.exists(picture)) {
      throw new NoSuchFileException(picture.toString());
    }
    BufferedImage image = ImageIO.read(picture.toFile());
    if (image == null) {
      throw new IOException(picture + ": not a picture that can be read: JPEG, PNG, GIF, BMP");
    }
    List<Detector.Box> found = Detector.load(model).find(image, least);
    if (!ImageIO.write(Detector.draw(image, found), "png", out.toFile())) {
      throw new IOException(out + ": cannot be written as PNG");
    }
    PrintWriter writer = spec.commandLine().getOut();
    if (json) {
      JsonLine boxes = new JsonLine();
      int n = 0;
      for (Detector.Box b : found) {
        boxes.put(Integer.toString(n++), text(b));
      }
      writer.println(
          new JsonLine()
              .put("found", found.size())
              .put("picture", out.toString())
              .put("boxes", boxes));
    } else {
      found.forEach(b -> writer.println(text(b)));
      writer.println(found.size() + " found; picture: " + out);
    }
    writer.flush();
    return 0;
  }

  private static String text(Detector.Box b) {
    return String.format(
        Locale.ROOT,
        "score %.3f  x %.0f to %.0f  y %.0f to %.0f",
        b.score(),
        b.left(),
        b.right(),
        b.top(),
        b.bottom());
  }
}
