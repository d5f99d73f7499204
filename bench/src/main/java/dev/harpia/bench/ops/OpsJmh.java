package dev.harpia.bench.ops;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The pairs of {@code ops} under JMH. Five forks: vector code can differ from JVM to JVM. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 5,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Dharpia.threads=1"
    })
public class OpsJmh {
  /** Name and size of a pair. */
  @Param({
    "add 1K",
    "add 16K",
    "add 1M",
    "exp 1K",
    "exp 16K",
    "exp 1M",
    "tanh 1K",
    "tanh 16K",
    "tanh 1M",
    "gelu 1K",
    "gelu 16K",
    "gelu 1M",
    "softmax 1K",
    "softmax 16K",
    "softmax 1M",
    "layer norm 1K",
    "layer norm 16K",
    "layer norm 1M",
    "sum 1K",
    "sum 16K",
    "sum 1M",
    "sgemm n=64",
    "sgemm n=128",
    "sgemm n=256",
    "sgemm n=512",
    "sgemm n=1024",
    "conv2d 1→24 64×28×28",
    "conv2d 24→36 64×13×13"
  })
  private String pair = "add 1K";

  private Runnable harpia = () -> {};
  private Runnable baseline = () -> {};

  /** For JMH. */
  public OpsJmh() {}

  /** Finds the pair. */
  @Setup
  public void prepare() {
    OpPair found = OpPairs.named(pair);
    harpia = found.harpia();
    baseline = found.baseline();
  }

  /** Vector kernels off the heap. */
  @Benchmark
  public void harpia() {
    harpia.run();
  }

  /** A loop over heap arrays. */
  @Benchmark
  public void heapLoop() {
    baseline.run();
  }
}
