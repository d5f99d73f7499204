package dev.harpia.models.serve;

import dev.harpia.nn.plan.WorkspacePool;
import dev.harpia.tensor.Budget;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Figures of a server, in the text format of Prometheus (version 0.0.4). */
final class ServerMetrics {
  /** Upper bounds of the classes of times, in seconds. */
  private static final double[] BOUNDS = {
    1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10
  };

  private final Map<Integer, LongAdder> answers = new ConcurrentSkipListMap<>();
  private final LongAdder[] times = new LongAdder[BOUNDS.length + 1];
  private final LongAdder nanos = new LongAdder();
  private final AtomicInteger running = new AtomicInteger();

  ServerMetrics() {
    for (int i = 0; i < times.length; i++) {
      times[i] = new LongAdder();
    }
  }

  /** A request has come; how many there are now. */
  int enter() {
    return running.incrementAndGet();
  }

  void leave() {
    running.decrementAndGet();
  }

  int running() {
    return running.get();
  }

  /** A prediction was answered with a status, so many nanoseconds after it came. */
  void answered(int status, long took) {
    answers.computeIfAbsent(status, s -> new LongAdder()).increment();
    int i = 0;
    while (i < BOUNDS.length && took > 1e9 * BOUNDS[i]) {
      i++;
    }
    times[i].increment();
    nanos.add(took);
  }

  String text(Predictor predictor) {
    StringBuilder b = new StringBuilder();
    head(b, "harpia_requests_total", "counter", "Predictions answered, by status.");
    Map<Integer, Long> counts = new TreeMap<>();
    answers.forEach((status, n) -> counts.put(status, n.sum()));
    counts.forEach((status, n) -> line(b, "harpia_requests_total{status=\"" + status + "\"}", n));
    histogram(b);
    one(b, "harpia_requests_running", "gauge", "Predictions being answered.", running.get());
    one(b, "harpia_offheap_bytes", "gauge", "Memory held outside the heap.", Budget.used());
    predictor.pool().ifPresent(pool -> pool(b, pool));
    if (predictor instanceof BatchedPredictor batched) {
      one(b, "harpia_batches_total", "counter", "Batches run.", batched.batcher().batches());
      one(
          b,
          "harpia_batched_requests_total",
          "counter",
          "Requests in batches.",
          batched.batcher().requests());
    }
    return b.toString();
  }

  private void histogram(StringBuilder b) {
    String name = "harpia_request_seconds";
    head(b, name, "histogram", "Time from a prediction's request to its answer.");
    long below = 0;
    for (int i = 0; i < times.length; i++) {
      below += times[i].sum();
      String bound = i < BOUNDS.length ? Double.toString(BOUNDS[i]) : "+Inf";
      line(b, name + "_bucket{le=\"" + bound + "\"}", below);
    }
    b.append(name).append("_sum ").append(nanos.sum() / 1e9).append('\n');
    line(b, name + "_count", below);
  }

  private static void pool(StringBuilder b, WorkspacePool pool) {
    one(b, "harpia_workspaces", "gauge", "Workspaces at most.", pool.size());
    one(b, "harpia_workspaces_in_use", "gauge", "Workspaces lent.", pool.inUse());
    one(b, "harpia_workspaces_waiting", "gauge", "Callers that wait for one.", pool.waiting());
    one(b, "harpia_workspaces_refused_total", "counter", "Callers refused.", pool.refused());
  }

  private static void one(StringBuilder b, String name, String type, String help, long value) {
    head(b, name, type, help);
    line(b, name, value);
  }

  private static void head(StringBuilder b, String name, String type, String help) {
    b.append("# HELP ").append(name).append(' ').append(help).append('\n');
    b.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder b, String name, long value) {
    b.append(name).append(' ').append(value).append('\n');
  }
}
