package dev.harpia.bench.suite;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Computes one MLP result and ends: what workload 9 times from outside. */
@Command(name = "start", hidden = true)
public final class StartCommand implements Callable<Integer> {
  @Parameters(index = "0")
  private String engine = "";

  /** For the command line. */
  public StartCommand() {}

  @Override
  public Integer call() throws Exception {
    Call call = Engines.named(engine).open("1a", 1).orElseThrow();
    call.run();
    System.out.println(WorkerCommand.MARK + "first");
    System.out.flush();
    return 0;
  }
}
