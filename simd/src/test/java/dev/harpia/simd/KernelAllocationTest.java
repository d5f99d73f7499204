package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
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

  /** The options by which this JVM's vectors are as wide as they are. */
  private static List<String> widthOptions() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(o -> o.startsWith("-XX:UseAVX") || o.startsWith("-Dharpia.vector"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void callsAllocateNothing(int number) throws Exception {
    KernelAllocationMain.Calls calls = ALL.get(number);
    if (calls.bytes() != 0) {
      Child.inOneOfThree(
          () ->
              assertThat(Child.run(widthOptions(), KernelAllocationMain.class, "" + number))
                  .as(calls.name())
                  .isEmpty());
    }
  }
}
