package dev.harpia.models.cli;

import dev.harpia.models.rl.AgentLab;
import dev.harpia.models.rl.CartPoleSettings;
import dev.harpia.models.rl.CartPoleSettings.Method;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code harpia lab cartpole}: learns to balance a pole by trial and error. */
@Command(
    name = "cartpole",
    description = "Learns to balance a pole by trial and error, and films it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CartPoleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--agent",
      paramLabel = "NAME",
      converter = MethodName.class,
      description = "dqn (default), double, dueling, rainbow-lite, reinforce, a2c or ppo.")
  private Method agent = Method.DQN;

  @Option(names = "--steps", paramLabel = "N", description = "At most so many steps.")
  private Optional<Long> steps = Optional.empty();

  @Option(
      names = "--episodes",
      paramLabel = "N",
      description = "So many episodes (reinforce; default 1000).")
  private Optional<Integer> episodes = Optional.empty();

  @Mixin private AgentOptions common = new AgentOptions();

  @Mixin private LabOptions options = new LabOptions();

  CartPoleCommand() {}

  @Override
  public Integer call() throws IOException {
    return common.run(spec, options, "cartpole", this::settings, AgentLab::cartpole);
  }

  private CartPoleSettings settings() {
    if (episodes.isPresent() && agent != Method.REINFORCE) {
      throw new ParameterException(
          spec.commandLine(), "--episodes: for reinforce only; " + agent + " counts in --steps");
    }
    if (steps.isPresent() && agent == Method.REINFORCE) {
      throw new ParameterException(
          spec.commandLine(), "--steps: not for reinforce, which counts in --episodes");
    }
    return CartPoleSettings.of(agent, steps, episodes, common.runs(), options.seed());
  }

  /** Names with a hyphen, as they are typed. */
  static final class MethodName implements ITypeConverter<Method> {
    MethodName() {}

    @Override
    public Method convert(String name) {
      return AgentOptions.named(Method.values(), name);
    }
  }
}
