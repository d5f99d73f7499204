package dev.harpia.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.simd.Multiply;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JDK's flight recorder sees of plans, scopes and products; and that it costs nothing. */
class FlightRecordingTest {
  @TempDir private Path folder;

  private final Sequential model =
      new Sequential(new Linear(12, 8), Activation.relu(), new Linear(8, 4));

  private List<RecordedEvent> record(Recording recording, Runnable body) throws IOException {
    Path file = folder.resolve("recording.jfr");
    try (recording) {
      recording.start();
      body.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(e -> e.getEventType().getName().startsWith("dev.harpia."))
        .toList();
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream().filter(e -> e.getEventType().getName().equals(name)).toList();
  }

  @Test
  void compiling_and_running_plans_are_events() throws IOException {
    List<RecordedEvent> events =
        record(
            new Recording(),
            () -> {
              Plan.Workspace w = Plan.compile(model, Shape.of(1, 12)).newWorkspace();
              w.run();
              w.run();
            });
    RecordedEvent compile = named(events, "dev.harpia.PlanCompile").getFirst();
    assertThat(compile.getString("plan")).contains("[x] -> [y]");
    assertThat(compile.getInt("steps")).isPositive();
    assertThat(compile.getInt("rewritings"))
        .isEqualTo(3); // linear and relu, and the packing of two weights
    assertThat(compile.getLong("workspace")).isPositive();
    assertThat(compile.getString("gemm")).isEqualTo(Multiply.implementation());
    assertThat(compile.getDuration()).isPositive();
    List<RecordedEvent> runs = named(events, "dev.harpia.PlanRun");
    assertThat(runs).hasSize(2);
    assertThat(runs.getFirst().getString("plan")).isEqualTo(compile.getString("plan"));
    assertThat(runs.getFirst().getInt("steps")).isEqualTo(2);
  }

  @Test
  void scopes_tell_their_peak() throws IOException {
    List<RecordedEvent> events =
        record(
            new Recording(),
            () -> {
              try (var _ = Scope.open("outer")) {
                Tensor.zeros(1 << 18); // 1 MiB
                for (int i = 0; i < 3; i++) {
                  try (var _ = Scope.open("inner")) {
                    Tensor.zeros(1 << 19); // 2 MiB, one after the other
                  }
                }
              }
            });
    List<RecordedEvent> scopes = named(events, "dev.harpia.Scope");
    assertThat(scopes).hasSize(4);
    long mib = 1 << 20;
    for (RecordedEvent inner : scopes.subList(0, 3)) {
      assertThat(inner.getString("scope")).isEqualTo("scope \"inner\"");
      assertThat(inner.getLong("peak")).isBetween(2 * mib, 2 * mib + 8192);
    }
    assertThat(scopes.get(3).getString("scope")).isEqualTo("scope \"outer\"");
    assertThat(scopes.get(3).getLong("peak")).isBetween(3 * mib, 3 * mib + 16384);
  }

  @Test
  void products_are_events_for_who_asks() throws IOException {
    Tensor a = Tensor.normal(30, 20);
    Tensor b = Tensor.normal(20, 10);
    assertThat(named(record(new Recording(), () -> a.matmul(b)), "dev.harpia.MatrixProduct"))
        .isEmpty();
    Recording recording = new Recording();
    recording.enable("dev.harpia.MatrixProduct");
    RecordedEvent product =
        named(record(recording, () -> a.matmul(b)), "dev.harpia.MatrixProduct").getFirst();
    assertThat(product.getInt("m")).isEqualTo(30);
    assertThat(product.getInt("n")).isEqualTo(10);
    assertThat(product.getInt("k")).isEqualTo(20);
    assertThat(product.getString("implementation")).isEqualTo("vector");
  }

  @Test
  void without_a_recording_nothing_is_allocated() throws IOException {
    Plan.Workspace w = Plan.compile(model, Shape.of(3, 12)).newWorkspace();
    record(new Recording(), w::run); // the event classes are instrumented from here on
    assertThat(Heap.steady(w::run)).isZero();
    Tensor a = Tensor.normal(9, 9);
    assertThat(
            Heap.steady(
                () ->
                    Multiply.run(
                        false,
                        false,
                        9,
                        9,
                        9,
                        1,
                        a.address(),
                        9,
                        a.address(),
                        9,
                        0,
                        w.input().address(),
                        9)))
        .isZero();
  }
}
