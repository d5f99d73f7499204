package dev.harpia.nn;

import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Low-rank adaptation of a trained model (Hu et al. 2021): chosen linear layers give {@code x·Wᵀ +
 * b + (α/r)·(x·Aᵀ)·Bᵀ}, of which only A and B are learned.
 *
 * <pre>{@code
 * LoRA lora = LoRA.attach(model, LoRA.Config.of(8, "qkv", "proj"));
 * Optimizer optimizer = new Lion(lora.parameters(), 1e-4);
 * …
 * lora.detach(); // the model is what it was, bit for bit
 * }</pre>
 *
 * <p>While adapters are attached, the model's own parameters are frozen. {@link #merge} puts the
 * adaptation into the weights, so that using the model costs no more than before. In evaluation
 * ({@link Layer#eval}) a model with adapters multiplies by the merged weights, which each pass
 * computes anew, and gives what the merged model does, bit for bit. In training it multiplies by A
 * and B apart, whose roundings differ: by about 1e-6 of the largest logit. Files: {@link
 * dev.harpia.nn.io.Peft}.
 */
public final class LoRA {
  /**
   * The form of an adaptation.
   *
   * @param rank r, the rows of A
   * @param alpha α: the adaptation counts α/r times
   * @param targets the names of the linear layers to adapt: the last part, or several parts, of
   *     their names in checkpoints, such as {@code proj} or {@code attn.proj}
   */
  public record Config(int rank, float alpha, Set<String> targets) {
    /** Checks the ranges. */
    public Config {
      if (rank < 1) {
        throw new IllegalArgumentException("lora: rank " + rank + " must be at least 1");
      }
      if (!(alpha > 0) || Float.isInfinite(alpha)) {
        throw new IllegalArgumentException("lora: alpha " + alpha + " must be above 0");
      }
      if (targets.isEmpty()) {
        throw new IllegalArgumentException("lora: no target layers are named");
      }
      targets = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(targets));
    }

    /** With α = r. */
    public static Config of(int rank, String... targets) {
      return new Config(rank, rank, new LinkedHashSet<>(List.of(targets)));
    }

    boolean names(String path) {
      return targets.stream().anyMatch(t -> path.equals(t) || path.endsWith("." + t));
    }
  }

  /** A linear layer and what is added to its result. */
  private record Adapted(Linear linear, LowRank adapter) {}

  private final Layer model;
  private final Config config;
  private final Map<String, Adapted> layers = new LinkedHashMap<>();
  private final Map<String, Tensor> unmerged = new LinkedHashMap<>();
  private boolean attached;

  private LoRA(Layer model, Config config) {
    this.model = model;
    this.config = config;
    Map<String, Linear> all = new LinkedHashMap<>();
    collect("", model, all);
    all.forEach(
        (path, linear) -> {
          if (config.names(path)) {
            int out = linear.weight().dim(0);
            int in = linear.weight().dim(1);
            layers.put(path, new Adapted(linear, new LowRank(in, out, config.rank, config.alpha)));
          }
        });
    if (layers.isEmpty()) {
      Set<String> names = new LinkedHashSet<>();
      all.keySet().forEach(path -> names.add(path.substring(path.lastIndexOf('.') + 1)));
      throw new IllegalArgumentException(
          "lora: %s has no linear layer of a name in %s; its linear layers are called %s"
              .formatted(model.kind(), config.targets, names));
    }
  }

  private static void collect(String path, Layer layer, Map<String, Linear> into) {
    if (layer instanceof Linear linear) {
      into.put(path, linear);
    }
    layer
        .layers()
        .forEach((name, l) -> collect(path.isEmpty() ? name : path + "." + name, l, into));
  }

  /** Adapters for a model, not attached yet, so that they can be filled from a file first. */
  public static LoRA of(Layer model, Config config) {
    return new LoRA(model, config);
  }

  /** Adapters for a model, attached: it computes what it did until they learn. */
  public static LoRA attach(Layer model, Config config) {
    LoRA lora = of(model, config);
    lora.attach();
    return lora;
  }

  /** The form. */
  public Config config() {
    return config;
  }

  /** Whether the model computes with the adapters beside its weights. */
  public boolean attached() {
    return attached;
  }

  /** Lets the model compute with the adapters, and freezes its own parameters. */
  public void attach() {
    if (attached || !unmerged.isEmpty()) {
      throw new IllegalStateException("lora: attached or merged already");
    }
    layers.forEach(
        (path, l) -> {
          if (l.linear.adapted()) {
            throw new IllegalStateException(
                "lora: " + path + " has adapters of another adaptation; detach that one first");
          }
        });
    layers.values().forEach(l -> l.linear.adapt(l.adapter));
    model.freeze();
    attached = true;
  }

  /** Makes the model what it was before {@link #attach}, bit for bit, and unfreezes it. */
  public void detach() {
    if (!attached) {
      throw new IllegalStateException("lora: not attached");
    }
    layers.values().forEach(l -> l.linear.adapt(null));
    model.unfreeze();
    attached = false;
  }

  /** Adds the adaptation to the model's weights, which are remembered, and detaches it. */
  public void merge() {
    detach();
    try (var _ = Scope.inference()) {
      layers.forEach(
          (path, l) -> {
            Tensor weight = l.linear.weight();
            unmerged.put(path, weight.copy());
            weight.copyFrom(weight.add(l.adapter.weight()));
          });
    }
  }

  /** Undoes {@link #merge}, bit for bit: the adapters are beside the weights again. */
  public void unmerge() {
    if (unmerged.isEmpty()) {
      throw new IllegalStateException("lora: not merged");
    }
    layers.forEach(
        (path, l) -> {
          Tensor weight = l.linear.weight();
          weight.copyFrom(unmerged.getOrDefault(path, weight));
        });
    unmerged.clear();
    attach();
  }

  /** What an optimizer is to change: A and B of each adapted layer. */
  public List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>();
    state().forEach((name, t) -> all.add(new Parameter(name, t)));
    return all;
  }

  /**
   * The adapters by the names that PEFT gives them, {@code base_model.model.PATH.lora_A.weight} and
   * {@code …lora_B.weight}: the tensors themselves, not copies.
   */
  public Map<String, Tensor> state() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    layers.forEach(
        (path, l) -> {
          all.put("base_model.model." + path + ".lora_A.weight", l.adapter.a().weight());
          all.put("base_model.model." + path + ".lora_B.weight", l.adapter.b().weight());
        });
    return all;
  }

  /** The number of elements that are learned. */
  public long trainable() {
    return state().values().stream().mapToLong(Tensor::size).sum();
  }

  /** The share of what is learned in all parameters, the adapters' and the model's. */
  public double share() {
    return (double) trainable() / (trainable() + model.parameterCount());
  }
}
