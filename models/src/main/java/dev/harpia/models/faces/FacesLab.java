package dev.harpia.models.faces;

import dev.harpia.models.generative.LabReport;
import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Curves.Line;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.Machine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.models.vae.DbVae;
import dev.harpia.nn.Layer;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.simd.Parallel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The debiasing lab of MIT 6.S191: a face detector learns from faces of which one group is rare,
 * once as it is and once with resampling by learned latent variables; both are judged by group.
 */
public final class FacesLab {
  /** Training pictures that are drawn, half of them faces. */
  private static final int DRAWN_TRAIN = 2000;

  private static final int DRAWN_TEST = 1000;
  private static final int HUNDREDTHS = 8; // of a second for a frame

  private final FacesSettings settings;
  private final Optional<Path> directory;
  private final Optional<Integer> limit;
  private final RunDirectory run;
  private final PrintWriter log;

  private final ModelResult cnn = new ModelResult("CNN");
  private final ModelResult ssVae = new ModelResult("SS-VAE");
  private final ModelResult dbVae = new ModelResult("DB-VAE");
  private final Map<String, double[]> course = new LinkedHashMap<>();

  /**
   * A lab with its settings, its directory, and where it says what it does.
   *
   * @param directory with photographs; without it faces are drawn
   * @param limit so many drawn faces to learn from, and as many for testing
   */
  public FacesLab(
      FacesSettings settings,
      Optional<Path> directory,
      Optional<Integer> limit,
      RunDirectory run,
      PrintWriter log) {
    this.settings = settings;
    this.directory = directory;
    this.limit = limit;
    this.run = run;
    this.log = log;
  }

  /** Trains, judges, and leaves the results in the run's directory. */
  public LabReport run() throws IOException {
    long start = System.nanoTime();
    FaceData data =
        directory.isPresent()
            ? FaceFolders.read(directory.get(), settings.seed())
            : SyntheticFaces.draw(
                limit.orElse(DRAWN_TRAIN), limit.orElse(DRAWN_TEST), settings.seed());
    Optional<FaceFolders.CourseFaces> extra =
        directory.isPresent() ? FaceFolders.course(directory.get()) : Optional.empty();
    introduce(data);
    FaceTraining training = new FaceTraining(settings, data, settings.seed());
    DbVae shown = new DbVae(settings.latent());
    for (int i = 0; i < settings.runs(); i++) {
      FaceTraining each = new FaceTraining(settings, data, settings.seed() + i);
      judge(cnn, each.baseline(), data, extra);
      if (settings.semiSupervised()) {
        judge(ssVae, each.autoencoder(false), data, extra);
      }
      DbVae model = each.autoencoder(true);
      judge(dbVae, model, data, extra);
      log.printf(
          Locale.ROOT,
          "drawn in the last epoch: %.1f %% of the rare group, which is %.1f %% of the faces%n",
          100 * each.drawn().getLast()[data.rare()],
          100.0 * data.faces().size(data.rare()) / data.faces().count());
      training = i == 0 ? each : training;
      shown = i == 0 ? model : shown;
    }
    DbVae first = shown;
    JsonLine json = summary(data, (System.nanoTime() - start) / 1e9);
    run.text("metrics.json", json + "\n");
    run.save("model.safetensors", file -> SafeTensors.save(first, file));
    tell(data, training, first, extra);
    run.publish();
    return new LabReport(json.put("out", run.path().toString()), text(data));
  }

  private void introduce(FaceData data) {
    log.println(settings.describe());
    log.println(data.describe());
    log.flush();
  }

  private void judge(
      ModelResult result, Layer model, FaceData data, Optional<FaceFolders.CourseFaces> extra) {
    FaceScore score = FaceScore.of(model, data);
    result.runs().add(score);
    log.printf(
        Locale.ROOT,
        "run %d, %s: %.2f %% right; %s %.1f %%, %s %.1f %%, non-faces %.1f %%%n",
        result.runs().size(),
        result.name(),
        100 * score.overall(),
        data.groups().get(data.common()),
        100 * score.accuracy()[data.common()],
        data.groups().get(data.rare()),
        100 * score.accuracy()[data.rare()],
        100 * score.others());
    log.flush();
    extra.ifPresent(
        faces -> {
          double[] sums =
              course.computeIfAbsent(result.name(), name -> new double[faces.groups().size()]);
          float[] p = FaceScore.probabilities(model, faces.faces());
          for (int i = 0; i < p.length; i++) {
            int g = faces.faces().groups()[i];
            sums[g] += p[i] / faces.faces().size(g) / settings.runs();
          }
        });
  }

  private List<ModelResult> results() {
    return settings.semiSupervised() ? List.of(cnn, ssVae, dbVae) : List.of(cnn, dbVae);
  }

  private JsonLine summary(FaceData data, double seconds) {
    JsonLine json =
        new JsonLine()
            .put("lab", "faces")
            .put("data", data.name())
            .put("common_group", data.groups().get(data.common()))
            .put("rare_group", data.groups().get(data.rare()))
            .put("cnn_gap", cnn.gap(data))
            .put("dbvae_gap", dbVae.gap(data))
            .put("gap_shrinks_by", 1 - dbVae.gap(data) / cnn.gap(data))
            .put("cnn_accuracy", cnn.mean().overall())
            .put("dbvae_accuracy", dbVae.mean().overall());
    results().forEach(r -> json.put(r.name(), r.json(data)));
    return json.put("latent", settings.latent())
        .put("epochs", settings.epochs())
        .put("batch", settings.batch())
        .put("learning_rate", settings.learningRate())
        .put("bins", settings.bins())
        .put("smoothing", settings.smoothing())
        .put("runs", settings.runs())
        .put("seed", settings.seed())
        .put("seconds", seconds)
        .put("threads", Parallel.threads())
        .put("gemm", Machine.gemm());
  }

  private void tell(
      FaceData data, FaceTraining training, DbVae model, Optional<FaceFolders.CourseFaces> extra)
      throws IOException {
    List<ModelResult> results = results();
    Report report =
        new Report(run, "Faces, and whom a detector overlooks", headline(data), settings.seed())
            .fact("settings", settings.describe())
            .fact("data", data.describe())
            .code("Encoder and decoder", model.describe())
            .picture("examples.png", "What it learns from", () -> FacesPictures.examples(data))
            .section("Learning")
            .chart(
                "curves.png",
                Chart.lines("Loss of the first run, smoothed", "step", "loss", training.curves())
                    .withLogY())
            .section("Accuracy by group")
            .table("Percent right, mean of %d runs".formatted(settings.runs()), head(data), rows())
            .chart(
                "accuracy.png",
                FacesPictures.bars(
                    "Faces that are found",
                    "percent",
                    data.groups(),
                    results,
                    r -> r.mean().accuracy()))
            .chart(
                "probability.png",
                FacesPictures.bars(
                    "Mean probability of a face",
                    "percent",
                    data.groups(),
                    results,
                    r -> r.mean().probability()));
    if (extra.isPresent()) {
      List<Line> series = new ArrayList<>();
      course.forEach(
          (name, p) ->
              series.add(Line.over(name, java.util.Arrays.stream(p).map(v -> 100 * v).toArray())));
      report.chart(
          "course.png",
          Chart.bars(
              "The course's twenty test faces: dark/light (D/L), female/male (F/M)",
              "group",
              "mean probability of a face, percent",
              extra.get().groups(),
              series));
    }
    LatentPictures latents = new LatentPictures(data, model);
    report
        .section("How the debiasing model draws its faces")
        .chart("drawn.png", FacesPictures.drawn(data, training.drawn()))
        .picture(
            "weights.png",
            "The first run's last epoch",
            () -> FacesPictures.weights(data, training.probabilities()))
        .section("What its latent variables stand for")
        .picture(
            "reconstructions.png",
            "What the decoder makes of the means",
            () -> FacesPictures.reconstructions(data, model))
        .picture("extremes.png", "What it draws best, and what worst", latents::extremes)
        .picture("walk.png", "The variables in which training faces differ most", latents::walk)
        .film("walk.gif", "The same variables, there and back", latents::film, HUNDREDTHS)
        .picture("interpolation.png", "From group to group", latents::interpolation)
        .chart("densities.png", latents.densities())
        .chart("certainty.png", latents.certainty())
        .write();
  }

  private static List<String> head(FaceData data) {
    List<String> head = new ArrayList<>(List.of("model"));
    head.addAll(data.groups());
    head.addAll(List.of("non-faces", "all"));
    return head;
  }

  private List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    for (ModelResult r : results()) {
      FaceScore mean = r.mean();
      List<String> row = new ArrayList<>(List.of(r.name()));
      for (double a : mean.accuracy()) {
        row.add(String.format(Locale.ROOT, "%.1f", 100 * a));
      }
      row.add(String.format(Locale.ROOT, "%.1f", 100 * mean.others()));
      row.add(String.format(Locale.ROOT, "%.2f", 100 * mean.overall()));
      rows.add(row);
    }
    return rows;
  }

  private String headline(FaceData data) {
    return String.format(
        Locale.ROOT,
        "Of the rare group (%s) the plain classifier finds %.1f %% and the debiased one %.1f %%; of"
            + " the common group (%s) %.1f %% and %.1f %%.",
        data.groups().get(data.rare()),
        100 * cnn.mean().accuracy()[data.rare()],
        100 * dbVae.mean().accuracy()[data.rare()],
        data.groups().get(data.common()),
        100 * cnn.mean().accuracy()[data.common()],
        100 * dbVae.mean().accuracy()[data.common()]);
  }

  private String text(FaceData data) {
    return String.format(
        Locale.ROOT,
        "%s%nall test pictures: %.2f %% right with the plain classifier, %.2f %% with the debiased"
            + " one (means of %d runs)%nresults in %s",
        headline(data),
        100 * cnn.mean().overall(),
        100 * dbVae.mean().overall(),
        settings.runs(),
        run.path());
  }
}
