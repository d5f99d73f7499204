package dev.harpia.models.finetune;

import dev.harpia.models.run.Ranges;
import dev.harpia.nn.LoRA;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/**
 * How the base model and its adapters are trained.
 *
 * @param pretraining optimizer steps of the base model
 * @param steps optimizer steps of the adapters
 * @param batch exchanges per step
 * @param lora rank, α and target layers
 * @param optimizer which rule moves the adapters
 * @param rate its highest learning rate; half a cosine follows
 * @param answers how many are judged before and after
 * @param seed of everything random
 */
public record FinetuneSettings(
    int pretraining,
    int steps,
    int batch,
    LoRA.Config lora,
    Rule optimizer,
    double rate,
    int answers,
    long seed) {
  /** The layers of a block that are adapted unless others are named: all linear ones. */
  public static final List<String> TARGETS = List.of("qkv", "proj", "fc", "out");

  /** The rules on offer, each with the rate that suits it. */
  public enum Rule {
    /** The lab's: steps of one length. */
    LION(1e-3),
    /** Adam with decoupled weight decay. */
    ADAMW(5e-3);

    private final double usual;

    Rule(double usual) {
      this.usual = usual;
    }

    /** The rate unless another is given. */
    public double usual() {
      return usual;
    }
  }

  /** Checks the ranges. */
  public FinetuneSettings {
    Ranges.check("pretrain", pretraining, 0, 10_000_000);
    Ranges.check("steps", steps, 0, 10_000_000);
    Ranges.check("batch", batch, 1, 4096);
    Ranges.check("answers", answers, 1, 10_000);
    Ranges.rate(rate, 10);
  }

  /** Rank, α and targets as the user gives them. */
  public static LoRA.Config lora(int rank, float alpha, List<String> targets) {
    return new LoRA.Config(rank, alpha, new LinkedHashSet<>(targets));
  }

  String rule() {
    return optimizer.name().toLowerCase(Locale.ROOT);
  }
}
