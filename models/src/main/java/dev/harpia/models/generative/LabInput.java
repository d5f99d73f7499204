package dev.harpia.models.generative;

import dev.harpia.models.data.DigitData;
import dev.harpia.models.data.SyntheticDigits;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the labs of digits take: where the digits come from, and by whom samples are judged.
 *
 * @param data a directory with MNIST's files, {@code download}, or nothing: digits are drawn
 * @param limit use the first so many pictures only
 * @param judge the weights of a judge that an earlier run has left; without them one is trained
 * @param compare directories of other runs, whose samples are judged beside ours
 */
public record LabInput(
    Optional<String> data, Optional<Integer> limit, Optional<Path> judge, List<Path> compare) {
  /** Copies the list and checks the limit. */
  public LabInput {
    compare = List.copyOf(compare);
    if (limit.isPresent() && limit.get() < 100) {
      throw new IllegalArgumentException(
          "limit: " + limit.get() + ": must be at least 100, or there is nothing to judge by");
    }
  }

  /** The digits, of several classes: a judge tells them apart. Drawn ones follow from the seed. */
  public DigitData digits(long seed, PrintWriter log) throws IOException {
    return load(seed, log).ofSeveralClasses();
  }

  private DigitData load(long seed, PrintWriter log) throws IOException {
    if (limit.isEmpty()) {
      return DigitData.load(data, seed, log::println);
    }
    int count = limit.get();
    if (data.isPresent()) {
      return DigitData.load(data, seed, log::println).first(count);
    }
    // the first of all that would be drawn, without drawing the others
    return new DigitData(
        "synthetic", SyntheticDigits.train(count, seed), SyntheticDigits.test(count, seed));
  }
}
