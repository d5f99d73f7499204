package dev.harpia.bench.rl;

import dev.harpia.bench.JsonFile;
import dev.harpia.bench.MachineFacts;
import dev.harpia.bench.Samples;
import dev.harpia.bench.Table;
import dev.harpia.models.rl.CartPole;
import dev.harpia.models.rl.DqnAgent;
import dev.harpia.models.rl.DqnSettings;
import dev.harpia.models.rl.DqnTraining;
import dev.harpia.simd.Parallel;
import dev.harpia.tensor.Rng;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Deep Q-learning on CartPole: our loop beside its twin over heap arrays. */
@Command(
    name = "rl",
    mixinStandardHelpOptions = true,
    description = {
      "Deep Q-learning on CartPole, environment, acting and learning: our loop beside the same"
          + " loop",
      "over heap arrays, interleaved in one JVM. Steps per second, and the time of an action."
    })
public final class RlCommand implements Callable<Integer> {
  private static final long SEGMENT = 2048;
  private static final int ACTIONS = 4000;

  @Option(names = "--quick", description = "A few seconds in all: shows that it works.")
  private boolean quick;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of our operations (default 1; heap loops have one).")
  private int threads = 1;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures there as well.")
  private @Nullable Path json;

  /** Nanoseconds per step of the whole loop, and per action. */
  private record Figures(Samples steps, Samples actions) {
    Figures() {
      this(new Samples(), new Samples());
    }

    double stepsPerSecond() {
      return 1e9 / steps.median();
    }
  }

  /** For the command line. */
  public RlCommand() {}

  @Override
  public Integer call() throws Exception {
    if (threads < 1) {
      throw new IllegalArgumentException("--threads " + threads + ": must be at least 1");
    }
    Parallel.<Object, Exception>limit(
        threads,
        () -> {
          measure();
          return this;
        });
    return 0;
  }

  private void measure() throws IOException {
    Map<String, String> facts = MachineFacts.of(threads);
    System.out.println(MachineFacts.line(facts));
    DqnSettings settings = DqnSettings.dqn();
    System.out.printf(
        Locale.ROOT,
        "CartPole, network 4-%d-%d-2, %d updates of %d transitions every %d steps%n",
        settings.hidden(),
        settings.hidden(),
        settings.updates(),
        settings.batch(),
        settings.every());
    Rng.seed(1);
    DqnAgent agent = new DqnAgent(settings, 4, 2);
    DqnTraining ours = new DqnTraining(CartPole.v1(), agent, settings, 1);
    HeapDqn theirs = new HeapDqn(CartPole.v1(), settings, 1);
    Figures harpia = new Figures();
    Figures heap = new Figures();
    int warm = quick ? 1 : 8;
    int rounds = warm + (quick ? 2 : 24);
    for (int i = 0; i < rounds; i++) {
      boolean counts = i >= warm;
      // by turns, so that what else the machine does hits both alike
      double a = time(() -> ours.run(ours.taken() + SEGMENT));
      double b = time(() -> theirs.run(SEGMENT));
      if (counts) {
        harpia.steps.add(a);
        heap.steps.add(b);
      }
      actions(agent::act, counts ? harpia.actions : new Samples());
      actions(theirs::act, counts ? heap.actions : new Samples());
    }
    print(harpia, heap);
    if (json != null) {
      write(json, facts, harpia, heap);
    }
  }

  /** Nanoseconds per step. */
  private static double time(Runnable segment) {
    long start = System.nanoTime();
    segment.run();
    return (System.nanoTime() - start) / (double) SEGMENT;
  }

  private interface Actor {
    int act(float[] observation);
  }

  private static void actions(Actor actor, Samples into) {
    float[] observation = {0.01f, -0.02f, 0.03f, 0.04f};
    for (int i = 0; i < ACTIONS; i++) {
      observation[0] = 1e-4f * i;
      long start = System.nanoTime();
      actor.act(observation);
      into.add(System.nanoTime() - start);
    }
  }

  private static void print(Figures harpia, Figures heap) {
    Table table = new Table("measure", "", "harpia", "heap arrays", "ratio");
    double a = harpia.stepsPerSecond();
    double b = heap.stepsPerSecond();
    table.row("steps/s", "median", Table.number(a), Table.number(b), ratio(a / b));
    double fast = 1e9 / harpia.steps.min();
    double fastHeap = 1e9 / heap.steps.min();
    table.row(
        "steps/s", "best", Table.number(fast), Table.number(fastHeap), ratio(fast / fastHeap));
    for (double q : new double[] {0.5, 0.99}) {
      double x = harpia.actions.quantile(q);
      double y = heap.actions.quantile(q);
      String name = String.format(Locale.ROOT, "p%.0f", 100 * q);
      table.row("action", name, Table.time(x), Table.time(y), ratio(y / x));
    }
    table.print(System.out);
    System.out.println("ratio: how many times as fast as over heap arrays");
  }

  private static String ratio(double r) {
    return Table.number(r) + "×";
  }

  private static void write(Path file, Map<String, String> facts, Figures harpia, Figures heap)
      throws IOException {
    JsonFile.write(
        file,
        facts,
        g -> {
          for (var side : Map.of("harpia", harpia, "heap", heap).entrySet()) {
            g.writeObjectFieldStart(side.getKey());
            g.writeNumberField("steps_per_second", side.getValue().stepsPerSecond());
            g.writeNumberField("action_p50_ns", side.getValue().actions.quantile(0.5));
            g.writeNumberField("action_p99_ns", side.getValue().actions.quantile(0.99));
            g.writeEndObject();
          }
        });
  }
}
