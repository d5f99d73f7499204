package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Convolutions against their definition in double precision. Tolerance: 1e-5 of the largest result
 * (at least of 1), far above what float sums of some thousand terms lose and far below any wrong
 * index.
 */
class ConvKernelsTest {
  static Stream<ConvShape> cases() {
    return ConvCases.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void forward(ConvShape s) {
    ConvData d = new ConvData(s);
    double[] want = ConvReference.forward(s, d.x, d.w, d.b);
    ConvMemory y = ConvMemory.empty(want.length);
    ConvForward.run(s, d.nx.address(), d.nw.address(), d.nb.address(), false, false, y.address());
    ConvData.close(want, y);

    float[] before = ConvMemory.random(want.length, 9);
    ConvMemory sum = ConvMemory.of(before);
    ConvForward.run(s, d.nx.address(), d.nw.address(), d.nb.address(), false, true, sum.address());
    double[] added = want.clone();
    double[] positive = want.clone();
    for (int i = 0; i < want.length; i++) {
      added[i] += before[i];
      positive[i] = Math.max(0, want[i]);
    }
    ConvData.close(added, sum);
    ConvMemory relu = ConvMemory.empty(want.length);
    ConvForward.run(s, d.nx.address(), d.nw.address(), d.nb.address(), true, false, relu.address());
    ConvData.close(positive, relu);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void packedWeightsGiveTheSameBits(ConvShape s) {
    ConvData d = new ConvData(s);
    int size = s.n() * s.co() * s.oh() * s.ow();
    ConvMemory y = ConvMemory.empty(size);
    ConvForward.run(s, d.nx.address(), d.nw.address(), 0, false, false, y.address());
    ConvMemory packed = ConvMemory.empty((int) (ConvForward.packedBytes(s) / 4));
    ConvForward.packWeights(s, d.nw.address(), packed.address());
    ConvMemory again = ConvMemory.empty(size);
    ConvForward.runPacked(s, d.nx.address(), packed.address(), 0, false, false, again.address());
    assertThat(again.ints()).isEqualTo(y.ints());
    assertThat(packed.intact()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void backwardData(ConvShape s) {
    ConvData d = new ConvData(s);
    double[] want = ConvReference.backwardData(s, d.gy, d.w);
    ConvMemory gx = ConvMemory.empty(want.length);
    ConvBackwardData.run(s, d.ngy.address(), d.nw.address(), gx.address(), false);
    ConvData.close(want, gx);
    gx = ConvMemory.of(d.x);
    ConvBackwardData.run(s, d.ngy.address(), d.nw.address(), gx.address(), true);
    for (int i = 0; i < want.length; i++) {
      want[i] += d.x[i];
    }
    ConvData.close(want, gx);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void backwardWeight(ConvShape s) {
    ConvData d = new ConvData(s);
    double[] want = ConvReference.backwardWeight(s, d.x, d.gy);
    ConvMemory gw = ConvMemory.empty(want.length);
    ConvMemory gb = ConvMemory.empty(s.co());
    ConvBackwardWeight.run(
        s, d.nx.address(), d.ngy.address(), gw.address(), gb.address(), false, false);
    ConvData.close(want, gw);
    ConvData.close(ConvReference.backwardBias(s, d.gy), gb);
    gw = ConvMemory.of(d.w);
    ConvBackwardWeight.run(s, d.nx.address(), d.ngy.address(), gw.address(), 0, true, false);
    for (int i = 0; i < want.length; i++) {
      want[i] += d.w[i];
    }
    ConvData.close(want, gw);
  }
}
