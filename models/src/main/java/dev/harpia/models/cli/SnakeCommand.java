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

/** {@code harpia lab snake}: learns to play Snake. */
@Command(
    name = "snake",
    description = "Learns to play Snake, and films it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SnakeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--side", paramLabel = "N", description = "Fields a side (default 10).")
  private int side = 10;

  @Option(names = "--steps", paramLabel = "N", description = "Steps of training (default 100000).")
  private Optional<Long> steps = Optional.empty();

  @Mixin private AgentOptions agent = new AgentOptions();

  @Mixin private LabOptions options = new LabOptions();

  SnakeCommand() {}

  @Override
  public Integer call() throws IOException {
    return agent.run(
        spec,
        options,
        "snake",
        () -> GameSettings.of(new GameSettings.OfSnake(side), steps, agent.runs(), options.seed()),
        AgentLab::of);
  }
}
