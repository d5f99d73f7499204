package dev.harpia.models.cnn;

import dev.harpia.models.data.ShapeScenes;
import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Fonts;
import dev.harpia.models.picture.ImageGrid;
import dev.harpia.models.picture.Pixels;
import dev.harpia.models.report.Learning;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.Cpu;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.Machine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.nn.Loss;
import dev.harpia.nn.data.Batch;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.optim.Adam;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.nn.train.EpochResult;
import dev.harpia.nn.train.History;
import dev.harpia.nn.train.Progress;
import dev.harpia.nn.train.Trainer;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Trains a U-Net to say of every pixel of a drawn scene what it belongs to. */
public final class SegmentLab {
  private static final int CLASSES = ShapeScenes.NAMES.size();
  private static final int SHOWN = 6;
  private static final int[] COLOURS = {0x1F2937, 0xF59E0B, 0x3B82F6, 0x10B981};

  private final SegmentSettings settings;
  private final RunDirectory run;
  private final PrintWriter log;

  /** A lab with its settings, its directory, and where it says what it does. */
  public SegmentLab(SegmentSettings settings, RunDirectory run, PrintWriter log) {
    this.settings = settings;
    this.run = run;
    this.log = log;
  }

  /** Trains, judges, and leaves the results in the run's directory. */
  public SegmentReport run() throws IOException {
    long start = System.nanoTime();
    Rng.seed(settings.seed());
    UNet net = new UNet(3, CLASSES, settings.width(), 3);
    ShapeScenes learned = ShapeScenes.train(settings.scenes(), settings.seed());
    ShapeScenes judged = ShapeScenes.test(Math.max(1, settings.scenes() / 4), settings.seed());
    String data =
        String.format(
            Locale.ROOT,
            "synthetic scenes of %d × %d: %,d to learn from, %,d to be judged by",
            ShapeScenes.SIDE,
            ShapeScenes.SIDE,
            learned.count(),
            judged.count());
    log.println(settings.describe());
    log.println(data);
    DataLoader train = DataLoader.of(learned.dataset(), settings.batch()).shuffle(settings.seed());
    DataLoader test = DataLoader.of(judged.dataset(), settings.batch());
    long steps = (long) settings.epochs() * train.batches();
    Learning learning = new Learning();
    History history =
        new Trainer(
                net,
                SegmentLab::loss,
                new Adam(net.parameters(), Schedule.cosine(settings.rate(), steps / 20, steps)))
            .validate(test, new MeanIou(CLASSES))
            .callbacks(new Progress(), learning)
            .fit(train, settings.epochs());
    MeanIou verdict = new MeanIou(CLASSES);
    double loss = judge(net, test, verdict);
    double ground = Arrays.stream(judged.classes()).filter(c -> c == 0).count();
    double examples = history.epochs().stream().mapToDouble(EpochResult::examples).sum();
    double seconds = history.epochs().stream().mapToDouble(EpochResult::trainSeconds).sum();
    SegmentReport report =
        new SegmentReport(
            verdict.value(),
            verdict.accuracy(),
            ground / judged.classes().length,
            loss,
            examples / seconds,
            (System.nanoTime() - start) / 1e9,
            settings,
            run.path().toString());
    page(report, data, history, learning, verdict, net, judged);
    Fonts.problem().ifPresent(log::println);
    StringBuilder metrics = new StringBuilder();
    for (EpochResult epoch : history.epochs()) {
      JsonLine line = new JsonLine().put("epoch", epoch.epoch());
      epoch.figures().forEach(line::put);
      metrics.append(line.put("seconds", epoch.trainSeconds())).append('\n');
    }
    JsonLine last =
        report
            .json()
            .put("settings", settings.describe())
            .put("parameters", net.parameterCount())
            .put("harpia", Machine.version())
            .put("java", Runtime.version().toString())
            .put("cpu", Cpu.detect().model());
    run.text("metrics.json", metrics.append(last).append('\n').toString());
    run.save("model.safetensors", file -> SafeTensors.save(net, file));
    run.publish();
    return report;
  }

  /** The mean over all pixels: logits [N, C, H, W], classes [N, H, W]. */
  private static Tensor loss(Tensor logits, Tensor classes) {
    return Loss.crossEntropy(logits.permute(0, 2, 3, 1), classes);
  }

  private static double judge(UNet net, DataLoader test, MeanIou verdict) {
    net.eval();
    double sum = 0;
    int n = 0;
    for (Batch batch : test) {
      try (var _ = Scope.inference()) {
        Tensor logits = net.forward(batch.x());
        sum += batch.size() * loss(logits, batch.y()).item();
        n += batch.size();
        verdict.add(logits, batch.y());
      }
    }
    return sum / n;
  }

  private void page(
      SegmentReport report,
      String data,
      History history,
      Learning learning,
      MeanIou verdict,
      UNet net,
      ShapeScenes judged)
      throws IOException {
    double[] iou = new double[CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      iou[c] = verdict.of(c);
    }
    new Report(
            run,
            "A class for every pixel",
            String.format(
                Locale.ROOT,
                "%.2f %% of the test pixels are called right; the mean intersection over union of"
                    + " the classes is %.3f.",
                100 * report.accuracy(),
                report.meanIou()),
            settings.seed())
        .fact("data", data)
        .fact("settings", settings.describe())
        .fact("result", report.text().lines().findFirst().orElse(""))
        .section("What it sees")
        .picture(
            "scenes.png",
            "Test scenes; what is in them (disc amber, square blue, triangle green); what the"
                + " network says; where it is wrong.",
            () -> scenes(net, judged))
        .chart(
            "iou.png",
            Chart.bars(
                "Intersection over union",
                "",
                "IoU",
                ShapeScenes.NAMES,
                List.of(Chart.series("IoU", iou))))
        .section("How it learned")
        .chart("loss.png", Learning.loss(history, "cross-entropy in nats"))
        .chart("mean-iou.png", Learning.percent(history, "mean_iou", "Mean IoU", "percent"))
        .chart("steps.png", learning.steps("cross-entropy in nats"))
        .section("The network")
        .code("", net.summary(Shape.of(1, 3, ShapeScenes.SIDE, ShapeScenes.SIDE)))
        .write();
  }

  private static BufferedImage scenes(UNet net, ShapeScenes set) {
    int side = ShapeScenes.SIDE;
    int plane = side * side;
    int shown = Math.min(SHOWN, set.count());
    float[] pictures = Arrays.copyOf(set.pictures(), shown * 3 * plane);
    int[] called;
    try (var _ = Scope.inference()) {
      called =
          net.forward(Tensor.of(pictures, Shape.of(shown, 3, side, side))).argmax(1).toIntArray();
    }
    List<BufferedImage> plain = new ArrayList<>();
    List<BufferedImage> truth = new ArrayList<>();
    List<BufferedImage> said = new ArrayList<>();
    List<BufferedImage> wrong = new ArrayList<>();
    for (int n = 0; n < shown; n++) {
      plain.add(Pixels.of(pictures, n * 3 * plane, 3, side, side));
      int[] real = Arrays.copyOfRange(set.classes(), n * plane, (n + 1) * plane);
      int[] mine = Arrays.copyOfRange(called, n * plane, (n + 1) * plane);
      truth.add(coloured(real));
      said.add(coloured(mine));
      BufferedImage difference = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < plane; i++) {
        difference.setRGB(i % side, i / side, real[i] == mine[i] ? 0xF3F4F6 : 0xDC2626);
      }
      wrong.add(difference);
    }
    return ImageGrid.rows(
        "Scenes and their classes",
        List.of(
            new ImageGrid.Row("scene", plain),
            new ImageGrid.Row("truth", truth),
            new ImageGrid.Row("network", said),
            new ImageGrid.Row("wrong", wrong)));
  }

  private static BufferedImage coloured(int[] classes) {
    int side = ShapeScenes.SIDE;
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < classes.length; i++) {
      image.setRGB(i % side, i / side, COLOURS[classes[i]]);
    }
    return image;
  }
}
