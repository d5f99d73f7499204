package dev.harpia.models.transformer;

import dev.harpia.nn.data.TextVocabulary;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** A text as numbers: nine tenths to learn from, the last tenth to be judged by. */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier
record TextData(String name, CharTokenizer tokenizer, int[] train, int[] validation) {
  private static final int COMPOSED = 200_000;

  /** Inputs and targets, each [N, T]. */
  record Windows(Tensor x, Tensor y) {}

  /** A file's text, or one that is composed. */
  static TextData load(Optional<Path> file, int context, long seed) throws IOException {
    String text =
        file.isPresent() ? TextVocabulary.read(file.get()) : StoryGrammar.compose(COMPOSED, seed);
    String name = file.map(Path::toString).orElse("composed");
    int least = 20 * (context + 1);
    if (text.length() < least) {
      throw new IllegalArgumentException(
          "%s: a text of %d characters: it must have at least %d for a context of %d"
              .formatted(name, text.length(), least, context));
    }
    CharTokenizer tokenizer = CharTokenizer.of(text);
    int[] all = tokenizer.encode(text);
    int cut = (int) (all.length * 0.9);
    return new TextData(
        name, tokenizer, Arrays.copyOf(all, cut), Arrays.copyOfRange(all, cut, all.length));
  }

  /** Windows at random places of the training text. */
  Windows draw(Rng rng, int count, int length) {
    int[] starts = new int[count];
    Arrays.setAll(starts, i -> rng.below(train.length - length));
    return windows(train, starts, length);
  }

  /** Windows side by side over the validation text, at most so many, evenly spread. */
  Windows held(int index, int of, int count, int length) {
    int[] starts = new int[count];
    long room = (long) validation.length - length - 1;
    Arrays.setAll(starts, i -> (int) (room * ((long) index * count + i) / ((long) of * count)));
    return windows(validation, starts, length);
  }

  private static Windows windows(int[] text, int[] starts, int length) {
    int[] x = new int[starts.length * length];
    int[] y = new int[x.length];
    for (int i = 0; i < starts.length; i++) {
      System.arraycopy(text, starts[i], x, i * length, length);
      System.arraycopy(text, starts[i] + 1, y, i * length, length);
    }
    Shape shape = Shape.of(starts.length, length);
    return new Windows(Tensor.of(x, shape), Tensor.of(y, shape));
  }

  /** The validation text's cross entropy under the training text's character frequencies. */
  double unigramLoss() {
    double[] p = new double[tokenizer.size()];
    Arrays.fill(p, 1.0 / (train.length + p.length)); // each counted once more: none is impossible
    for (int t : train) {
      p[t] += 1.0 / (train.length + p.length);
    }
    return Arrays.stream(validation).mapToDouble(t -> -Math.log(p[t])).average().orElse(0);
  }
}
