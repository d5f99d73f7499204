package dev.harpia.models.rnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.harpia.models.music.AbcTunes;
import dev.harpia.models.transformer.Sampler;
import dev.harpia.models.transformer.Sampling;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CharRnnTest {
  @Test
  void hasTheLabsParameters() {
    assertThat(new CharRnn(83, 256, 1024).parameterCount()).isEqualTo(5_357_395);
  }

  @Test
  void generationIsTheForwardPass() {
    Rng.seed(1);
    CharRnn model = new CharRnn(11, 6, 9);
    RnnGenerator g = new RnnGenerator(model);
    int[] prompt = {3, 1, 4};
    int[] out = g.generate(prompt, 12, new Sampler(Sampling.GREEDY, 11, new Rng(1)), t -> true);
    int[] all = Arrays.copyOf(prompt, 15);
    System.arraycopy(out, 0, all, 3, 12);
    try (var _ = Scope.inference()) {
      float[] logits = model.forward(Tensor.of(all).reshape(1, 15)).toArray();
      for (int i = 3; i < 15; i++) {
        float[] row = Arrays.copyOfRange(logits, 11 * (i - 1), 11 * i);
        float max = Float.NEGATIVE_INFINITY;
        for (float z : row) {
          max = Math.max(max, z);
        }
        assertThat(row[all[i]]).isGreaterThan(max - 1e-5f); // within rounding of the largest
      }
    }
    assertThat(g.generate(prompt, 12, new Sampler(Sampling.GREEDY, 11, new Rng(1)), t -> false))
        .containsExactly(out[0]);
    assertThatThrownBy(
            () ->
                g.generate(new int[0], 1, new Sampler(Sampling.GREEDY, 11, new Rng(1)), t -> true))
        .hasMessageContaining("must have a token");
  }

  @Test
  void aStateCarriesThePast() {
    Rng.seed(2);
    CharRnn model = new CharRnn(11, 6, 9);
    int[] t = {1, 2, 3, 4, 5, 6};
    try (var _ = Scope.inference()) {
      float[] whole = model.forward(Tensor.of(t).reshape(1, 6)).slice(1, 3, 6).toArray();
      CharRnn.State state = model.forward(Tensor.of(1, 2, 3).reshape(1, 3), null).state();
      float[] rest = model.forward(Tensor.of(4, 5, 6).reshape(1, 3), state).logits().toArray();
      for (int i = 0; i < rest.length; i++) {
        assertThat(Math.abs(rest[i] - whole[i])).isLessThan(1e-6f);
      }
    }
  }

  @Test
  void cutsTunesAtBlankLines() {
    assertThat(AbcTunes.cut("X:1\nabc\n\nX:2\ndef\n\nX:3\nunfinished"))
        .containsExactly("X:1\nabc", "X:2\ndef");
    assertThat(AbcTunes.cut("no end")).isEmpty();
    assertThat(AbcTunes.cut("")).isEmpty();
  }

  @Test
  void cutsTheLabsCorpusAsTheLabDoes() throws IOException {
    Path file = Path.of("..", "..", "shared", "data", "mit-6s191", "irish.abc");
    assumeTrue(Files.exists(file), "the music lab's corpus is not in ../shared");
    var tunes = AbcTunes.cut(Files.readString(file));
    assertThat(tunes).hasSize(817);
    assertThat(String.join("\n\n", tunes)).hasSize(200_679);
  }
}
