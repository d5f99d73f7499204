package dev.harpia.models.cli;

import dev.harpia.models.rnn.CharRnn;
import dev.harpia.models.rnn.MusicLab;
import dev.harpia.models.rnn.MusicReport;
import dev.harpia.models.rnn.MusicSettings;
import dev.harpia.models.rnn.MusicSettings.Preset;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.models.transformer.Sampling;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code harpia lab music}: learns to write tunes, and writes some. */
@Command(
    name = "music",
    description = "Learns to write tunes in ABC notation, and composes some as MIDI and sound.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class MusicCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "Tunes in ABC notation with blank lines between them. Without it tunes are composed by a"
              + " small grammar.")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--preset",
      description =
          "laptop (default): hidden 256, minutes; lab: the course's hidden 1024, batch 8, windows"
              + " of 100, rate 5e-3: 4000 steps, about 20 minutes on two cores.")
  private Preset preset = Preset.LAPTOP;

  @Option(names = "--cell", description = "lstm (default), gru or rnn.")
  private CharRnn.Cell cell = CharRnn.Cell.LSTM;

  @Option(names = "--steps", paramLabel = "N", description = "Optimizer steps.")
  private Optional<Integer> steps = Optional.empty();

  @Option(names = "--batch", paramLabel = "N", description = "Windows of text per step.")
  private Optional<Integer> batch = Optional.empty();

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "Characters in a window (default 100).")
  private Optional<Integer> length = Optional.empty();

  @Option(names = "--lr", paramLabel = "RATE", description = "The highest learning rate.")
  private Optional<Double> rate = Optional.empty();

  @Option(names = "--tunes", paramLabel = "N", description = "How many tunes to compose.")
  private Optional<Integer> tunes = Optional.empty();

  @Option(
      names = "--sounds",
      paramLabel = "N",
      description = "Of how many of them to write a sound file (default 3).")
  private int sounds = 3;

  @Option(
      names = "--start",
      paramLabel = "TEXT",
      description = "What each tune begins with (default X:); \\n is a new line.")
  private String start = "X:";

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "1 as learnt, lower is more careful, 0 the likeliest (default 0.8).")
  private float temperature = 0.8f;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Draw from the K likeliest characters (default 0: all).")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Draw from the likeliest characters of together P (default 1: all).")
  private float topP = 1;

  @Option(
      names = "--resume",
      description = "Go on from the newest checkpoint of the run in --out, given as it was begun.")
  private boolean resume;

  @Mixin private LabOptions options = new LabOptions();

  MusicCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    MusicSettings settings = settings();
    if (resume && options.out().isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--resume: needs --out, the run to go on");
    }
    options.apply(spec);
    try (RunDirectory run = options.open(spec, "music")) {
      MusicReport report = options.limited(new MusicLab(settings, data, resume, run, err)::run);
      out.println(options.json() ? report.json() : report.text());
    }
    return 0;
  }

  private MusicSettings settings() {
    Sampling sampling;
    try {
      sampling = new Sampling(temperature, topK, topP, 1);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    try {
      return MusicSettings.of(
          preset,
          cell,
          new MusicSettings.Choices(steps, batch, length, rate, tunes),
          sounds,
          start.replace("\\n", "\n"),
          sampling,
          options.seed());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }
}
