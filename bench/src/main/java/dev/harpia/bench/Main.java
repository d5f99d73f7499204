package dev.harpia.bench;

import dev.harpia.bench.ops.GemmCommand;
import dev.harpia.bench.ops.JmhCommand;
import dev.harpia.bench.ops.OpsCommand;
import dev.harpia.bench.rl.RlCommand;
import dev.harpia.bench.scaling.ScalingCommand;
import dev.harpia.bench.serving.ServingCommand;
import dev.harpia.bench.suite.PeersCommand;
import dev.harpia.bench.suite.WorkerCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The benchmarks' command line. */
@Command(
    name = "harpia bench",
    mixinStandardHelpOptions = true,
    description =
        "Measures operations against plain Java loops, and whole workloads against peers.",
    subcommands = {
      OpsCommand.class,
      GemmCommand.class,
      RlCommand.class,
      PeersCommand.class,
      ScalingCommand.class,
      ServingCommand.class,
      JmhCommand.class,
      WorkerCommand.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /** Runs a benchmark; without arguments prints what there is. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Main())
            .setExecutionExceptionHandler(
                (e, line, _) -> {
                  line.getErr().println("harpia bench: " + e.getMessage());
                  if (Boolean.getBoolean("harpia.debug")) {
                    e.printStackTrace(line.getErr());
                  }
                  return 1;
                })
            .execute(args));
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
