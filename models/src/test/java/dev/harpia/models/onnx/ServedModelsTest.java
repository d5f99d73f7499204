package dev.harpia.models.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import com.sun.management.ThreadMXBean;
import dev.harpia.models.transformer.Gpt;
import dev.harpia.models.transformer.GptConfig;
import dev.harpia.nn.Activation;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Flatten;
import dev.harpia.nn.LSTM;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.MaxPool2d;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.io.onnx.OnnxExport;
import dev.harpia.nn.io.onnx.OnnxModel;
import dev.harpia.nn.io.onnx.OnnxTensor;
import dev.harpia.nn.plan.Input;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models as services run them: nothing on the heap, the same bits for any number of callers. */
class ServedModelsTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int CONTEXT = 64;

  @TempDir private Path folder = Path.of(".");

  private static Path shared(String name) {
    Path root = Path.of(System.getProperty("harpia.root", ".")).toAbsolutePath();
    for (Path p = root; p != null; p = p.getParent()) {
      Path file = p.resolve("shared/data/models").resolve(name);
      if (Files.exists(file)) {
        return file;
      }
    }
    return abort("skipped: no shared/data/models/" + name + " beside the checkout");
  }

  /** Bytes of so many runs, in the first of two windows without any, or in the last. */
  private static long steady(Plan plan, int runs) {
    Plan.Workspace w = plan.newWorkspace();
    fill(plan, w);
    return steady(w, plan.inputs(), runs);
  }

  private static long steady(Plan.Workspace w, List<String> names, int runs) {
    boolean decodes = names.contains("position");
    MemorySegment position = (decodes ? w.input("position") : Tensor.scalar(0)).segment();
    long last = -1;
    long start = System.nanoTime();
    while (System.nanoTime() - start < 60_000_000_000L) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < runs; i++) {
        if (decodes) {
          position.set(ValueLayout.JAVA_INT, 0, i % CONTEXT); // the text grows, then begins anew
        }
        w.run();
      }
      long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (bytes == 0 && last == 0) {
        return 0;
      }
      last = bytes;
    }
    return last;
  }

  private static void fill(Plan plan, Plan.Workspace w) {
    for (String name : plan.inputs()) {
      Tensor t = w.input(name);
      if (t.type() == DType.F32) {
        t.copyFrom(Tensor.uniform(new Rng(1), 0, 1, t.shape()));
      }
    }
  }

  /** The bits of the outputs, computed by several threads at once. */
  private static void sameForAllCallers(Plan plan) throws Exception {
    Callable<List<float[]>> call =
        () -> {
          Plan.Workspace w = plan.newWorkspace();
          fill(plan, w);
          for (int i = 0; i < 3; i++) {
            w.run();
          }
          List<float[]> all = new ArrayList<>();
          for (String name : plan.outputs()) {
            Tensor y = w.output(name);
            all.add(y.type() == DType.F32 ? y.toArray() : new float[0]);
          }
          return all;
        };
    List<float[]> alone = call.call();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<List<float[]>>> results = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        results.add(threads.submit(call));
      }
      for (Future<List<float[]>> r : results) {
        for (int k = 0; k < alone.size(); k++) {
          assertThat(r.get().get(k)).containsExactly(alone.get(k));
        }
      }
    }
  }

  private static Layer mlp() {
    return new Sequential(new Linear(784, 128), Activation.relu(), new Linear(128, 10));
  }

  private static Layer cnn() {
    return new Sequential(
        new Conv2d(1, 8, 3),
        Activation.relu(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(8 * 13 * 13, 10));
  }

  /** A token of a small GPT: the keys and values of earlier ones lie in the workspace. */
  private static Plan decoder(GptConfig config) {
    Gpt model = new Gpt(config);
    model.eval();
    List<Input> inputs = new ArrayList<>();
    inputs.add(Input.i32("token", 1, 1));
    inputs.add(Input.i32("position", 1));
    for (int i = 0; i < config.layers(); i++) {
      inputs.add(Input.f32("keys." + i, 1, CONTEXT, config.keyWidth()));
      inputs.add(Input.f32("values." + i, 1, CONTEXT, config.keyWidth()));
    }
    Plan.Computation step =
        in -> {
          List<Tensor> all = List.copyOf(in.values());
          List<Tensor> keys = new ArrayList<>();
          List<Tensor> values = new ArrayList<>();
          for (int i = 2; i < all.size(); i += 2) {
            keys.add(all.get(i));
            values.add(all.get(i + 1));
          }
          return Map.of(
              "logits", model.forward(all.get(0), all.get(1), new Gpt.Cache(keys, values)));
        };
    return Plan.compile(step, inputs.toArray(Input[]::new));
  }

  private static List<Plan> decoders() {
    return List.of(
        decoder(GptConfig.gpt2(31, CONTEXT, 2, 4, 32)),
        decoder(GptConfig.llama(31, CONTEXT, 2, 4, 2, 40)));
  }

  private static Plan magika() throws IOException {
    return OnnxModel.load(shared("magika/model.onnx")).compile();
  }

  private static Plan silero() throws IOException {
    OnnxTensor rate = OnnxTensor.of("sr", Tensor.of(new int[] {16000}, Shape.SCALAR));
    return OnnxModel.load(shared("silero-vad/silero_vad.onnx"))
        .compile(
            Map.of("input", Shape.of(1, 576), "state", Shape.of(2, 1, 128)), Map.of("sr", rate));
  }

  private static Plan ultraface() throws IOException {
    return OnnxModel.load(shared("ultraface/version-RFB-320.onnx")).compile();
  }

  @Test
  void smallModelsAllocateNothing() {
    assertThat(steady(Plan.compile(mlp(), Shape.of(1, 784)), 1000)).isZero();
    assertThat(steady(Plan.compile(cnn(), Shape.of(1, 1, 28, 28)), 1000)).isZero();
    assertThat(steady(Plan.compile(new LSTM(16, 32), Shape.of(1, 1, 16)), 1000)).isZero();
  }

  @Test
  void aDecodingStepAllocatesNothing() {
    for (Plan plan : decoders()) {
      assertThat(steady(plan, 250)).isZero();
    }
  }

  @Test
  @Tag("full")
  void theFileTypeModelAllocatesNothingOnceItIsWarm() throws Exception {
    assertThat(leftByServiceOf("magika")).isEqualTo("0");
  }

  @Test
  @Tag("full")
  void theSpeechModelAllocatesNothing() throws Exception {
    assertThat(leftByServiceOf("silero")).isEqualTo("0");
  }

  @Test
  @Tag("full")
  void theFaceModelAllocatesNothing() throws Exception {
    assertThat(leftByServiceOf("ultraface")).isEqualTo("0");
  }

  /** Prints what a model leaves on the heap in the end. */
  public static void main(String[] args) throws IOException {
    Plan plan =
        switch (args[0]) {
          case "magika" -> magika();
          case "silero" -> silero();
          default -> ultraface();
        };
    boolean warm = !args[0].equals("magika") || plan.warmup(Duration.ofSeconds(60));
    System.out.println(warm ? steady(plan, args[0].equals("silero") ? 200 : 20) : "not warm");
  }

  /**
   * In a JVM of its own, as a service is. Where other models ran first, what was compiled for their
   * shapes is thrown away at a new model's, and compiling anew can take minutes: a method's calls
   * are counted, and until they are many its vectors are boxed.
   */
  private static String leftByServiceOf(String model) throws Exception {
    shared(""); // skips where there are no models
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Dharpia.root=" + System.getProperty("harpia.root", "."),
                "-cp",
                System.getProperty("java.class.path"),
                ServedModelsTest.class.getName(),
                model)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines = process.inputReader()) {
      return lines.lines().reduce("", (first, last) -> last);
    }
  }

  @Test
  void callersDoNotDisturbEachOther() throws Exception {
    sameForAllCallers(Plan.compile(cnn(), Shape.of(1, 1, 28, 28)));
    for (Plan plan : decoders()) {
      sameForAllCallers(plan);
    }
    sameForAllCallers(silero());
    sameForAllCallers(ultraface());
  }

  @Test
  void writtenModelsAreTheSameModel() throws IOException {
    Path file = folder.resolve("cnn.onnx");
    Layer model = cnn();
    OnnxExport.save(model, Shape.of(1, 1, 28, 28), file);
    OnnxModel read = OnnxModel.load(file);
    assertThat(read.operators()).containsKeys("Conv", "Relu", "MaxPool", "Gemm");
    assertThat(read.constants().stream().map(OnnxTensor::name)).contains("0.weight", "4.bias");
    Tensor x = Tensor.normal(new Rng(1), 0, 1, Shape.of(1, 1, 28, 28));
    float[][] y = new float[2][];
    Plan[] plans = {Plan.compile(model, x.shape()), read.compile()};
    for (int i = 0; i < 2; i++) {
      Plan.Workspace w = plans[i].newWorkspace();
      w.input().copyFrom(x);
      w.run();
      y[i] = w.output().toArray();
    }
    assertThat(y[1]).containsExactly(y[0]);
  }

  @Test
  void facesAreFound() throws IOException {
    Detector detector = Detector.load(shared("ultraface/version-RFB-320.onnx"));
    List<Detector.Box> found =
        detector.find(ImageIO.read(shared("ultraface/1.jpg").toFile()), 0.7f);
    assertThat(found).isNotEmpty();
    for (Detector.Box b : found) {
      assertThat(b.left()).isLessThan(b.right());
      assertThat(b.top()).isLessThan(b.bottom());
    }
  }

  @Test
  void whatIsNoDetectorIsRefused() throws IOException {
    Path file = folder.resolve("mlp.onnx");
    OnnxExport.save(mlp(), Shape.of(1, 784), file);
    assertThatThrownBy(() -> Detector.load(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no detector");
  }
}
