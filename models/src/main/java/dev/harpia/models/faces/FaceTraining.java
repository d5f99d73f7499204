package dev.harpia.models.faces;

import dev.harpia.models.picture.Curves.Line;
import dev.harpia.models.vae.DbVae;
import dev.harpia.models.vae.FaceNetworks;
import dev.harpia.models.vae.LatentResampling;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Loss;
import dev.harpia.nn.optim.Adam;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Trains the baseline and the debiasing model with one seed. */
final class FaceTraining {
  private static final double SMOOTHING = 0.99;

  private final FacesSettings settings;
  private final FaceData data;
  private final long seed;
  private final double[] even;
  private final double[] evenOthers;
  private final List<Line> curves = new ArrayList<>();
  private final List<double[]> drawn = new ArrayList<>();
  private double[] probabilities;

  FaceTraining(FacesSettings settings, FaceData data, long seed) {
    this.settings = settings;
    this.data = data;
    this.seed = seed;
    even = even(data.faces().count());
    evenOthers = even(data.others().count());
    probabilities = even;
  }

  private static double[] even(int n) {
    double[] p = new double[n];
    Arrays.fill(p, 1.0 / n);
    return p;
  }

  /** A batch's loss for a model. */
  private interface BatchLoss {
    Tensor of(Tensor x, Tensor y);
  }

  /** The course's standard classifier, with its faces drawn evenly. */
  Layer baseline() {
    Rng.seed(seed);
    Layer model = FaceNetworks.classifier(1);
    Adam adam = new Adam(model.parameters(), settings.learningRate());
    Rng rng = new Rng(seed);
    List<Double> losses = new ArrayList<>();
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      epoch(
          adam,
          even,
          rng,
          (x, y) -> Loss.binaryCrossEntropyWithLogits(model.forward(x).reshape(x.dim(0)), y),
          losses);
    }
    curve("CNN", losses);
    return model;
  }

  /**
   * The autoencoder that classifies too; with resampling its faces are drawn anew by their latent
   * variables in each epoch.
   */
  DbVae autoencoder(boolean resampled) {
    Rng.seed(seed);
    DbVae model = new DbVae(settings.latent());
    Adam adam = new Adam(model.parameters(), settings.learningRate());
    Rng rng = new Rng(seed);
    Rng noise = new Rng(seed + 1);
    List<Double> losses = new ArrayList<>();
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      double[] p =
          resampled
              ? LatentResampling.probabilities(
                  FaceLatents.means(model, data.faces()), settings.bins(), settings.smoothing())
              : even;
      if (resampled) {
        probabilities = p;
        drawn.add(shares(p));
      }
      epoch(adam, p, rng, (x, y) -> model.loss(x, y, noise), losses);
    }
    curve(resampled ? "DB-VAE" : "SS-VAE", losses);
    return model;
  }

  /** Half of each batch is faces, half is not; no picture is twice in a batch. */
  private void epoch(Adam adam, double[] p, Rng rng, BatchLoss loss, List<Double> losses) {
    int half = settings.batch() / 2;
    int steps = (data.faces().count() + data.others().count()) / settings.batch();
    for (int step = 0; step < steps; step++) {
      try (var _ = Scope.open("faces")) {
        Tensor faces = data.faces().pictures(LatentResampling.draw(p, half, rng));
        Tensor others = data.others().pictures(LatentResampling.draw(evenOthers, half, rng));
        float[] y = new float[2 * half];
        Arrays.fill(y, 0, half, 1);
        Tensor wrong = loss.of(Tensor.concat(0, faces, others), Tensor.of(y, Shape.of(2 * half)));
        adam.step(wrong);
        losses.add((double) wrong.item());
      }
    }
  }

  private void curve(String name, List<Double> losses) {
    double[] y = losses.stream().mapToDouble(Double::doubleValue).toArray();
    curves.add(Line.over(name, y).smoothed(SMOOTHING));
  }

  /** The smoothed loss of each step, of each model trained so far. */
  List<Line> curves() {
    return curves;
  }

  private double[] shares(double[] p) {
    double[] shares = new double[data.groups().size()];
    for (int i = 0; i < p.length; i++) {
      int g = data.faces().groups()[i];
      if (g != FaceSet.NONE) {
        shares[g] += p[i];
      }
    }
    return shares;
  }

  /** The probability that a drawn face is of each group, for each epoch of the resampled model. */
  List<double[]> drawn() {
    return drawn;
  }

  /** The probabilities of the training faces in the last epoch of the resampled model. */
  double[] probabilities() {
    return probabilities;
  }
}
