package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolutions against their definition in double precision; bits; allocation. */
class ConvKernelsTest {
  static Stream<ConvShape> cases() {
    return ConvCases.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheDefinition(ConvShape s) {
    ConvChecks.forward(s);
    ConvChecks.backwardData(s);
    ConvChecks.backwardWeight(s);
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

  @Test
  void choosesEachLayoutSomewhere() {
    assumeTrue(Vectors.LANES >= 8, "planes of this width fill vectors of 4 lanes by themselves");
    // images fill the lanes and planes are narrow
    assertThat(
            TapPlan.forward(new ConvShape(64, 36, 8, 8, 72, 3, 3, 2, 2, 1, 1, 1, 1, 1))
                .planes
                .batch)
        .isTrue();
    ConvShape wide = new ConvShape(1, 64, 56, 56, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1);
    assertThat(TapPlan.forward(wide).planes.batch).isFalse();
    // channels fill vectors
    assertThat(ForwardPlan.of(wide)).isInstanceOf(ChannelPlan.class);
    // weights that are packed once can also be transformed
    assertThat(ForwardPlan.packed(wide)).isInstanceOf(WinogradPlan.class);
    ConvShape few = new ConvShape(1, 64, 56, 56, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1);
    assertThat(ForwardPlan.of(few)).isInstanceOf(TapPlan.class);
  }

  @Test
  void choosesChannelsForNarrowPlanes() {
    ConvShape narrow = new ConvShape(1, 64, 7, 7, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1);
    assertThat(ForwardPlan.of(narrow)).isInstanceOf(ChannelPlan.class);
    assertThat(ConvForward.pools(narrow)).isTrue();
  }

  @Test
  void sharesSmallConvolutionsOutEvenly() {
    // three vectors of channels as two tiles: neither bands nor tiles alone are halves
    TaskSplit split = TaskSplit.of(10, 2, new double[] {69_120, 44_928}, true);
    assertThat(split.blocks()).isEqualTo(2);
    assertThat(split.band()).isLessThan(10);
    // too little to hand out at all
    assertThat(TaskSplit.of(4, 1, new double[] {1_000}, true)).isEqualTo(new TaskSplit(4, 1));
  }

  @Test
  @Tag("full")
  void bitsAreTheSameInterpretedCompiledAndForAnyNumberOfThreads() throws Exception {
    List<String> interpreted = ConvChild.run(List.of("-Xint", "-Dharpia.threads=1"), "digest", 1);
    assertThat(interpreted).hasSizeGreaterThan(20);
    assertThat(ConvChild.run(List.of("-Dharpia.threads=2"), "digest", 20)).isEqualTo(interpreted);
    assertThat(ConvChild.run(List.of("-Dharpia.threads=4"), "digest", 2)).isEqualTo(interpreted);
  }

  @Test
  @Tag("full")
  void narrowerVectorsAgreeToo() throws Exception {
    assertThat(ConvChild.run(List.of("-XX:UseAVX=2"), "check", 1)).endsWith("ok");
    assertThat(ConvChild.run(List.of("-Dharpia.vector.bits=128"), "check", 1)).endsWith("ok");
  }

  @Test
  void steadyCallsAllocateNothing() throws Exception {
    assertThat(ConvChild.run(List.of(), "allocation", 60)).endsWith("ok");
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new ConvShape(1, 3, 4, 4, 8, 5, 5, 1, 1, 0, 0, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "conv: input 4×4 with padding 0×0 is smaller than the kernel 5×5 with dilation 1×1");
    assertThatThrownBy(() -> new ConvShape(1, 3, 4, 4, 8, 3, 3, 1, 1, 0, 0, 1, 1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("conv: 3 and 8 channels: groups = 2 must divide both");
  }
}
