package dev.harpia.nn;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A differentiable function with parameters. A subclass registers its parameters, buffers and
 * sub-layers in its constructor, under the names that PyTorch uses in checkpoints:
 *
 * <pre>{@code
 * final class Perceptron extends Layer {
 *   private final Linear hidden = layer("hidden", new Linear(2, 8));
 *   private final Linear out = layer("out", new Linear(8, 1));
 *
 *   @Override public Tensor forward(Tensor x) {
 *     return out.forward(hidden.forward(x).relu());
 *   }
 * }
 * }</pre>
 *
 * <p>Layers start in training mode. After training a layer may be shared by any number of threads
 * as long as none changes it.
 */
public abstract class Layer {
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> buffers = new LinkedHashMap<>();
  private final Map<String, Layer> layers = new LinkedHashMap<>();
  private final Set<String> frozen = new LinkedHashSet<>();
  private boolean training = true;

  /** A layer without parameters. */
  protected Layer() {}

  /** The layer's function. */
  public abstract Tensor forward(Tensor x);

  // ---- registration

  /** Registers a parameter; its initial value is copied to memory that outlives every scope. */
  protected final Tensor parameter(String name, Tensor initial) {
    Tensor t = initial.copy();
    register(name, parameters, t);
    return t;
  }

  /** Registers a tensor that another layer has registered already, such as a tied weight. */
  protected final Tensor shared(String name, Tensor tensor) {
    register(name, parameters, tensor);
    return tensor;
  }

  /** Registers a tensor that is saved with the parameters but not trained. */
  protected final Tensor buffer(String name, Tensor initial) {
    Tensor t = initial.copy();
    register(name, buffers, t);
    return t;
  }

  /** Registers a sub-layer. */
  protected final <L extends Layer> L layer(String name, L layer) {
    register(name, layers, layer);
    return layer;
  }

  private <T> void register(String name, Map<String, T> map, T value) {
    if (name.isEmpty() || name.indexOf('.') >= 0) {
      throw new IllegalArgumentException(
          kind() + ": the name \"" + name + "\" must not be empty nor hold a dot");
    }
    if (parameters.containsKey(name) || buffers.containsKey(name) || layers.containsKey(name)) {
      throw new IllegalArgumentException(
          kind() + ": the name \"" + name + "\" is registered already");
    }
    map.put(name, value);
  }

  // ---- what it holds

  /** The parameters that training changes, in order of registration, each once. */
  public final List<Parameter> parameters() {
    return collect(false);
  }

  /** All parameters, frozen ones too, in order of registration, each once. */
  public final List<Parameter> allParameters() {
    return collect(true);
  }

  private List<Parameter> collect(boolean frozenToo) {
    List<Parameter> result = new ArrayList<>();
    Set<Tensor> seen = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
    walk(
        "",
        (prefix, layer) ->
            layer.parameters.forEach(
                (name, t) -> {
                  if ((frozenToo || !layer.frozen.contains(name)) && seen.add(t)) {
                    result.add(new Parameter(prefix + name, t));
                  }
                }));
    return result;
  }

  /** Parameters and buffers by the names that they have in checkpoints. */
  public final Map<String, Tensor> state() {
    Map<String, Tensor> result = new LinkedHashMap<>();
    walk(
        "",
        (prefix, layer) -> {
          layer.parameters.forEach((name, t) -> result.put(prefix + name, t));
          layer.buffers.forEach((name, t) -> result.put(prefix + name, t));
        });
    return result;
  }

  /** The direct sub-layers by name. */
  public final Map<String, Layer> layers() {
    return java.util.Collections.unmodifiableMap(layers);
  }

  /** The number of elements of all parameters. */
  public final long parameterCount() {
    return allParameters().stream().mapToLong(p -> p.value().size()).sum();
  }

  /** The parameters registered by this layer itself. */
  final Map<String, Tensor> ownParameters() {
    return parameters;
  }

  final boolean isFrozen(String name) {
    return frozen.contains(name);
  }

  private interface Visitor {
    void visit(String prefix, Layer layer);
  }

  private void walk(String prefix, Visitor visitor) {
    visitor.visit(prefix, this);
    layers.forEach((name, l) -> l.walk(prefix + name + ".", visitor));
  }

  // ---- modes

  /** Chooses training or evaluation mode, for this layer and all below it. Returns this layer. */
  public final Layer train(boolean on) {
    walk("", (prefix, l) -> l.training = on);
    return this;
  }

  /** Chooses evaluation mode. Returns this layer. */
  public final Layer eval() {
    return train(false);
  }

  /** Whether the layer is in training mode. */
  public final boolean training() {
    return training;
  }

  /**
   * Keeps all parameters of this layer and below out of {@link #parameters}, so that optimizers
   * leave them alone.
   */
  public final void freeze() {
    walk("", (prefix, l) -> l.frozen.addAll(l.parameters.keySet()));
  }

  /** Undoes {@link #freeze}. */
  public final void unfreeze() {
    walk("", (prefix, l) -> l.frozen.clear());
  }

  // ---- values

  /** Copies all parameters and buffers from a layer of the same structure. */
  public final void copyFrom(Layer other) {
    Map<String, Tensor> mine = state();
    Map<String, Tensor> theirs = other.state();
    if (!mine.keySet().equals(theirs.keySet())) {
      throw new IllegalArgumentException(
          kind()
              + ".copyFrom: names differ: "
              + difference(mine.keySet(), theirs.keySet())
              + " against "
              + difference(theirs.keySet(), mine.keySet()));
    }
    mine.forEach((name, t) -> t.copyFrom(theirs.getOrDefault(name, t)));
  }

  private static List<String> difference(Set<String> a, Set<String> b) {
    return a.stream().filter(n -> !b.contains(n)).toList();
  }

  /**
   * A table of the layers, their output shapes and parameters, for an input of F32 of this shape.
   */
  public final String summary(Shape input) {
    return Summary.of(this, input, DType.F32);
  }

  /** A table of the layers, their output shapes and parameters. */
  public final String summary(Shape input, DType type) {
    return Summary.of(this, input, type);
  }

  /** How listings and messages call this layer, such as {@code Linear}. */
  public String kind() {
    String n = getClass().getSimpleName();
    return n.isEmpty() ? "Layer" : n;
  }

  /** The arguments that {@link #toString} shows in brackets. */
  protected String arguments() {
    return "";
  }

  @Override
  public final String toString() {
    return kind() + "(" + arguments() + ")";
  }
}
