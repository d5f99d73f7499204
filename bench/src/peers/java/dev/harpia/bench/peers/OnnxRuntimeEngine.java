package dev.harpia.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.harpia.bench.suite.Call;
import dev.harpia.bench.suite.Engine;
import dev.harpia.bench.suite.OnnxFiles;
import dev.harpia.bench.suite.StartProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** ONNX Runtime through its Java binding: inputs and outputs in direct buffers that stay. */
public final class OnnxRuntimeEngine implements Engine {
  /** Loads the libraries; other engines' processes find this engine, too, and must not. */
  private static final class Loaded {
    static final OrtEnvironment ENV = OrtEnvironment.getEnvironment();
  }

  /** For the service loader. */
  public OnnxRuntimeEngine() {}

  @Override
  public String name() {
    return "onnxruntime";
  }

  @Override
  public String version() {
    return Loaded.ENV.getVersion();
  }

  @Override
  public Optional<Call> open(String workload, int threads) throws Exception {
    return switch (workload) {
      case "1a" -> request(OnnxModels.mlp(1), threads, 10, 1, 784);
      case "1b" -> rerun(OnnxModels.mlp(64), threads, buffers("x", 64, 784), 64, 10);
      case "2b" -> request(OnnxModels.cnn(), threads, 10, 1, 1, 28, 28);
      case "3b" -> Optional.of(generation(threads));
      case "4c" -> Optional.of(sequence(threads));
      case "4d" -> Optional.of(new OnnxDecode(Loaded.ENV, session(OnnxGpt.step(), threads)));
      case "6" -> request(OnnxModels.resNet18(), threads, 1000, 1, 3, 224, 224);
      case "7b" -> request(OnnxModels.action(), threads, 2, 1, 4);
      default ->
          workload.startsWith("onnx-")
              ? file(workload, threads)
              : operation(workload.split("-"), threads);
    };
  }

  private Optional<Call> file(String workload, int threads) throws OrtException, IOException {
    Optional<Path> file = OnnxFiles.of(workload);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    OrtSession session = session(Files.readAllBytes(file.get()), threads);
    return Optional.of(new OnnxFileCall(Loaded.ENV, session, workload));
  }

  private Optional<Call> operation(String[] words, int threads) throws Exception {
    if (words.length < 2) {
      return Optional.empty();
    }
    int n =
        words.length < 3
            ? 1024
            : words[2].endsWith("M")
                ? Integer.parseInt(words[2].replace("M", "")) << 20
                : Integer.parseInt(words[2]);
    return switch (words[1]) {
      case "sgemm" -> {
        Map<String, OnnxTensor> in = buffers("x", n, n);
        in.putAll(buffers("b", n, n));
        yield rerun(OnnxModels.product(n), threads, in, n, n);
      }
      case "exp" -> rerun(OnnxModels.elementwise("Exp", n), threads, buffers("x", n), n);
      case "tanh" -> rerun(OnnxModels.elementwise("Tanh", n), threads, buffers("x", n), n);
      case "gelu" -> rerun(OnnxModels.elementwise("Gelu", n), threads, buffers("x", n), n);
      case "add" -> {
        Map<String, OnnxTensor> in = buffers("x", n);
        in.putAll(buffers("b", n));
        yield rerun(OnnxModels.elementwise("Add", n), threads, in, n);
      }
      case "softmax" -> rerun(OnnxModels.rows("Softmax"), threads, buffers("x", n, n), n, n);
      case "layernorm" ->
          rerun(OnnxModels.rows("LayerNormalization"), threads, buffers("x", n, n), n, n);
      case "sum" -> rerun(OnnxModels.sum(1 << 24), threads, buffers("x", 1 << 24), 1);
      default -> Optional.empty();
    };
  }

  private OrtSession session(byte[] model, int threads) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      return Loaded.ENV.createSession(model, options);
    }
  }

  /** One request: heap array in, heap array out. */
  private Optional<Call> request(byte[] model, int threads, int outputs, long... dims)
      throws OrtException {
    OrtSession session = session(model, threads);
    FloatBuffer x = random(dims);
    FloatBuffer y = floats(outputs);
    Map<String, OnnxTensor> in = Map.of("x", OnnxTensor.createTensor(Loaded.ENV, x, dims));
    Map<String, OnnxTensor> out =
        Map.of("y", OnnxTensor.createTensor(Loaded.ENV, y, new long[] {1, outputs}));
    float[] from = new float[x.capacity()];
    x.get(0, from);
    float[] to = new float[outputs];
    return Optional.of(
        () -> {
          x.put(0, from);
          session.run(in, out).close();
          y.get(0, to);
        });
  }

  /** Inputs stay where they are; ten outputs at most are read. */
  private Optional<Call> rerun(
      byte[] model, int threads, Map<String, OnnxTensor> in, long... outputs) throws OrtException {
    OrtSession session = session(model, threads);
    FloatBuffer y = floats(size(outputs));
    Map<String, OnnxTensor> out = Map.of("y", OnnxTensor.createTensor(Loaded.ENV, y, outputs));
    float[] first = new float[Math.min(10, y.capacity())];
    return Optional.of(
        () -> {
          session.run(in, out).close();
          y.get(0, first);
        });
  }

  private Call generation(int threads) throws OrtException, IOException {
    OrtSession session = session(OnnxModels.lstmStep(), threads);
    LongBuffer token = longs(1);
    FloatBuffer y = floats(83);
    OnnxTensor[] h = new OnnxTensor[2];
    OnnxTensor[] c = new OnnxTensor[2];
    long[] state = {1, 1, 1024};
    for (int i = 0; i < 2; i++) {
      h[i] = OnnxTensor.createTensor(Loaded.ENV, floats(1024), state);
      c[i] = OnnxTensor.createTensor(Loaded.ENV, floats(1024), state);
    }
    OnnxTensor x = OnnxTensor.createTensor(Loaded.ENV, token, new long[] {1, 1});
    OnnxTensor p = OnnxTensor.createTensor(Loaded.ENV, y, new long[] {1, 83});
    float[] probabilities = new float[83];
    int[] step = {0};
    return () -> {
      int now = step[0]++ & 1;
      token.put(0, step[0] % 83);
      session
          .run(
              Map.of("x", x, "h", h[now], "c", c[now]),
              Map.of("y", p, "hn", h[1 - now], "cn", c[1 - now]))
          .close();
      y.get(0, probabilities);
    };
  }

  private Call sequence(int threads) throws OrtException, IOException {
    OrtSession session = session(OnnxGpt.sequence(), threads);
    LongBuffer index = longs(OnnxGpt.LENGTH);
    Random random = new Random(1);
    for (int i = 0; i < index.capacity(); i++) {
      index.put(i, random.nextInt(OnnxGpt.VOCABULARY));
    }
    FloatBuffer y = floats(OnnxGpt.LENGTH * OnnxGpt.VOCABULARY);
    Map<String, OnnxTensor> in =
        Map.of("x", OnnxTensor.createTensor(Loaded.ENV, index, new long[] {1, OnnxGpt.LENGTH}));
    Map<String, OnnxTensor> out =
        Map.of(
            "y",
            OnnxTensor.createTensor(
                Loaded.ENV, y, new long[] {1, OnnxGpt.LENGTH, OnnxGpt.VOCABULARY}));
    float[] logits = new float[y.capacity()];
    return () -> {
      session.run(in, out).close();
      y.get(0, logits);
    };
  }

  private Map<String, OnnxTensor> buffers(String name, long... dims) throws OrtException {
    Map<String, OnnxTensor> map = new HashMap<>();
    map.put(name, OnnxTensor.createTensor(Loaded.ENV, random(dims), dims));
    return map;
  }

  private static FloatBuffer random(long... dims) {
    FloatBuffer b = floats(size(dims));
    Random random = new Random(1);
    for (int i = 0; i < b.capacity(); i++) {
      b.put(i, random.nextFloat());
    }
    return b;
  }

  static FloatBuffer floats(int n) {
    return ByteBuffer.allocateDirect(4 * n).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  static LongBuffer longs(int n) {
    return ByteBuffer.allocateDirect(8 * n).order(ByteOrder.nativeOrder()).asLongBuffer();
  }

  private static int size(long... dims) {
    long n = 1;
    for (long d : dims) {
      n *= d;
    }
    return Math.toIntExact(n);
  }

  /** As it comes, which unpacks its libraries at each start, and with libraries unpacked before. */
  @Override
  public List<StartProgram> starts(int threads) throws IOException {
    Path libraries = PeerLibraries.onnxRuntime();
    StartProgram plain =
        new StartProgram(
            "onnxruntime",
            "OnnxRuntimeStart",
            List.of("onnxruntime-"),
            List.of("--enable-native-access=ALL-UNNAMED", "-Dthreads=" + threads),
            "mlp.onnx",
            List.of(libraries));
    return List.of(
        plain,
        plain.with("onnxruntime, unpacked before", "-Donnxruntime.native.path=" + libraries));
  }
}
