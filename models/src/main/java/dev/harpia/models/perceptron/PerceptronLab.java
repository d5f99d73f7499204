package dev.harpia.models.perceptron;

import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Curves;
import dev.harpia.models.picture.DecisionMap;
import dev.harpia.models.picture.Fonts;
import dev.harpia.models.picture.Panels;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.nn.Activation;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.optim.SGD;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What one perceptron can learn and what it cannot: AND, OR, XOR, and whether a student passes. The
 * perceptron is σ(w·x + b): its answers change along a straight line, and no straight line
 * separates XOR.
 */
public final class PerceptronLab {
  private static final int STEPS = 500;
  private static final int GRID = 41;

  private final long seed;
  private final RunDirectory run;
  private final PrintWriter log;

  /** A lab with its seed, its directory, and where it says what it does. */
  public PerceptronLab(long seed, RunDirectory run, PrintWriter log) {
    this.seed = seed;
    this.run = run;
    this.log = log;
  }

  /** What came out: the share of right answers on each task. */
  public record Result(
      double and, double or, double xor, double course, double seconds, long seed, String out) {
    /** The report on one line, for programs. */
    public JsonLine json() {
      return new JsonLine()
          .put("lab", "perceptron")
          .put("and_accuracy", and)
          .put("or_accuracy", or)
          .put("xor_accuracy", xor)
          .put("course_accuracy", course)
          .put("seconds", seconds)
          .put("seed", seed)
          .put("out", out);
    }

    /** The report for people. */
    public String text() {
      return String.format(
          Locale.ROOT,
          "AND %.0f %%, OR %.0f %%, XOR %.0f %% (no straight line separates it), will I pass? %.0f"
              + " %%%nresults in %s",
          100 * and,
          100 * or,
          100 * xor,
          100 * course,
          out);
    }
  }

  /**
   * Trains the four perceptrons, and leaves their pictures, their metrics and the last one's
   * weights.
   */
  public Result run() throws IOException {
    long start = System.nanoTime();
    Rng.seed(seed);
    List<Task> tasks =
        List.of(
            Task.gate("AND", 0, 0, 0, 1),
            Task.gate("OR", 0, 1, 1, 1),
            Task.gate("XOR", 0, 1, 1, 0),
            Task.course(seed));
    boolean pictures = Fonts.problem().isEmpty();
    Fonts.problem().ifPresent(log::println);
    List<BufferedImage> maps = new ArrayList<>();
    List<Curves.Line> losses = new ArrayList<>();
    double[] accuracy = new double[tasks.size()];
    StringBuilder metrics = new StringBuilder();
    for (int i = 0; i < accuracy.length; i++) {
      Task task = tasks.get(i);
      Sequential perceptron = new Sequential(new Linear(2, 1), Activation.sigmoid());
      double[] course = train(perceptron, task);
      double loss = course[course.length - 1];
      losses.add(Curves.Line.over(task.name(), course));
      accuracy[i] = accuracy(perceptron, task);
      String result =
          String.format(Locale.ROOT, "accuracy %.0f %%, loss %.3f", 100 * accuracy[i], loss);
      log.println(task.name() + ": " + result);
      if (pictures) {
        maps.add(map(perceptron, task, result));
      }
      metrics
          .append(
              new JsonLine()
                  .put("task", task.name())
                  .put("accuracy", accuracy[i])
                  .put("loss", loss))
          .append('\n');
      if (i == accuracy.length - 1) {
        tell(perceptron, task);
        run.save("perceptron.safetensors", file -> SafeTensors.save(perceptron, file));
      }
    }
    Result report =
        new Result(
            accuracy[0],
            accuracy[1],
            accuracy[2],
            accuracy[3],
            (System.nanoTime() - start) / 1e9,
            seed,
            run.path().toString());
    run.text("metrics.json", metrics.append(report.json()).append('\n').toString());
    page(report, tasks, losses, maps);
    run.publish();
    return report;
  }

  private void page(
      Result result, List<Task> tasks, List<Curves.Line> losses, List<BufferedImage> maps)
      throws IOException {
    new Report(
            run,
            "What one perceptron can learn",
            result.text().lines().findFirst().orElse(""),
            seed)
        .fact("model", "σ(w·x + b) of two numbers: 3 parameters")
        .fact(
            "data",
            "the four rows of AND, OR and XOR; %d students, by their lectures and hours"
                .formatted(tasks.getLast().points().size()))
        .fact("settings", "gradient descent, learning rate 1, %d steps".formatted(STEPS))
        .section("What it answers")
        .picture(
            "decisions.png",
            "Blue where the perceptron says yes, red where it says no, a dark line where it is"
                + " undecided. XOR cannot be separated by a straight line.",
            () -> Panels.grid(maps, 2))
        .section("How it learned")
        .chart(
            "loss.png",
            Chart.lines("Loss", "step", "binary cross-entropy in nats", losses).withLogY())
        .write();
  }

  private static double[] train(Sequential perceptron, Task task) {
    Tensor x = Tensor.of(task.x());
    Tensor y = Tensor.of(task.y());
    SGD sgd = new SGD(perceptron.parameters(), 1f);
    double[] losses = new double[STEPS];
    for (int step = 0; step < STEPS; step++) {
      try (var _ = Scope.open("step")) {
        Tensor loss = Loss.binaryCrossEntropy(perceptron.forward(x), y);
        sgd.step(loss);
        losses[step] = loss.item();
      }
    }
    return losses;
  }

  private static float[] answers(Sequential perceptron, float[][] x) {
    try (var _ = Scope.inference()) {
      return perceptron.forward(Tensor.of(x)).toArray();
    }
  }

  private static double accuracy(Sequential perceptron, Task task) {
    float[] p = answers(perceptron, task.x());
    int right = 0;
    for (int i = 0; i < p.length; i++) {
      right += p[i] > 0.5f == task.y()[i][0] > 0.5f ? 1 : 0;
    }
    return (double) right / p.length;
  }

  private static BufferedImage map(Sequential perceptron, Task task, String result) {
    float[] p = answers(perceptron, task.grid(GRID));
    float[][] field = new float[GRID][GRID];
    for (int row = 0; row < GRID; row++) {
      System.arraycopy(p, row * GRID, field[row], 0, GRID);
    }
    return DecisionMap.draw(task.name(), result, task.frame(), field, task.points());
  }

  /** The lecture's question: a student with four lectures and five hours. */
  private void tell(Sequential perceptron, Task task) {
    float p = answers(perceptron, new float[][] {Task.input(task.frame(), 4, 5)})[0];
    log.println(
        String.format(
            Locale.ROOT, "a student with 4 lectures and 5 hours passes with probability %.2f", p));
  }
}
