package dev.harpia.models.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code harpia lab}: the group of the labs. */
@Command(
    name = "lab",
    description = "Trains and evaluates a model of the course labs.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "LAB",
    subcommands = {
      PerceptronCommand.class,
      MnistCommand.class,
      CifarCommand.class,
      NotMnistCommand.class,
      XrayCommand.class,
      SegmentCommand.class,
      VaeCommand.class,
      FacesCommand.class,
      GanCommand.class,
      DiffusionCommand.class,
      GptCommand.class,
      AttentionCommand.class,
      Seq2SeqCommand.class,
      MusicCommand.class,
      FinetuneCommand.class,
      ForecastCommand.class,
      CartPoleCommand.class,
      SnakeCommand.class,
      PongCommand.class,
      TradingCommand.class
    })
final class LabCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  LabCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "which lab? " + String.join(", ", spec.subcommands().keySet()));
  }
}
