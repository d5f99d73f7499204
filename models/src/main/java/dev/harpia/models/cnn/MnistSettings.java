package dev.harpia.models.cnn;

import dev.harpia.models.run.Ranges;
import java.util.Locale;
import java.util.Optional;

/**
 * How a digit network is trained.
 *
 * @param model which network
 * @param optimizer which rule
 * @param learningRate its step
 * @param schedule how the step changes
 * @param batch pictures per step
 * @param epochs passes over the training pictures
 * @param seed of initial weights, order and drawn digits
 */
public record MnistSettings(
    Model model,
    Optimizer optimizer,
    float learningRate,
    Schedule schedule,
    int batch,
    int epochs,
    long seed) {

  /** The networks of the lab. */
  public enum Model {
    /** 784 → 128 → 10. */
    MLP,
    /** Two convolutions, two linear layers. */
    CNN,
    /** LeNet-5. */
    LENET,
    /** Six convolutions with batch normalisation: {@link Vgg#small}. */
    VGG,
    /** Seven convolutions in residual blocks: {@link ResNet}. */
    RESNET
  }

  /** The rules on offer, each with the step that suits it. */
  public enum Optimizer {
    /** Plain gradient descent. */
    SGD(0.1f),
    /** Gradient descent with Nesterov momentum 0.9. */
    MOMENTUM(0.02f),
    /** Adam. */
    ADAM(1e-3f),
    /** Adam with decoupled weight decay 0.01. */
    ADAMW(1e-3f);

    private final float usual;

    Optimizer(float usual) {
      this.usual = usual;
    }
  }

  /** How the learning rate changes over the run. */
  public enum Schedule {
    /** It stays. */
    CONSTANT,
    /** It falls to nothing along half a cosine, after a short rise. */
    COSINE
  }

  /** Where the settings come from that the user does not give. */
  public enum Preset {
    /** Ours: the lab's own for the MLP; for the CNN what reaches 99 % within five epochs. */
    HARPIA,
    /** The lab's PyTorch notebook. */
    PYTORCH,
    /** The lab's TensorFlow notebook. */
    TENSORFLOW;

    MnistSettings of(Model model) {
      MnistSettings mlp =
          new MnistSettings(Model.MLP, Optimizer.SGD, 0.1f, Schedule.CONSTANT, 64, 5, 1);
      if (model == Model.MLP) {
        return mlp; // both notebooks agree, and it does well
      }
      if (model == Model.LENET) {
        return new MnistSettings(model, Optimizer.ADAM, 2e-3f, Schedule.COSINE, 64, 5, 1);
      }
      if (model != Model.CNN) { // the notebooks have nothing like them
        return new MnistSettings(model, Optimizer.ADAMW, 3e-3f, Schedule.COSINE, 64, 8, 1);
      }
      return switch (this) {
        case HARPIA -> new MnistSettings(model, Optimizer.ADAM, 2e-3f, Schedule.COSINE, 64, 5, 1);
        case PYTORCH -> new MnistSettings(model, Optimizer.SGD, 0.01f, Schedule.CONSTANT, 64, 7, 1);
        case TENSORFLOW ->
            new MnistSettings(model, Optimizer.ADAM, 1e-3f, Schedule.CONSTANT, 64, 5, 1);
      };
    }
  }

  /** Checks the ranges. */
  public MnistSettings {
    Ranges.rate(learningRate, 100);
    Ranges.check("batch", batch, 1, 65_536);
    Ranges.check("epochs", epochs, 1, 10_000);
  }

  /** A preset with what the user gives in its place. */
  public static MnistSettings of(
      Preset preset,
      Model model,
      Optional<Optimizer> optimizer,
      Optional<Float> learningRate,
      Optional<Schedule> schedule,
      Optional<Integer> batch,
      Optional<Integer> epochs,
      long seed) {
    MnistSettings base = preset.of(model);
    Optimizer rule = optimizer.orElse(base.optimizer);
    float step = rule == base.optimizer ? base.learningRate : rule.usual;
    return new MnistSettings(
        model,
        rule,
        learningRate.orElse(step),
        schedule.orElse(base.schedule),
        batch.orElse(base.batch),
        epochs.orElse(base.epochs),
        seed);
  }

  /**
   * By how many pixels at most training digits are moved: the larger networks would learn the small
   * set by heart.
   */
  int shift() {
    return model == Model.VGG || model == Model.RESNET ? 2 : 0;
  }

  /** The settings on one line. */
  public String describe() {
    return "%s, %s %s%s, batch %d, %d epochs%s, seed %d"
        .formatted(
            lower(model),
            lower(optimizer),
            learningRate,
            schedule == Schedule.CONSTANT ? "" : " (" + lower(schedule) + ")",
            batch,
            epochs,
            shift() == 0 ? "" : ", digits moved by up to %d pixels".formatted(shift()),
            seed);
  }

  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
