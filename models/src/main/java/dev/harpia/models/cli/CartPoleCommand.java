package dev.harpia.models.cli;

import dev.harpia.models.rl.CartPoleLab;
import dev.harpia.models.rl.CartPoleReport;
import dev.harpia.models.rl.CartPoleSettings;
import dev.harpia.models.rl.CartPoleSettings.Method;
import dev.harpia.models.run.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

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

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Learn N times, with the seeds that follow (default 1).")
  private int runs = 1;

  @Option(names = "--watch", description = "Show an episode of the trained agent in the terminal.")
  private boolean watch;

  @Mixin private LabOptions options = new LabOptions();

  CartPoleCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    CartPoleSettings settings = settings();
    options.apply(spec);
    try (RunDirectory run = options.open(spec, "cartpole")) {
      CartPoleReport report = options.limited(new CartPoleLab(settings, run, err, watch)::run);
      out.println(options.json() ? report.json() : report.text());
    }
    return 0;
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
    try {
      return CartPoleSettings.of(agent, steps, episodes, runs, options.seed());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }

  /** Names with a hyphen, as they are typed. */
  static final class MethodName implements ITypeConverter<Method> {
    MethodName() {}

    @Override
    public Method convert(String name) {
      for (Method method : Method.values()) {
        if (method.toString().equalsIgnoreCase(name)) {
          return method;
        }
      }
      throw new TypeConversionException(
          "'" + name + "': must be one of " + java.util.Arrays.toString(Method.values()));
    }
  }
}
