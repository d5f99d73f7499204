package dev.harpia.models.generative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.models.data.DigitData;
import dev.harpia.models.data.SyntheticDigits;
import dev.harpia.nn.data.LabelledImages;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleScoreTest {
  private static SampleScore of(double... shares) {
    return new SampleScore("m", 100, 0.9, shares, 1, OptionalDouble.empty());
  }

  @Test
  void collapseIsAMissingClassOrOneWithMoreThanAQuarter() {
    double[] even = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    assertThat(of(even).collapsed()).isFalse();
    assertThat(of(even).classes()).isEqualTo(10);
    assertThat(of(0, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1).collapsed()).isTrue();
    assertThat(of(0.26, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.04).collapsed()).isTrue();
    assertThat(of(0.25, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05).collapsed()).isFalse();
  }

  @Test
  void confidenceAndSharesFollowFromProbabilities() {
    Verdict verdict =
        new Verdict(
            new float[][] {{0.9f, 0.1f}, {0.3f, 0.7f}, {0.6f, 0.4f}, {0.8f, 0.2f}},
            new float[4][1]);
    assertThat(verdict.classes()).containsExactly(0, 1, 0, 0);
    assertThat(verdict.confidence()).isCloseTo(0.75, within(1e-6));
    assertThat(verdict.shares()).containsExactly(new double[] {0.75, 0.25}, within(1e-12));
  }

  @Test
  void aLimitThatLeavesNothingToJudgeBy() {
    assertThatThrownBy(
            () -> new LabInput(Optional.empty(), Optional.of(99), Optional.empty(), List.of()))
        .hasMessage("limit: 99: must be at least 100, or there is nothing to judge by");
  }

  @Test
  @Tag("full")
  void aJudgeKnowsDigitsFromNoiseAndComesBackFromItsFile(@TempDir Path dir) throws IOException {
    LabelledImages test = SyntheticDigits.test(500, 1);
    DigitData digits = new DigitData("synthetic", SyntheticDigits.train(2500, 1), test);
    DigitJudge judge = DigitJudge.train(digits);
    assertThat(judge.accuracy()).isGreaterThan(0.85);
    SampleScore real = judge.score("real", DigitJudge.pictures(SyntheticDigits.test(500, 2)), 0);
    SampleScore noise = judge.score("noise", Tensor.uniform(200, 1, 28, 28), 0);
    assertThat(real.collapsed()).isFalse();
    assertThat(real.frechet()).isLessThan(0.1 * noise.frechet());
    judge.save(dir.resolve("judge.safetensors"));
    DigitJudge again = DigitJudge.load(dir.resolve("judge.safetensors"), digits);
    assertThat(again.accuracy()).isEqualTo(judge.accuracy());
  }
}
