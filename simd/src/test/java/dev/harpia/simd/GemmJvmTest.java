package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Products in other kinds of JVM. */
@Tag("full")
class GemmJvmTest {
  @Test
  void bitsAreTheSameInterpretedCompiledAndForAnyNumberOfThreads() throws Exception {
    List<String> cold = GemmMain.child(List.of("-Xint", "-Dharpia.threads=1"), "digest", "1");
    List<String> hot = GemmMain.child(List.of("-Dharpia.threads=4"), "digest", "100");
    assertThat(cold).hasSizeGreaterThan(30);
    assertThat(hot).isEqualTo(cold);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:UseAVX=2", "-Dharpia.vector.bits=128", "-Dharpia.threads=3"})
  void otherVectorWidthsAndPoolsAreRight(String option) throws Exception {
    assertThat(GemmMain.child(List.of(option), "check", "1")).endsWith("ok");
  }

  @Test
  void steadyCallsAllocateNothing() throws Exception {
    Child.inOneOfThree(
        () ->
            assertThat(GemmMain.child(List.of("-Dharpia.threads=2"), "allocation", "60"))
                .endsWith("ok"));
  }
}
