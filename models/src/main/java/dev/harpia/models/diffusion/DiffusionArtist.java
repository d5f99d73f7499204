package dev.harpia.models.diffusion;

import dev.harpia.models.data.DigitData;
import dev.harpia.models.generative.DigitArtist;
import dev.harpia.models.generative.SampleScore;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.JsonLine;
import dev.harpia.nn.Layer;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** A diffusion model at {@code lab diffusion}. */
final class DiffusionArtist implements DigitArtist {
  private static final int SKETCHED = 12;

  private final DiffusionSettings settings;
  private final DiffusionTraining training;
  private final List<DiffusionTraining.Epoch> epochs = new ArrayList<>();

  DiffusionArtist(DiffusionSettings settings, DigitData digits) {
    this.settings = settings;
    training = new DiffusionTraining(settings, digits);
  }

  @Override
  public String summary() {
    return training.average().summary(Shape.of(1, 1, 28, 28));
  }

  @Override
  public String parts() {
    return "Network";
  }

  @Override
  public Layer weights() {
    return training.average();
  }

  @Override
  public int classes() {
    return 0;
  }

  @Override
  public void learn(Consumer<Progress> each) {
    training.run(
        epoch -> {
          epochs.add(epoch);
          each.accept(new Progress(epoch.epoch(), epoch.json(), epoch.text(), epoch.seconds()));
        });
  }

  @Override
  public Tensor samples(int count, Rng rng) {
    return DiffusionPictures.samples(training.sampler(), count, settings.samplingSteps(), rng);
  }

  @Override
  public Tensor sketches(int count, Rng rng) {
    int steps = Math.min(SKETCHED, settings.samplingSteps());
    return DiffusionPictures.samples(training.sampler(), count, steps, rng);
  }

  @Override
  public void figures(JsonLine json) {
    json.put("test_loss", epochs.getLast().test())
        .put("steps", settings.steps())
        .put("sampling_steps", settings.samplingSteps())
        .put("width", settings.width())
        .put("epochs", settings.epochs())
        .put("batch", settings.batch())
        .put("learning_rate", settings.learningRate())
        .put("parameters", training.average().parameterCount());
  }

  @Override
  public String result() {
    return String.format(
        Locale.ROOT,
        "test error of the velocity %.4f after %d epochs",
        epochs.getLast().test(),
        settings.epochs());
  }

  @Override
  public String headline(SampleScore score) {
    return String.format(
        Locale.ROOT,
        "A classifier is %.1f %% sure of the digits that it draws; %d of 10 classes occur, the"
            + " Fréchet distance from real ones is %.2f.",
        100 * score.confidence(),
        score.classes(),
        score.frechet());
  }

  @Override
  public void curves(Report report) throws IOException {
    report.chart("curves.png", DiffusionPictures.curves(epochs));
  }

  @Override
  public void drawings(Report report, Tensor samples) throws IOException {
    String ddim = "Samples by %d steps (DDIM)".formatted(settings.samplingSteps());
    report.picture("samples.png", ddim, () -> DiffusionPictures.samples(ddim, samples));
  }

  @Override
  public void insights(Report report) throws IOException {
    Diffusion sampler = training.sampler();
    report
        .section("From noise to digits")
        .picture(
            "denoising.png",
            "The way of six samples",
            () ->
                DiffusionPictures.denoising(
                    sampler, settings.steps(), new Rng(settings.seed() + 3)));
  }
}
