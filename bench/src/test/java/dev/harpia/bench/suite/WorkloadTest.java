package dev.harpia.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.bench.harpia.HarpiaEngine;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  private static List<String> matching(String wanted) {
    return Workload.all().stream().filter(w -> w.matches(wanted)).map(Workload::id).toList();
  }

  @Test
  void idsAreUnique() {
    assertThat(matching("")).doesNotHaveDuplicates().hasSize(35);
  }

  @Test
  void anIdOrItsNumberSelects() {
    assertThat(matching("2a")).containsExactly("2a");
    assertThat(matching("4")).containsExactly("4a", "4b", "4c", "4d");
    assertThat(matching("8-sgemm")).hasSize(4);
    assertThat(matching("onnx")).hasSize(5).contains("onnx-silero");
    assertThat(matching("9")).containsExactly("9");
    assertThat(matching("10")).isEmpty();
  }

  @Test
  void smallWorkloadsRun() throws Exception {
    for (String id : List.of("1a", "1b", "2b", "7a", "7b", "8-sgemm-64", "onnx-mlp")) {
      Call call = new HarpiaEngine().open(id, 1).orElseThrow();
      call.run();
      call.run();
    }
  }

  @Test
  void anUnknownWorkloadIsNotRun() throws Exception {
    assertThat(new HarpiaEngine().open("8-nothing", 1)).isEmpty();
  }

  @Test
  void aPeerThatWasNotBuiltInIsNamedWithTheCommandThatBuildsIt() {
    assertThatThrownBy(() -> Engines.chosen("dl4j"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("part of this build");
    assertThatThrownBy(() -> Engines.chosen("torch"))
        .hasMessage("--peer torch: must be one of [pytorch, onnxruntime, djl, dl4j], all or none");
  }
}
