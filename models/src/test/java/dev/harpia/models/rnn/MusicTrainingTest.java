package dev.harpia.models.rnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.models.music.TuneGrammar;
import dev.harpia.models.transformer.Sampling;
import dev.harpia.nn.train.EpochResult;
import dev.harpia.nn.train.History;
import dev.harpia.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MusicTrainingTest {
  @TempDir private Path dir;

  private static MusicSettings settings(int steps) {
    return new MusicSettings(
        MusicSettings.Preset.LAPTOP,
        CharRnn.Cell.GRU,
        8,
        24,
        steps,
        4,
        20,
        0.02,
        10,
        1,
        0,
        "X:",
        Sampling.at(0.8f),
        1);
  }

  /**
   * Tunes of which those that are held back are written otherwise, so that learning makes worse.
   */
  private MusicData data() throws IOException {
    StringBuilder text = new StringBuilder();
    int i = 0;
    for (String tune : TuneGrammar.compose(40, 3)) {
      boolean held = ++i % 20 == 0;
      text.append(held ? "X:9\nK:C\n" + "zAz2Bz3Cz4Dz".repeat(6) : tune).append("\n\n");
    }
    Path file = Files.writeString(dir.resolve("tunes.abc"), text);
    return MusicData.load(Optional.of(file), 20, 1);
  }

  @Test
  void theWeightsOfTheBestEpochAreLeft() throws IOException {
    MusicSettings s = settings(450);
    MusicData data = data();
    Rng.seed(1);
    CharRnn model = new CharRnn(s.cell(), data.tokenizer().size(), s.width(), s.hidden());
    MusicTraining training = new MusicTraining(s, data, model, dir);
    History history = training.run(false);
    assertThat(history.epochs()).hasSize(4); // the last fifty steps are not judged
    double best = history.epochs().stream().mapToDouble(EpochResult::loss).min().orElse(0);
    assertThat(training.validationLoss()).isCloseTo(best, within(1e-6));
    assertThat(training.finalValidationLoss())
        .isEqualTo(history.last().loss())
        .isGreaterThan(best + 0.1);
    assertThat(training.bestStep()).isLessThan(400);
    assertThat(
            history.epochs().stream()
                .filter(e -> e.steps() == training.bestStep())
                .findFirst()
                .orElseThrow()
                .loss())
        .isEqualTo(best);
  }
}
