package dev.harpia.nn.learning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Dropout;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.data.Csv;
import dev.harpia.nn.data.CsvTable;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.data.Missing;
import dev.harpia.nn.data.TableEncoder;
import dev.harpia.nn.data.TensorDataset;
import dev.harpia.nn.optim.AdamW;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.nn.train.Metric;
import dev.harpia.nn.train.Scores;
import dev.harpia.nn.train.Trainer;
import dev.harpia.tensor.Rng;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks learn from real tables what the tables are known to teach. */
@Tag("full")
class TablesTest {
  private static final long[] SEEDS = {
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10
  }; // of weights, order and split

  @TempDir Path dir;

  /** Mean accuracy on the 30 % of the rows that were not learned from. */
  private static double accuracy(CsvTable table, TableEncoder.Builder builder, int epochs) {
    double sum = 0;
    for (long seed : SEEDS) {
      CsvTable.Split split = table.split(0.7, seed);
      TableEncoder encoder = builder.fit(split.first());
      TensorDataset train = encoder.dataset(split.first());
      Rng.seed(seed);
      var model =
          new Sequential(
              new Linear(encoder.width(), 32),
              Activation.relu(),
              new Dropout(0.2f),
              new Linear(32, encoder.classes().size()));
      DataLoader loader = DataLoader.of(train, 16).shuffle(seed);
      long steps = (long) epochs * loader.batches();
      var optimizer = new AdamW(model.parameters(), Schedule.cosine(0.01, 10, steps));
      Trainer trainer = new Trainer(model, Loss::crossEntropy, optimizer);
      trainer.fit(loader, epochs);
      TensorDataset test = encoder.dataset(split.second());
      sum += trainer.evaluate(DataLoader.of(test, 64), Metric.accuracy()).metric("accuracy");
    }
    return sum / SEEDS.length;
  }

  @Test
  void iris() throws IOException {
    CsvTable table = new Csv().noHeader().read(Tables.find("iris.csv"));
    assertThat(accuracy(table, TableEncoder.classes("4").others(), 60)).isGreaterThan(0.95);
  }

  @Test
  void wine() throws IOException {
    CsvTable table = new Csv().noHeader().read(Tables.find("wine.csv"));
    assertThat(accuracy(table, TableEncoder.classes("13").others(), 40)).isGreaterThan(0.95);
  }

  /** Whether a pupil passes, from all that is known before the last examination. */
  @Test
  void studentsWhoPass() throws IOException {
    CsvTable read = new Csv().read(Tables.find("student-mat.csv"));
    CsvTable table =
        read.with("pass", i -> Integer.parseInt(read.get(i, "G3")) >= 10 ? "yes" : "no")
            .without("G3");
    double majority = 0;
    for (int i = 0; i < table.size(); i++) {
      majority += table.get(i, "pass").equals("yes") ? 1.0 / table.size() : 0;
    }
    assertThat(majority).isBetween(0.6, 0.7);
    assertThat(accuracy(table, TableEncoder.classes("pass").others(), 20))
        .isGreaterThan(majority + 0.1);
  }

  /** The median value of a district's houses. */
  @Test
  void californiaHousing() throws IOException {
    CsvTable table = new Csv().read(california(Tables.find("california-housing.csv.gz")));
    assertThat(table.size()).isEqualTo(20_640);
    CsvTable.Split split = table.split(0.8, 1);
    TableEncoder encoder =
        TableEncoder.regression("median_house_value")
            .others()
            .missing(Missing.FILL)
            .fit(split.first());
    assertThat(encoder.inputs()).contains("ocean_proximity=INLAND").hasSize(13);
    Rng.seed(1);
    var model =
        new Sequential(
            new Linear(13, 64),
            Activation.relu(),
            new Linear(64, 64),
            Activation.relu(),
            new Linear(64, 1));
    DataLoader loader = DataLoader.of(encoder.dataset(split.first()), 64).shuffle(1);
    int epochs = 15;
    var rate = Schedule.cosine(3e-3, 100, (long) epochs * loader.batches());
    Trainer trainer = new Trainer(model, Loss::mse, new AdamW(model.parameters(), rate));
    trainer.fit(loader, epochs);
    Scores scores =
        trainer.evaluate(DataLoader.of(encoder.dataset(split.second()), 512), Metric.r2());
    assertThat(scores.metric("r2")).isGreaterThan(0.75);
  }

  /** This copy of the table stands between {@code b'} and {@code '}, as its producer printed it. */
  private Path california(Path packed) throws IOException {
    String text;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    String[] lines = text.split("\n");
    assertThat(lines[0]).startsWith("b'");
    lines[0] = lines[0].substring(2);
    boolean closed = lines[lines.length - 1].equals("'");
    return Files.write(
        dir.resolve("california.csv"),
        Arrays.asList(lines).subList(0, lines.length - (closed ? 1 : 0)));
  }
}
