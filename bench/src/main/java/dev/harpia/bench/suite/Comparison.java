package dev.harpia.bench.suite;

import dev.harpia.bench.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One workload on several engines, their rounds in turns: A B A B. */
final class Comparison {
  /** Libraries whose threads spin after a call need this to fall asleep. */
  private static final long SETTLE_MILLIS = 300;

  private final List<Engine> engines;
  private final int threads;
  private final boolean quick;

  Comparison(List<Engine> engines, int threads, boolean quick) {
    this.engines = engines;
    this.threads = threads;
    this.quick = quick;
  }

  List<Result> run(Workload w) throws IOException, InterruptedException {
    return w.kind() == Workload.Kind.START ? starts(w) : calls(w);
  }

  private List<Result> calls(Workload w) throws IOException, InterruptedException {
    List<Result> results = new ArrayList<>();
    List<Contender> ready = new ArrayList<>();
    try {
      for (Engine e : engines) {
        Contender c = new Contender(e, w, threads);
        if (c.ready()) {
          ready.add(c);
          c.warm(quick ? 0.5 : w.kind().warmup, w.kind().usualBytes);
        } else {
          results.add(Result.missing(w, e.name(), c.greeting()));
          c.close();
        }
      }
      int rounds = quick ? 2 : 5;
      for (int r = 0; r < rounds; r++) {
        for (Contender c : ready) {
          Thread.sleep(SETTLE_MILLIS);
          c.round(seconds(w), quick ? 2 : 5);
        }
      }
      for (Contender c : ready) {
        String[] words = c.finish();
        results.add(
            new Result(
                w,
                c.engine,
                c.rounds,
                Contender.Figures.parse(words, 1),
                Long.parseLong(words[6]),
                c.greeting()));
      }
    } finally {
      ready.forEach(Contender::close);
    }
    results.sort((a, b) -> Integer.compare(rank(a), rank(b)));
    return results;
  }

  private int rank(Result r) {
    List<String> names = engines.stream().map(Engine::name).toList();
    return names.indexOf(r.engine());
  }

  private double seconds(Workload w) {
    if (quick) {
      return 0.05;
    }
    return switch (w.kind()) {
      case LATENCY -> 1;
      case STEP -> 2;
      case OP, START -> 0.5;
    };
  }

  /** Fresh JVMs, from exec to the first result. */
  private List<Result> starts(Workload w) throws IOException, InterruptedException {
    List<Samples> samples = new ArrayList<>();
    List<List<Contender.Figures>> rounds = new ArrayList<>();
    for (int i = 0; i < engines.size(); i++) {
      samples.add(new Samples());
      rounds.add(new ArrayList<>());
    }
    List<Result> results = new ArrayList<>();
    for (int r = 0; r < (quick ? 1 : 6); r++) {
      for (int i = 0; i < engines.size(); i++) {
        double nanos = start(engines.get(i));
        if (r > 0 || quick) { // the first fills the page cache and unpacks libraries
          samples.get(i).add(nanos);
          rounds.get(i).add(new Contender.Figures(1, nanos, nanos, nanos, nanos));
        }
      }
    }
    for (int i = 0; i < engines.size(); i++) {
      Samples s = samples.get(i);
      results.add(
          new Result(
              w,
              engines.get(i).name(),
              rounds.get(i),
              new Contender.Figures(
                  s.count(), s.min(), s.median(), s.quantile(0.99), s.quantile(1)),
              -1,
              ""));
    }
    return results;
  }

  private double start(Engine engine) throws IOException, InterruptedException {
    ProcessBuilder builder = Launch.of(engine, threads, "start", engine.name());
    long start = System.nanoTime();
    Process process = builder.start();
    try (var in = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals(WorkerCommand.MARK + "first")) {
          return System.nanoTime() - start;
        }
      }
      throw new IOException(engine.name() + ": ended without a first result");
    } finally {
      process.waitFor();
    }
  }
}
