package dev.harpia.models.cli;

import dev.harpia.models.cnn.ClassifierSettings;
import dev.harpia.models.cnn.ClassifierTask;
import dev.harpia.models.data.PictureFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code harpia lab cifar}: trains a network on small colour photographs. */
@Command(
    name = "cifar",
    description = "Trains a network on photographs of 32 × 32, such as CIFAR-10's.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CifarCommand implements Callable<Integer> {
  private static final int SIDE = 32;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "PATH",
      required = true,
      description =
          "A directory with train/CLASS/*.jpg and test/CLASS/*.jpg (or png), or a zip file of it,"
              + " or a directory with such a zip file.")
  private Path data = Path.of("");

  @Mixin private ClassifierOptions options = new ClassifierOptions();

  CifarCommand() {}

  @Override
  public Integer call() throws IOException {
    return options.run(
        spec,
        "cifar",
        ClassifierSettings.photographs(),
        seed -> {
          PictureFiles files = PictureFiles.read(data, 3, SIDE, SIDE);
          return new ClassifierTask(
              "cifar", "Small photographs", data.toString(), files.train(), files.test());
        });
  }
}
