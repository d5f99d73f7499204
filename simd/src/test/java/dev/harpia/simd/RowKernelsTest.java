package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every structured kernel against its double-precision reference, cold and hot, and in JVMs of
 * other kinds.
 */
final class RowKernelsTest {
  static Stream<RowCase> cases() {
    return RowCases.all().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheReference(RowCase kernel) {
    kernel.check();
  }

  @Test
  void bitsAreTheSameInterpretedCompiledAndForAnyNumberOfThreads() throws Exception {
    List<String> interpreted = RowCasesMain.child(List.of("-Xint"), "digest", "1");
    List<String> compiled = RowCasesMain.child(List.of(), "digest", "300");
    assertThat(interpreted).isNotEmpty();
    assertThat(compiled).isEqualTo(interpreted);
  }

  @Test
  void narrowerVectorsAgreeWithTheReferenceToo() throws Exception {
    assertThat(RowCasesMain.child(List.of("-XX:UseAVX=2"), "check", "1")).endsWith("ok");
    assertThat(RowCasesMain.child(List.of("-Dharpia.vector.bits=128"), "check", "1"))
        .endsWith("ok");
  }

  @Test
  void steadyCallsAllocateNothing() throws Exception {
    assertThat(RowCasesMain.child(List.of(), "allocation", "60")).endsWith("ok");
    assertThat(RowCasesMain.child(List.of("-XX:UseAVX=2"), "allocation", "60")).endsWith("ok");
  }
}
