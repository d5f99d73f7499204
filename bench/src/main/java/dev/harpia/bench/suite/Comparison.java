package dev.harpia.bench.suite;

import dev.harpia.bench.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One workload on several engines, their rounds in turns: A B A B. */
final class Comparison {
  /** Libraries whose threads spin after a call need this to fall asleep. */
  private static final long SETTLE_MILLIS = 300;

  private final List<Engine> engines;
  private final int threads;
  private final boolean quick;
  private final Starts starts;

  Comparison(List<Engine> engines, int threads, boolean quick) {
    this.engines = engines;
    this.threads = threads;
    this.quick = quick;
    starts = new Starts(threads, quick);
  }

  /** How large the engines are that were started for a first result. */
  Table sizes() {
    return starts.sizes();
  }

  List<Result> run(Workload w) throws IOException, InterruptedException {
    return w.kind() == Workload.Kind.START ? starts.run(w, engines) : calls(w);
  }

  private List<Result> calls(Workload w) throws IOException, InterruptedException {
    List<Result> results = new ArrayList<>();
    List<Contender> ready = new ArrayList<>();
    try {
      for (Engine e : engines) {
        if (e.startsOnly()) {
          continue;
        }
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
}
