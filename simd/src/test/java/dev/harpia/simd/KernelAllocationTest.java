package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steady state: no kernel, driver or reduction allocates on the heap. */
class KernelAllocationTest {
  private static final List<KernelAllocationMain.Calls> ALL = KernelAllocationMain.all();

  static IntStream cases() {
    return IntStream.range(0, ALL.size());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void callsAllocateNothing(int number) throws Exception {
    KernelAllocationMain.Calls calls = ALL.get(number);
    if (calls.bytes() != 0) {
      Child.inOneOfThree(
          () ->
              assertThat(Child.run(List.of(), KernelAllocationMain.class, "" + number))
                  .as(calls.name())
                  .isEmpty());
    }
  }
}
