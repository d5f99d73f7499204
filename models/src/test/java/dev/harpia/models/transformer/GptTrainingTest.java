package dev.harpia.models.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.nn.io.SafeTensors;
import dev.harpia.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GptTrainingTest {
  @TempDir private Path dir;

  private static GptSettings settings(int steps, long seed) {
    return GptSettings.of(GptSettings.Preset.LAPTOP, Optional.of(steps), Optional.of(2), seed);
  }

  /** A model with dropout, so that the stream of random numbers matters. */
  private GptTraining training(GptSettings s, Gpt[] model) throws IOException {
    Path file = Files.writeString(dir.resolve("text.txt"), "the owl sees the owl!\n".repeat(60));
    TextData text = TextData.load(Optional.of(file), 8, 1);
    Rng.seed(s.seed());
    model[0] = new Gpt(GptConfig.gpt2(text.tokenizer().size(), 8, 1, 2, 16).withDropout(0.2f));
    return new GptTraining(s, text, model[0]);
  }

  @Test
  void aResumedRunGoesOnToTheSameBits() throws IOException {
    GptSettings s = settings(40, 3);
    Path half = dir.resolve("half.safetensors");
    Gpt[] straight = new Gpt[1];
    GptTraining all = training(s, straight);
    int judged = 0;
    while (all.step() < 40) {
      judged += all.advance() ? 1 : 0;
      if (all.step() == 17) {
        all.save(half);
      }
    }
    assertThat(judged).isEqualTo(20);
    Gpt[] resumed = new Gpt[1];
    GptTraining rest = training(s, resumed);
    rest.restore(half);
    assertThat(rest.step()).isEqualTo(17);
    while (rest.step() < 40) {
      rest.advance();
    }
    straight[0]
        .state()
        .forEach(
            (name, t) ->
                assertThat(resumed[0].state().getOrDefault(name, t).toArray())
                    .as(name)
                    .isEqualTo(t.toArray()));
    assertThat(resumed[0].state()).isNotSameAs(straight[0].state());
    for (int i = 0; i < 20; i++) {
      GptTraining.Point a = all.points().get(i);
      GptTraining.Point b = rest.points().get(i);
      assertThat(b.step()).isEqualTo(a.step());
      assertThat(b.train()).isEqualTo(a.train());
      assertThat(b.validation()).isEqualTo(a.validation());
    }
    assertThat(all.points().getLast().train()).isLessThan(all.points().getFirst().train());
  }

  @Test
  void aCheckpointOfAnotherRun() throws IOException {
    Gpt[] model = new Gpt[1];
    Path file = dir.resolve("other.safetensors");
    training(settings(40, 3), model).save(file);
    assertThatThrownBy(() -> training(settings(50, 4), model).restore(file))
        .hasMessageContaining(
            "other.safetensors: a checkpoint of another run: it has steps 40, this run has 50;"
                + " seed 3, this run has 4; a run goes on only as it was begun");
    SafeTensors.save(Map.of(), Map.of("format", "pt"), file);
    assertThatThrownBy(() -> training(settings(40, 3), model).restore(file))
        .hasMessageContaining("it has format pt, this run has harpia-gpt-training-1; preset none");
  }
}
