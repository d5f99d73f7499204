package dev.harpia.nn.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How an epoch went.
 *
 * @param epoch its number, from 1
 * @param steps batches learned since training began
 * @param trainLoss the mean loss of the examples learned from, each at its turn
 * @param train metrics of the outputs while learning, by name
 * @param validLoss the mean loss of the validation examples, if there are any
 * @param valid metrics of the validation examples, by name
 * @param rate the learning rate of the last step
 * @param examples examples learned from
 * @param trainSeconds the time for learning
 * @param seconds the time for all, validation included
 */
public record EpochResult(
    long epoch,
    long steps,
    double trainLoss,
    Map<String, Double> train,
    OptionalDouble validLoss,
    Map<String, Double> valid,
    double rate,
    long examples,
    double trainSeconds,
    double seconds) {
  /** Keeps the maps' order, and copies them. */
  public EpochResult {
    train = Collections.unmodifiableMap(new LinkedHashMap<>(train));
    valid = Collections.unmodifiableMap(new LinkedHashMap<>(valid));
  }

  /** The loss by which the epoch is judged: validation's if there is one, else training's. */
  public double loss() {
    return validLoss.orElse(trainLoss);
  }

  /**
   * A figure by the name that logs give it: {@code loss}, {@code train_loss}, {@code valid_loss},
   * {@code rate}, {@code train_accuracy}, {@code valid_accuracy} and so on for each metric; a bare
   * metric name means validation's, or training's where nothing is validated.
   */
  public double figure(String name) {
    switch (name) {
      case "loss" -> {
        return loss();
      }
      case "train_loss" -> {
        return trainLoss;
      }
      case "rate" -> {
        return rate;
      }
      case "valid_loss" -> {
        if (validLoss.isPresent()) {
          return validLoss.getAsDouble();
        }
      }
      default -> {
        Double value =
            name.startsWith("train_")
                ? train.get(name.substring(6))
                : name.startsWith("valid_")
                    ? valid.get(name.substring(6))
                    : valid.getOrDefault(name, train.get(name));
        if (value != null) {
          return value;
        }
      }
    }
    throw new IllegalArgumentException(
        "no figure " + name + "; there are loss, rate and " + figures().keySet());
  }

  /** All figures by the names that logs give them. */
  public Map<String, Double> figures() {
    Map<String, Double> all = new LinkedHashMap<>();
    all.put("train_loss", trainLoss);
    train.forEach((name, v) -> all.put("train_" + name, v));
    validLoss.ifPresent(v -> all.put("valid_loss", v));
    valid.forEach((name, v) -> all.put("valid_" + name, v));
    return all;
  }

  /** Examples learned from in a second. */
  public double examplesPerSecond() {
    return examples / trainSeconds;
  }
}
