package dev.harpia.models.cli;

import dev.harpia.models.rl.AgentLab;
import dev.harpia.models.rl.GameSettings;
import dev.harpia.models.rl.Regime;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code harpia lab trading}: learns to trade on a simulated market. */
@Command(
    name = "trading",
    description = "Learns to trade on a simulated market, against buy and hold and chance.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TradingCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--regime",
      paramLabel = "NAME",
      converter = RegimeName.class,
      description = "mean-reverting, trending, mixed (default) or random.")
  private Regime regime = Regime.MIXED;

  @Option(names = "--steps", paramLabel = "N", description = "Days of training (default 60000).")
  private Optional<Long> steps = Optional.empty();

  @Mixin private AgentOptions agent = new AgentOptions();

  @Mixin private LabOptions options = new LabOptions();

  TradingCommand() {}

  @Override
  public Integer call() throws IOException {
    return agent.run(
        spec,
        options,
        "trading",
        () ->
            GameSettings.of(
                new GameSettings.OfTrading(regime), steps, agent.runs(), options.seed()),
        AgentLab::of);
  }

  /** Names with a hyphen, as they are typed. */
  static final class RegimeName implements ITypeConverter<Regime> {
    RegimeName() {}

    @Override
    public Regime convert(String name) {
      return AgentOptions.named(Regime.values(), name);
    }
  }
}
