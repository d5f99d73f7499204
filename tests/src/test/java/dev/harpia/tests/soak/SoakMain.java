package dev.harpia.tests.soak;

import com.sun.management.ThreadMXBean;
import dev.harpia.models.cnn.MnistNetworks;
import dev.harpia.nn.LSTM;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.io.onnx.OnnxModel;
import dev.harpia.nn.io.onnx.OnnxTensor;
import dev.harpia.nn.plan.Input;
import dev.harpia.nn.plan.Plan;
import dev.harpia.nn.plan.WorkspacePool;
import dev.harpia.tensor.Budget;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * 64 threads that ask silero-vad, ultraface, a perceptron, a small convolutional network and an
 * LSTM in turns, as fast as they are answered, in a JVM of their own. Prints figures, one a line,
 * for {@link SoakTest}.
 */
final class SoakMain {
  private static final int THREADS = 64;

  /** Bytes a request: the queue's nodes of callers that wait. */
  private static final long SETTLED = 256;

  private static final ThreadMXBean BEAN = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** A model, its input and the output that it must always have. */
  private record Target(
      String name,
      WorkspacePool pool,
      Map<String, Tensor> inputs,
      String output,
      float[] expected) {
    static Target of(String name, Plan plan, Map<String, Tensor> inputs) {
      WorkspacePool pool = plan.pool(Runtime.getRuntime().availableProcessors());
      String output = plan.outputs().getFirst();
      try (WorkspacePool.Lease lease = pool.borrow()) {
        inputs.forEach((input, t) -> lease.input(input).copyFrom(t));
        lease.run();
        return new Target(name, pool, inputs, output, lease.output(output).toArray());
      }
    }
  }

  /** What a thread saw. */
  private static final class Client extends Thread {
    final Times[] waits;
    final Times[] runs;
    final long[] heap;
    long wrong; // read when the thread has ended
    volatile boolean measuring;
    volatile boolean ended;
    private final List<Target> targets;
    private final float[][] answers;
    private final String[][] names;
    private final Tensor[][] values;

    Client(List<Target> targets) {
      this.targets = targets;
      waits = times(targets.size());
      runs = times(targets.size());
      heap = new long[targets.size()];
      answers = new float[targets.size()][];
      names = new String[targets.size()][];
      values = new Tensor[targets.size()][];
      for (int i = 0; i < targets.size(); i++) {
        answers[i] = new float[targets.get(i).expected.length];
        names[i] = targets.get(i).inputs.keySet().toArray(String[]::new);
        values[i] = targets.get(i).inputs.values().toArray(Tensor[]::new);
      }
    }

    private static Times[] times(int n) {
      Times[] all = new Times[n];
      Arrays.setAll(all, i -> new Times());
      return all;
    }

    @Override
    public void run() {
      for (int i = (int) (threadId() % targets.size()); !ended; i = (i + 1) % targets.size()) {
        Target t = targets.get(i);
        long asked = System.nanoTime();
        long begun;
        long done;
        long bytes;
        try (WorkspacePool.Lease lease = t.pool.borrow()) {
          begun = System.nanoTime();
          bytes = BEAN.getCurrentThreadAllocatedBytes();
          for (int k = 0; k < names[i].length; k++) {
            lease.input(names[i][k]).copyFrom(values[i][k]);
          }
          lease.run();
          lease.output(t.output).copyTo(answers[i]);
          bytes = BEAN.getCurrentThreadAllocatedBytes() - bytes;
          done = System.nanoTime();
        }
        if (!Arrays.equals(answers[i], t.expected)) {
          wrong++;
        }
        if (measuring) {
          waits[i].add(done - asked);
          runs[i].add(done - begun);
          heap[i] += bytes;
        }
      }
    }
  }

  private SoakMain() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path models = Path.of(args[0]);
    double warm = Double.parseDouble(args[1]);
    double seconds = Double.parseDouble(args[2]);
    List<Target> targets = targets(models);
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Client c = new Client(targets);
      clients.add(c);
      c.start();
    }
    warmUp(clients, targets, warm);
    clients.forEach(c -> c.measuring = true);
    long collections = collections();
    long rss = residentKiB();
    long offHeap = Budget.used();
    long heap = allocated(clients);
    AtomicLong most = new AtomicLong(rss);
    long end = System.nanoTime() + (long) (1e9 * seconds);
    long curve = (long) (1e9 * seconds / 20);
    long next = System.nanoTime() + curve;
    while (System.nanoTime() < end) {
      Thread.sleep(500);
      long now = residentKiB();
      most.accumulateAndGet(now, Math::max);
      if (System.nanoTime() >= next) {
        next += curve;
        System.out.println("resident: " + now + " KiB");
      }
    }
    collections = collections() - collections;
    heap = allocated(clients) - heap;
    clients.forEach(c -> c.ended = true);
    for (Client c : clients) {
      c.join();
    }
    long requests = 0;
    for (int i = 0; i < targets.size(); i++) {
      Times all = new Times();
      Times run = new Times();
      for (Client c : clients) {
        all.addAll(c.waits[i]);
        run.addAll(c.runs[i]);
      }
      requests += all.count();
      int model = i;
      long bytes = clients.stream().mapToLong(c -> c.heap[model]).sum();
      say(targets.get(i).name + ".requests", all.count());
      say(targets.get(i).name + ".heap.bytes", bytes);
      quantiles(targets.get(i).name + ".answer", all);
      quantiles(targets.get(i).name + ".run", run);
    }
    say("requests", requests);
    say("wrong", clients.stream().mapToLong(c -> c.wrong).sum());
    say("collections", collections);
    say("rss.before.KiB", rss);
    say("rss.most.KiB", most.get());
    say("offheap.growth", Budget.used() - offHeap);
    say("heap.bytes.per.request", heap / Math.max(1, requests));
  }

  /**
   * Until two windows in a row allocate next to nothing, as compiled code does, at most {@code
   * longest} seconds: until then 64 threads leave the compiler little of the processors.
   */
  private static void warmUp(List<Client> clients, List<Target> targets, double longest)
      throws InterruptedException {
    long end = System.nanoTime() + (long) (1e9 * longest);
    int quiet = 0;
    while (quiet < 2 && System.nanoTime() < end) {
      long heap = allocated(clients);
      long requests = requests(targets);
      Thread.sleep(2000);
      long each = (allocated(clients) - heap) / Math.max(1, requests(targets) - requests);
      System.out.println("warming up: " + each + " bytes a request");
      quiet = each < SETTLED ? quiet + 1 : 0;
    }
  }

  private static long requests(List<Target> targets) {
    return targets.stream().mapToLong(t -> t.pool.borrowed()).sum();
  }

  private static List<Target> targets(Path models) throws IOException {
    Path silero = models.resolve("silero-vad/silero_vad.reference.safetensors");
    Path ultra = models.resolve("ultraface/version-RFB-320.reference.safetensors");
    Map<String, Tensor> speech = inputs(silero);
    Map<String, OnnxTensor> rate = Map.of("sr", OnnxTensor.of("sr", speech.get("sr")));
    Map<String, Tensor> varying = new HashMap<>(speech);
    varying.remove("sr");
    Map<String, Shape> shapes = new HashMap<>();
    varying.forEach((name, t) -> shapes.put(name, t.shape()));
    Tensor digit = Tensor.uniform(new Rng(1), 0, 1, Shape.of(1, 1, 28, 28));
    LSTM lstm = new LSTM(32, 64);
    Tensor series = Tensor.uniform(new Rng(2), -1, 1, Shape.of(1, 20, 32));
    return List.of(
        Target.of(
            "silero",
            OnnxModel.load(models.resolve("silero-vad/silero_vad.onnx")).compile(shapes, rate),
            varying),
        Target.of(
            "ultraface",
            OnnxModel.load(models.resolve("ultraface/version-RFB-320.onnx")).compile(),
            inputs(ultra)),
        Target.of(
            "mlp", Plan.compile(MnistNetworks.mlp(), Shape.of(1, 1, 28, 28)), Map.of("x", digit)),
        Target.of(
            "cnn", Plan.compile(MnistNetworks.cnn(), Shape.of(1, 1, 28, 28)), Map.of("x", digit)),
        Target.of(
            "lstm",
            Plan.compile(
                in -> Map.of("y", lstm.forward(in.getOrDefault("x", series), null).y()),
                Input.f32("x", 1, 20, 32)),
            Map.of("x", series)));
  }

  private static Map<String, Tensor> inputs(Path reference) throws IOException {
    Map<String, Tensor> inputs = new HashMap<>();
    SafeTensors.load(reference)
        .forEach(
            (name, t) -> {
              if (name.startsWith("in.")) {
                inputs.put(name.substring(3), t);
              }
            });
    return inputs;
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  private static long allocated(List<Client> clients) {
    return clients.stream().mapToLong(c -> BEAN.getThreadAllocatedBytes(c.threadId())).sum();
  }

  private static long residentKiB() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return 0;
  }

  private static void quantiles(String name, Times t) {
    System.out.printf(
        Locale.ROOT,
        "%s.us p50=%.1f p99=%.1f p99.9=%.1f p99.9/p50=%.2f%n",
        name,
        t.quantile(0.5) / 1e3,
        t.quantile(0.99) / 1e3,
        t.quantile(0.999) / 1e3,
        t.quantile(0.999) / t.quantile(0.5));
  }

  private static void say(String name, long value) {
    System.out.println(name + "=" + value);
  }
}
