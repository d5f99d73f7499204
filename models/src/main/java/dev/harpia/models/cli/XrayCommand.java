package dev.harpia.models.cli;

import dev.harpia.models.cnn.ClassifierSettings;
import dev.harpia.models.cnn.XrayTask;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code harpia lab xray}: screens drawn radiographs for lesions, and shows where it looks. */
@Command(
    name = "xray",
    description = "Screens drawn radiographs for lesions: ROC curve, and where the network looks.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class XrayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--pictures",
      paramLabel = "N",
      description = "Radiographs to learn from (default 2000); half as many are for judging.")
  private int pictures = 2000;

  @Mixin private ClassifierOptions options = new ClassifierOptions();

  XrayCommand() {}

  @Override
  public Integer call() throws IOException {
    if (pictures < 2 || pictures > 200_000) {
      throw new ParameterException(
          spec.commandLine(), "--pictures: " + pictures + ": must be from 2 to 200000");
    }
    return options.run(
        spec,
        "xray",
        ClassifierSettings.radiographs(),
        seed -> XrayTask.of(pictures, pictures / 2, seed));
  }
}
