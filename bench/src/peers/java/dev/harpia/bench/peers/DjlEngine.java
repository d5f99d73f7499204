package dev.harpia.bench.peers;

import dev.harpia.bench.suite.Caches;
import dev.harpia.bench.suite.Call;
import dev.harpia.bench.suite.Engine;
import dev.harpia.bench.suite.StartProgram;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** PyTorch through DJL: the same LibTorch as the other engine's, so only its start is measured. */
public final class DjlEngine implements Engine {
  /** For the service loader. */
  public DjlEngine() {}

  @Override
  public String name() {
    return "djl";
  }

  @Override
  public String version() {
    return "0.34.0";
  }

  @Override
  public boolean startsOnly() {
    return true;
  }

  @Override
  public Optional<Call> open(String workload, int threads) {
    return Optional.empty();
  }

  @Override
  public List<StartProgram> starts(int threads) {
    Path cache = Caches.folder("peers").resolve("djl");
    return List.of(
        new StartProgram(
            "djl",
            "DjlStart",
            List.of(
                "api-",
                "pytorch-engine-",
                "pytorch-jni-",
                "pytorch-native-cpu-",
                "gson-",
                "jna-",
                "slf4j-api-",
                "commons-compress-",
                "commons-codec-",
                "commons-io-"),
            List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-DENGINE_CACHE_DIR=" + cache,
                "-DOPT_OUT_TRACKING=true",
                "-Dai.djl.offline=true",
                "-Dai.djl.pytorch.num_threads=" + threads),
            "",
            List.of(cache)));
  }
}
