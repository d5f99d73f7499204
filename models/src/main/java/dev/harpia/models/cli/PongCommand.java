package dev.harpia.models.cli;

import dev.harpia.models.rl.AgentLab;
import dev.harpia.models.rl.GameSettings;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code harpia lab pong}: learns to play Pong from pixels. */
@Command(
    name = "pong",
    description = "Learns to play Pong from pixels, and films it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PongCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--points",
      paramLabel = "N",
      description = "Points that win a game of the test (default 11).")
  private int points = 11;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of training (default 500000), of 5 frames each.")
  private Optional<Long> steps = Optional.empty();

  @Mixin private AgentOptions agent = new AgentOptions();

  @Mixin private LabOptions options = new LabOptions();

  PongCommand() {}

  @Override
  public Integer call() throws IOException {
    return agent.run(
        spec,
        options,
        "pong",
        () -> GameSettings.of(new GameSettings.OfPong(points), steps, agent.runs(), options.seed()),
        AgentLab::of);
  }
}
