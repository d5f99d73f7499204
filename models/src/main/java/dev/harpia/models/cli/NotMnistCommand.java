package dev.harpia.models.cli;

import dev.harpia.models.cnn.ClassifierSettings;
import dev.harpia.models.cnn.ClassifierTask;
import dev.harpia.models.data.LetterData;
import dev.harpia.models.picture.Fonts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code harpia lab notmnist}: trains a network on letters A to J in all kinds of type. */
@Command(
    name = "notmnist",
    description = "Trains a network on letters A to J in all kinds of type.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class NotMnistCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "A directory with notMNIST's IDX files, named as MNIST's; without training files, four"
              + " fifths of the test files are learned from. Without it letters are drawn with this"
              + " machine's fonts.")
  private Optional<Path> data = Optional.empty();

  @Mixin private ClassifierOptions options = new ClassifierOptions();

  NotMnistCommand() {}

  @Override
  public Integer call() throws IOException {
    return options.run(
        spec,
        "notmnist",
        ClassifierSettings.letters(),
        seed -> {
          if (data.isEmpty() && Fonts.problem().isPresent()) {
            throw new IOException(
                "letters cannot be drawn: " + Fonts.problem().get() + "; or give --data");
          }
          LetterData letters = LetterData.load(data, seed);
          return new ClassifierTask(
              "notmnist",
              "Letters in all kinds of type",
              letters.name(),
              letters.train(),
              letters.test());
        });
  }
}
