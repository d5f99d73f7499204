package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
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

  static Stream<RowCase> largeCases() {
    return RowCases.large().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheReference(RowCase kernel) {
    kernel.check();
  }

  @Test
  void bitsAreTheSameInterpretedAndCompiled() throws Exception {
    List<String> interpreted = RowCasesMain.child(List.of("-Xint"), "digest", "1");
    List<String> compiled = RowCasesMain.child(List.of(), "digest", "100");
    assertThat(interpreted).isNotEmpty();
    assertThat(compiled).isEqualTo(interpreted);
  }

  @ParameterizedTest
  @MethodSource("largeCases")
  void bitsAreTheSameForAnyNumberOfThreads(RowCase kernel) {
    kernel.check();
    int one = Parallel.limit(1, kernel::digest);
    assertThat(Parallel.limit(2, kernel::digest)).isEqualTo(one);
    assertThat(Parallel.limit(4, kernel::digest)).isEqualTo(one);
  }

  @Test
  @Tag("full")
  void narrowerVectorsAgreeWithTheReferenceToo() throws Exception {
    assertThat(RowCasesMain.child(List.of("-XX:UseAVX=2"), "check", "1")).endsWith("ok");
    assertThat(RowCasesMain.child(List.of("-Dharpia.vector.bits=128"), "check", "1"))
        .endsWith("ok");
  }

  @Test
  @Tag("full")
  void steadyCallsAllocateNothing() throws Exception {
    for (List<String> options : List.of(List.<String>of(), List.of("-XX:UseAVX=2"))) {
      Child.inOneOfThree(
          () -> assertThat(RowCasesMain.child(options, "allocation", "60")).endsWith("ok"));
    }
  }
}
