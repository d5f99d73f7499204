package dev.harpia.bench.peers;

import dev.harpia.bench.suite.Call;
import dev.harpia.bench.suite.Engine;
import dev.harpia.bench.suite.StartProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch;

/** LibTorch through bytedeco's bindings, on the official libraries (MKL, oneDNN). */
public final class TorchEngine implements Engine {
  /** For the service loader. */
  public TorchEngine() {}

  @Override
  public String name() {
    return "pytorch";
  }

  @Override
  public String version() {
    return torch.TORCH_VERSION_MAJOR
        + "."
        + torch.TORCH_VERSION_MINOR
        + "."
        + torch.TORCH_VERSION_PATCH;
  }

  /** Puts the official libraries under the bindings, which bring slower ones of their own. */
  @Override
  public List<String> jvmOptions(int threads) throws IOException {
    Path libraries = PeerLibraries.torch();
    return List.of(
        "-Dorg.bytedeco.javacpp.pathsFirst=true",
        "-Djava.library.path=" + libraries,
        "-Dorg.bytedeco.javacpp.cachedir=" + libraries.resolveSibling("javacpp"));
  }

  @Override
  public Optional<Call> open(String workload, int threads) {
    torch.set_num_threads(threads);
    torch.manual_seed(1);
    return switch (workload) {
      case "1a" -> Optional.of(TorchModels.mlpOne());
      case "1b" -> Optional.of(TorchModels.mlpBatch());
      case "2a" -> Optional.of(TorchModels.cnnTraining());
      case "2b" -> Optional.of(TorchModels.cnnOne());
      case "3a" -> Optional.of(TorchLstm.training());
      case "3b" -> Optional.of(TorchLstm.generation());
      case "4a" -> Optional.of(TorchGpt.training(true));
      case "4b" -> Optional.of(TorchGpt.training(false));
      case "4c" -> Optional.of(TorchGpt.sequence());
      case "4d" -> Optional.of(TorchGpt.decode());
      case "5" -> Optional.of(TorchVae.training());
      case "6" -> Optional.of(TorchModels.resNet18());
      case "7a" -> Optional.of(TorchModels.dqn());
      case "7b" -> Optional.of(TorchModels.action());
      default -> TorchOps.open(workload);
    };
  }

  @Override
  public List<StartProgram> starts(int threads) throws IOException {
    Path libraries = PeerLibraries.torch();
    List<String> options = new ArrayList<>(jvmOptions(threads));
    options.add("--enable-native-access=ALL-UNNAMED");
    options.add("-Dthreads=" + threads);
    return List.of(
        new StartProgram(
            "pytorch",
            "TorchStart",
            List.of("pytorch-2", "pytorch-native-cpu-", "javacpp-", "openblas-"),
            options,
            "",
            List.of(libraries, libraries.resolveSibling("javacpp"))));
  }
}
