package dev.harpia.models.cli;

import dev.harpia.models.cnn.ClassifierLab;
import dev.harpia.models.cnn.ClassifierReport;
import dev.harpia.models.cnn.ClassifierSettings;
import dev.harpia.models.cnn.ClassifierSettings.Network;
import dev.harpia.models.cnn.ClassifierTask;
import dev.harpia.models.run.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that all labs of picture classifiers have. */
final class ClassifierOptions {
  /** Where a lab's pictures come from. */
  @FunctionalInterface
  interface Pictures {
    ClassifierTask load(long seed) throws IOException;
  }

  @Option(names = "--model", description = "The network: resnet8, resnet20, vgg or mobilenet.")
  private Optional<Network> model = Optional.empty();

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training pictures.")
  private Optional<Integer> epochs = Optional.empty();

  @Option(names = "--batch", paramLabel = "N", description = "Pictures per step.")
  private Optional<Integer> batch = Optional.empty();

  @Option(names = "--lr", paramLabel = "X", description = "The highest learning rate.")
  private Optional<Float> rate = Optional.empty();

  @Mixin private LabOptions lab = new LabOptions();

  ClassifierOptions() {}

  /** Runs a lab from its usual settings, with what the user gives in their place. */
  int run(CommandSpec spec, String name, ClassifierSettings usual, Pictures pictures)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    ClassifierSettings settings;
    try {
      settings = usual.with(model, rate, batch, epochs, lab.seed());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
    lab.apply(spec);
    try (RunDirectory run = lab.open(spec, name)) {
      ClassifierTask task = pictures.load(lab.seed());
      ClassifierReport report = lab.limited(new ClassifierLab(settings, task, run, err)::run);
      out.println(lab.json() ? report.json() : report.text());
    }
    return 0;
  }
}
