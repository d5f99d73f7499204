package dev.harpia.bench.serving;

import dev.harpia.bench.MachineFacts;
import dev.harpia.bench.Samples;
import dev.harpia.bench.Table;
import dev.harpia.nn.Activation;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.plan.MicroBatcher;
import dev.harpia.nn.plan.Plan;
import dev.harpia.nn.plan.WorkspacePool;
import dev.harpia.simd.Parallel;
import dev.harpia.tensor.Shape;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Throughput of single requests of many clients, one by one and gathered into batches. */
@Command(
    name = "serving",
    mixinStandardHelpOptions = true,
    description = {
      "Answers per second to clients on virtual threads that ask again at once: each request run"
          + " by",
      "itself in a workspace of a pool, and gathered into batches of up to 32; in turns. The ratio",
      "is batches over pool."
    })
public final class ServingCommand implements Callable<Integer> {
  private static final int MOST = 32;
  private static final int[] CLIENTS = {1, 8, 64, 256};

  @Option(names = "--quick", description = "Short rounds: shows that it works.")
  private boolean quick;

  @Option(names = "--delay", paramLabel = "US", description = "What a batch waits (default 0).")
  private int delay;

  /** For the command line. */
  public ServingCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    if (delay < 0) {
      throw new IllegalArgumentException("--delay " + delay + ": must not be negative");
    }
    System.out.println(MachineFacts.line(MachineFacts.of(Parallel.threads())));
    Table table =
        new Table("model", "clients", "pool, 1/s", "batches, 1/s", "requests a batch", "ratio");
    measure("MLP 784-128-10", mlp(128), table);
    measure("MLP 784-1024-1024-10", deep(), table);
    table.print(System.out);
    return 0;
  }

  private static Layer mlp(int width) {
    return new Sequential(new Linear(784, width), Activation.relu(), new Linear(width, 10));
  }

  private static Layer deep() {
    return new Sequential(
        new Linear(784, 1024),
        Activation.relu(),
        new Linear(1024, 1024),
        Activation.relu(),
        new Linear(1024, 10));
  }

  private void measure(String name, Layer model, Table table) throws InterruptedException {
    double seconds = quick ? 0.05 : 0.5;
    Plan plan = Plan.compile(model, Shape.of(1, 784));
    plan.warmup();
    try (WorkspacePool pool = plan.pool(Runtime.getRuntime().availableProcessors());
        MicroBatcher batcher =
            MicroBatcher.of(model, Shape.of(784), MOST, Duration.ofNanos(1000L * delay))) {
      batcher.warmup(quick ? Duration.ofMillis(100) : Duration.ofSeconds(20));
      for (int clients : CLIENTS) {
        Samples alone = new Samples();
        Samples together = new Samples();
        double gathered = 0;
        for (int round = 0; round < (quick ? 2 : 6); round++) {
          double one = Load.rate(pool::run, clients, 784, 10, seconds);
          long batches = batcher.batches();
          long requests = batcher.requests();
          double all = Load.rate(batcher::run, clients, 784, 10, seconds);
          if (round > 0) { // the first warms up
            alone.add(one);
            together.add(all);
            gathered = (double) (batcher.requests() - requests) / (batcher.batches() - batches);
          }
        }
        table.row(
            name,
            String.valueOf(clients),
            Table.number(alone.median()),
            Table.number(together.median()),
            Table.number(gathered),
            Table.number(together.median() / alone.median()));
      }
    }
  }
}
