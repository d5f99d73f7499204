package dev.harpia.models.cli;

import dev.harpia.models.cnn.MnistLab;
import dev.harpia.models.cnn.MnistReport;
import dev.harpia.models.cnn.MnistSettings;
import dev.harpia.models.cnn.MnistSettings.Model;
import dev.harpia.models.cnn.MnistSettings.Optimizer;
import dev.harpia.models.cnn.MnistSettings.Preset;
import dev.harpia.models.cnn.MnistSettings.Schedule;
import dev.harpia.models.data.DigitData;
import dev.harpia.models.run.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code harpia lab mnist}: trains a network on handwritten digits and says how good it is. */
@Command(
    name = "mnist",
    description = "Trains a network on handwritten digits and says how good it is.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class MnistCommand implements Callable<Integer> {
  private static final int DRAWN_EPOCHS = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--model", description = "The network: mlp, cnn (default), lenet, vgg or resnet.")
  private Model model = Model.CNN;

  @Option(
      names = "--preset",
      description =
          "Where settings come from that are not given: harpia (default), pytorch or tensorflow:"
              + " the notebooks of the course.")
  private Preset preset = Preset.HARPIA;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "A directory with MNIST's four files (packed or not), or the word download. Without it"
              + " digits are drawn.")
  private Optional<String> data = Optional.empty();

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training data.")
  private Optional<Integer> epochs = Optional.empty();

  @Option(names = "--batch", paramLabel = "N", description = "Pictures per step.")
  private Optional<Integer> batch = Optional.empty();

  @Option(names = "--lr", paramLabel = "X", description = "The learning rate.")
  private Optional<Float> learningRate = Optional.empty();

  @Option(names = "--optimizer", description = "sgd, momentum, adam or adamw.")
  private Optional<Optimizer> optimizer = Optional.empty();

  @Option(names = "--schedule", description = "constant or cosine.")
  private Optional<Schedule> schedule = Optional.empty();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Use the first N training and test pictures only.")
  private Optional<Integer> limit = Optional.empty();

  @Mixin private LabOptions options = new LabOptions();

  MnistCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    MnistSettings settings = settings();
    options.apply(spec);
    try (RunDirectory run = options.open(spec, "mnist")) {
      DigitData digits = DigitData.load(data, options.seed(), err::println);
      if (limit.isPresent()) {
        digits = digits.first(limit.get());
      }
      digits = digits.ofSeveralClasses();
      MnistReport report = options.limited(new MnistLab(settings, digits, run, err)::run);
      out.println(options.json() ? report.json() : report.text());
    }
    return 0;
  }

  private MnistSettings settings() {
    try {
      if (limit.isPresent() && limit.get() < 1) {
        throw new IllegalArgumentException("limit: " + limit.get() + ": must be at least 1");
      }
      return MnistSettings.of(
          preset, model, optimizer, learningRate, schedule, batch, passes(), options.seed());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }

  /** Drawn digits are easier than real ones: fewer passes do. */
  private Optional<Integer> passes() {
    boolean easy = data.isEmpty() && model != Model.MLP && preset == Preset.HARPIA;
    return epochs.isEmpty() && easy ? Optional.of(DRAWN_EPOCHS) : epochs;
  }
}
