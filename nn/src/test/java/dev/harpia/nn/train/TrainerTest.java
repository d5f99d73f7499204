package dev.harpia.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Dropout;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.data.Dataset;
import dev.harpia.nn.data.TensorDataset;
import dev.harpia.nn.optim.Adam;
import dev.harpia.nn.optim.SGD;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainerTest {
  /** Points in the plane; the class tells whether they are inside the unit circle. */
  static Dataset circle(int n, long seed) {
    Rng rng = new Rng(seed);
    float[][] x = new float[n][2];
    int[] y = new int[n];
    for (int i = 0; i < n; i++) {
      x[i][0] = 3 * rng.uniform() - 1.5f;
      x[i][1] = 3 * rng.uniform() - 1.5f;
      y[i] = x[i][0] * x[i][0] + x[i][1] * x[i][1] < 1 ? 1 : 0;
    }
    return new TensorDataset(Tensor.of(x), Tensor.of(y));
  }

  private static Sequential model(long seed) {
    Rng.seed(seed);
    return new Sequential(
        new Linear(2, 16), Activation.relu(), new Dropout(0.05f), new Linear(16, 2));
  }

  private static float[] weights(Sequential model) {
    return ((Linear) model.get(0)).parameters().getFirst().value().toArray();
  }

  @Test
  void itLearnsACircleAndTellsHow() {
    Sequential model = model(1);
    List<Event> events = new ArrayList<>();
    History history =
        new Trainer(model, Loss::crossEntropy, new Adam(model.parameters(), 0.01))
            .validate(DataLoader.of(circle(500, 2), 100), Metric.accuracy())
            .callbacks((event, _) -> events.add(event))
            .fit(DataLoader.of(circle(1000, 1), 32).shuffle(3), 20);
    assertThat(history.epochs()).hasSize(20);
    EpochResult last = history.last();
    assertThat(last.figure("accuracy")).isGreaterThan(0.95);
    assertThat(last.figure("train_accuracy")).isGreaterThan(0.93);
    assertThat(last.trainLoss()).isLessThan(0.5 * history.epochs().getFirst().trainLoss());
    assertThat(last.steps()).isEqualTo(20 * 32);
    assertThat(last.examples()).isEqualTo(1000);
    assertThat(last.rate()).isEqualTo(0.01);
    assertThat(history.best().loss())
        .isEqualTo(history.epochs().stream().mapToDouble(EpochResult::loss).min().orElseThrow());
    assertThat(model.training()).isFalse();
    assertThat(events.getFirst()).isEqualTo(new Event.Started(0, 20, 32, false));
    assertThat(events.getLast()).isInstanceOf(Event.Finished.class);
    assertThat(events.stream().filter(Event.StepDone.class::isInstance)).hasSize(640);
    assertThat(events.stream().filter(Event.EpochDone.class::isInstance)).hasSize(20);
    assertThat(events.stream().filter(Event.ValidationStep.class::isInstance)).hasSize(100);
    assertThatThrownBy(() -> last.figure("f1"))
        .hasMessage(
            "no figure f1; there are loss, rate and [train_loss, train_accuracy, valid_loss,"
                + " valid_accuracy]");
  }

  @Test
  void validationIsWhatEvaluationGives() {
    Sequential model = model(1);
    Dataset test = circle(130, 9);
    Trainer trainer =
        new Trainer(model, Loss::crossEntropy, new SGD(model.parameters(), 0.1))
            .validate(DataLoader.of(test, 32), Metric.accuracy());
    EpochResult last = trainer.fit(DataLoader.of(circle(64, 1), 16), 1).last();
    Scores scores = trainer.evaluate(DataLoader.of(test, 130), Metric.accuracy());
    assertThat(scores.examples()).isEqualTo(130);
    // Means of batches against the mean of all: sums in another order.
    assertThat(scores.loss()).isCloseTo(last.loss(), within(1e-5));
    assertThat(scores.metric("accuracy")).isEqualTo(last.figure("valid_accuracy"));
    assertThatThrownBy(() -> scores.metric("x")).hasMessage("no metric x; there are [accuracy]");
  }

  @Test
  void oneSeedGivesTheSameBits() {
    List<float[]> runs = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Sequential model = model(7);
      new Trainer(model, Loss::crossEntropy, new Adam(model.parameters(), 0.01))
          .fit(DataLoader.of(circle(200, 1), 32).shuffle(3), 3);
      runs.add(weights(model));
    }
    assertThat(runs.get(0)).isEqualTo(runs.get(1));
  }

  @Test
  void accumulatedBatchesMoveAsOneLargeBatch() {
    List<float[]> runs = new ArrayList<>();
    for (int k : new int[] {1, 4}) {
      Rng.seed(7);
      Sequential model = new Sequential(new Linear(2, 2));
      SGD sgd = new SGD(model.parameters(), 0.1);
      List<Boolean> moved = new ArrayList<>();
      new Trainer(model, Loss::crossEntropy, sgd)
          .accumulate(k)
          .callbacks(
              (event, _) -> {
                if (event instanceof Event.StepDone s) {
                  moved.add(s.moved());
                }
              })
          .fit(DataLoader.of(circle(64, 1), 32 / k), 2);
      assertThat(sgd.steps()).isEqualTo(4);
      assertThat(moved).hasSize(4 * k).filteredOn(m -> m).hasSize(4);
      runs.add(weights(model));
    }
    for (int i = 0; i < 4; i++) {
      assertThat(runs.get(1)[i]).isCloseTo(runs.get(0)[i], within(1e-5f)); // other order of sums
    }
  }

  @Test
  void earlyStoppingStopsAndPutsTheBestWeightsBack() {
    Rng.seed(1);
    Sequential model = new Sequential(new Linear(2, 2));
    List<float[]> weights = new ArrayList<>();
    EarlyStopping early = new EarlyStopping(3);
    History history =
        new Trainer(model, Loss::crossEntropy, new SGD(model.parameters(), 30))
            .validate(DataLoader.of(circle(100, 2), 100))
            .callbacks(
                (event, _) -> {
                  if (event instanceof Event.EpochDone) {
                    weights.add(weights(model));
                  }
                },
                early)
            .fit(DataLoader.of(circle(100, 1), 10).shuffle(1), 1000);
    int epochs = history.epochs().size();
    assertThat(epochs).isLessThan(1000).isEqualTo((int) early.bestEpoch() + 3);
    assertThat(history.best().epoch()).isEqualTo(early.bestEpoch());
    assertThat(weights(model)).isEqualTo(weights.get((int) early.bestEpoch() - 1));
    assertThatThrownBy(() -> new EarlyStopping(0)).hasMessageContaining("patience 0");
  }

  @Test
  void callbacksCanStopInTheMiddleOfAnEpochAndTheirExceptionsEndTheRun() {
    Sequential model = model(1);
    Trainer trainer = new Trainer(model, Loss::crossEntropy, new SGD(model.parameters(), 0.1));
    trainer.callbacks(
        (event, training) -> {
          if (event instanceof Event.StepDone s && s.step() == 5) {
            training.stop("enough");
          }
          if (event instanceof Event.Finished f) {
            throw new IllegalStateException(f.reason() + " after " + f.history().epochs().size());
          }
        });
    assertThatThrownBy(() -> trainer.fit(DataLoader.of(circle(64, 1), 8), 3))
        .hasMessage("enough after 0");
  }

  @Test
  void aLossThatIsNotANumberEndsTheRun() {
    Sequential model = new Sequential(new Linear(2, 2));
    Trainer trainer =
        new Trainer(
            model,
            (y, t) -> Loss.crossEntropy(y, t).mul(Float.NaN),
            new SGD(model.parameters(), 0.1));
    assertThatThrownBy(() -> trainer.fit(DataLoader.of(circle(8, 1), 8), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("fit: the loss is NaN in epoch 1, batch 1: a lower learning rate");
  }

  @Test
  void wrongArgumentsAreNamed() {
    Sequential model = model(1);
    Trainer trainer = new Trainer(model, Loss::crossEntropy, new SGD(model.parameters(), 0.1));
    assertThatThrownBy(() -> trainer.fit(DataLoader.of(circle(8, 1), 8), -1))
        .hasMessage("fit: epochs -1 must be at least 0");
    assertThatThrownBy(() -> trainer.fit(DataLoader.of(circle(8, 1).first(0), 8), 1))
        .hasMessageContaining("no batches: the data set has 0 examples");
    assertThatThrownBy(() -> trainer.accumulate(0)).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> trainer.metrics(Metric.accuracy(), Metric.accuracy()))
        .hasMessageContaining("two have the same name");
  }

  private static String progress(boolean bar, long nanosPerLook) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long[] now = {0};
    Sequential model = model(1);
    new Trainer(model, Loss::crossEntropy, new SGD(model.parameters(), 0.1))
        .validate(DataLoader.of(circle(64, 2), 32), Metric.accuracy())
        .callbacks(
            new Progress(
                new PrintStream(bytes, true, StandardCharsets.UTF_8),
                bar,
                () -> now[0] += nanosPerLook))
        .fit(DataLoader.of(circle(64, 1), 16), 2);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void progressIsABarOnATerminal() {
    String text = progress(true, 1_000_000_000);
    assertThat(text).contains("\r" + "epoch 1/2 [======                  ] 1/4  ");
    assertThat(text).contains("epoch 2/2 [========================] 4/4  ");
    assertThat(text).containsPattern("ETA \\d\\.\\ds  loss \\d\\.\\d{4}  accuracy \\d\\.\\d{4}");
    assertThat(text).contains("2/2  validating");
  }

  @Test
  void progressIsPlainLinesElsewhere() {
    List<String> lines = progress(false, 1_000_000).lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0))
        .matches(
            "epoch 1/2  \\d.*s  \\d+(\\.\\d)?/s  train loss \\d\\.\\d{4}  train accuracy"
                + " \\d\\.\\d{4}  valid loss \\d\\.\\d{4}  valid accuracy \\d\\.\\d{4}");
    assertThat(String.join("", lines)).doesNotContain("\r", "\u001b");
  }

  @Test
  void progressWritesNumbersForPeople() {
    assertThat(Progress.time(3.21)).isEqualTo("3.2s");
    assertThat(Progress.time(75)).isEqualTo("1:15");
    assertThat(Progress.time(3_600 * 26 + 61)).isEqualTo("26:01:01");
    assertThat(Progress.rate(1000, 0)).isEqualTo("0.0/s");
    assertThat(Progress.rate(12_345, 1)).isEqualTo("12345/s");
    assertThat(Progress.number(1e-5)).isEqualTo("1.000e-05");
    assertThat(Progress.number(Double.NaN)).isEqualTo("NaN");
  }
}
