package dev.harpia.bench.harpia;

import dev.harpia.bench.suite.Caches;
import dev.harpia.bench.suite.Call;
import dev.harpia.bench.suite.Engine;
import dev.harpia.bench.suite.StartProgram;
import dev.harpia.models.run.Machine;
import dev.harpia.tensor.Rng;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Harpia itself. */
public final class HarpiaEngine implements Engine {
  /** The engine. */
  public HarpiaEngine() {}

  @Override
  public String name() {
    return "harpia";
  }

  @Override
  public String version() {
    return Machine.version() + ", gemm " + Machine.gemm();
  }

  @Override
  public Optional<Call> open(String workload, int threads) throws IOException {
    Rng.seed(1);
    return switch (workload) {
      case "1a" -> Optional.of(Mlp.one());
      case "1b" -> Optional.of(Mlp.batch());
      case "2a" -> Optional.of(Cnn.training());
      case "2b" -> Optional.of(Cnn.one());
      case "3a" -> Optional.of(CharLstm.steps());
      case "3b" -> Optional.of(CharLstm.generation());
      case "4a" -> Optional.of(GptRuns.training(true));
      case "4b" -> Optional.of(GptRuns.training(false));
      case "4c" -> Optional.of(GptRuns.forward());
      case "4d" -> Optional.of(GptRuns.decode());
      case "5" -> Optional.of(ConvVae.steps());
      case "6" -> Optional.of(ResNet18.one());
      case "7a" -> Optional.of(Dqn.training());
      case "7b" -> Optional.of(Dqn.action());
      default -> workload.startsWith("onnx-") ? OnnxRuns.open(workload) : SingleOps.open(workload);
    };
  }

  /** OpenBLAS is on the class path, as in a user's program, though this model does not need it. */
  @Override
  public List<StartProgram> starts(int threads) {
    List<String> libraries =
        List.of(
            "harpia-nn-",
            "harpia-simd-",
            "harpia-ffi-blas-",
            "jackson-core-",
            "protobuf-java-",
            "openblas-0.3.31-");
    List<String> options =
        List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Dharpia.threads=" + threads);
    List<Path> unpacked = List.of(Caches.folder("openblas"));
    return List.of(
        new StartProgram("harpia", "HarpiaStart", libraries, options, "mlp.safetensors", unpacked),
        new StartProgram(
            "harpia, .onnx", "HarpiaOnnxStart", libraries, options, "mlp.onnx", unpacked));
  }
}
