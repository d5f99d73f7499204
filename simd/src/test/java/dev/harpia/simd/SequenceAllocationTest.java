package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In a steady state recurrent and attention passes allocate nothing on the heap. */
class SequenceAllocationTest {
  static List<SequenceCases.Case> cases() {
    return SequenceCases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  @Timeout(120)
  void allocatesNothing(SequenceCases.Case c) {
    assertThat(Parallel.limit(1, () -> KernelAllocationMain.steady(c.call())))
        .as(c.name())
        .isZero();
  }
}
