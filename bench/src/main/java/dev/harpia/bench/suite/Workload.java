package dev.harpia.bench.suite;

import java.util.ArrayList;
import java.util.List;

/**
 * A workload of the suite.
 *
 * @param id as in the table of definitions
 * @param work what one call does, in {@code unit}s: samples, tokens, 10⁹ operations or bytes
 */
public record Workload(String id, String title, Kind kind, double work, String unit) {
  /** How long to warm up, in seconds. */
  public enum Kind {
    /** One answer to one request. */
    LATENCY(2, 4096),
    /** A training step, or a long generation. */
    STEP(3, 1 << 20),
    /** A single operation. */
    OP(0.7, 4096),
    /** From the start of a JVM to the first answer. */
    START(0, 0);

    final double warmup;

    /** Heap bytes that a call of compiled code stays below. */
    final double usualBytes;

    Kind(double warmup, double usualBytes) {
      this.warmup = warmup;
      this.usualBytes = usualBytes;
    }
  }

  /** All, in the suite's order. */
  public static List<Workload> all() {
    List<Workload> all = new ArrayList<>();
    all.add(new Workload("1a", "MLP, batch 1", Kind.LATENCY, 1, "samples/s"));
    all.add(new Workload("1b", "MLP, batch 64", Kind.LATENCY, 64, "samples/s"));
    all.add(new Workload("2a", "CNN training step", Kind.STEP, 64, "samples/s"));
    all.add(new Workload("2b", "CNN, batch 1", Kind.LATENCY, 1, "samples/s"));
    all.add(new Workload("3a", "char-LSTM training step", Kind.STEP, 800, "tokens/s"));
    all.add(new Workload("3b", "LSTM generation step", Kind.LATENCY, 1, "tokens/s"));
    all.add(new Workload("4a", "GPT-mini training step", Kind.STEP, 2048, "tokens/s"));
    all.add(new Workload("4b", "GPT-mini forward, backward", Kind.STEP, 2048, "tokens/s"));
    all.add(new Workload("4c", "GPT-mini forward, 256", Kind.STEP, 256, "tokens/s"));
    all.add(new Workload("4d", "GPT-mini decode", Kind.STEP, 255, "tokens/s"));
    all.add(new Workload("5", "conv-VAE training step", Kind.STEP, 32, "samples/s"));
    all.add(new Workload("6", "ResNet-18, batch 1", Kind.LATENCY, 1, "samples/s"));
    all.add(new Workload("7a", "DQN step", Kind.STEP, 64, "samples/s"));
    all.add(new Workload("7b", "DQN action", Kind.LATENCY, 1, "actions/s"));
    for (int n : new int[] {64, 256, 1024, 2048}) {
      all.add(op("8-sgemm-" + n, "sgemm n = " + n, 2e-9 * n * n * n, "GFLOP/s"));
    }
    for (int power : new int[] {20, 24}) {
      double elements = 1e-9 * (1 << power);
      String size = (1 << (power - 20)) + "M";
      for (String f : new String[] {"exp", "tanh", "gelu"}) {
        all.add(op("8-" + f + "-" + size, f + ", " + size, 8 * elements, "GB/s"));
      }
      all.add(op("8-add-" + size, "add, " + size, 12 * elements, "GB/s"));
    }
    double square = 8e-9 * (1 << 20);
    all.add(op("8-softmax", "softmax 1024×1024", square, "GB/s"));
    all.add(op("8-layernorm", "layer norm 1024×1024", square, "GB/s"));
    all.add(op("8-sum", "sum, 16M", 4e-9 * (1 << 24), "GB/s"));
    for (String model : new String[] {"mlp", "cnn", "silero", "magika", "ultraface"}) {
      all.add(new Workload("onnx-" + model, model + ".onnx, batch 1", Kind.LATENCY, 1, "calls/s"));
    }
    all.add(new Workload("9", "start to first MLP result", Kind.START, 1, "starts/s"));
    return all;
  }

  private static Workload op(String id, String title, double work, String unit) {
    return new Workload(id, title, Kind.OP, work, unit);
  }

  /** Whether the user means this one: its id, or the number that its id begins with. */
  boolean matches(String wanted) {
    return wanted.isEmpty()
        || id.equals(wanted)
        || id.startsWith(wanted + "-")
        || (wanted.length() == 1 && id.startsWith(wanted));
  }
}
