package dev.harpia.nn;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Node;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The table that {@link Layer#summary} prints. Output shapes come from one forward pass: containers
 * report what their members return, and elsewhere the operation that consumes a layer's parameters
 * tells.
 */
final class Summary {
  private static final ThreadLocal<Map<Layer, Shape>> OBSERVED = new ThreadLocal<>();

  private Summary() {}

  /** Notes what a member of a container returned, while a summary is being made. */
  static void observe(Layer layer, Tensor result) {
    Map<Layer, Shape> observed = OBSERVED.get();
    if (observed != null) {
      observed.put(layer, result.shape());
    }
  }

  static String of(Layer model, Shape input, DType type) {
    Map<Layer, Shape> shapes = new IdentityHashMap<>();
    boolean training = model.training();
    OBSERVED.set(shapes);
    try (var _ = Scope.open("summary")) {
      Tensor y = model.eval().forward(Tensor.zeros(input, type));
      shapes.put(model, y.shape());
      Map<Tensor, Shape> uses = uses(y);
      addByUse(model, uses, shapes);
      StringBuilder b = new StringBuilder();
      line(b, "layer", "output", "parameters");
      b.append("-".repeat(78)).append('\n');
      rows(b, model, "", shapes);
      b.append("-".repeat(78)).append('\n');
      long all = model.parameterCount();
      long trained = model.parameters().stream().mapToLong(p -> p.value().size()).sum();
      b.append(String.format(Locale.ROOT, "input %s, output %s%n", input, y.shape()));
      b.append(
          String.format(
              Locale.ROOT,
              "parameters %,d (trained %,d, frozen %,d), %.1f KiB%n",
              all,
              trained,
              all - trained,
              all / 256.0));
      return b.toString();
    } finally {
      OBSERVED.remove();
      model.train(training);
    }
  }

  /** The shape of what each tensor's first consumer returned. */
  private static Map<Tensor, Shape> uses(Tensor y) {
    Map<Tensor, Shape> uses = new IdentityHashMap<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    ArrayDeque<Tensor> todo = new ArrayDeque<>();
    todo.add(y);
    while (!todo.isEmpty()) {
      Node n = todo.pop().node();
      if (n != null && seen.add(n)) {
        for (Tensor t : n.inputs()) {
          uses.put(t, n.outputs()[0].shape());
          todo.push(t);
        }
      }
    }
    return uses;
  }

  private static void addByUse(Layer l, Map<Tensor, Shape> uses, Map<Layer, Shape> shapes) {
    l.ownParameters()
        .values()
        .forEach(
            t -> {
              Shape s = uses.get(t);
              if (s != null) {
                shapes.putIfAbsent(l, s);
              }
            });
    l.layers().values().forEach(c -> addByUse(c, uses, shapes));
  }

  private static void rows(StringBuilder b, Layer l, String name, Map<Layer, Shape> shapes) {
    Shape s = shapes.get(l);
    long own = l.ownParameters().values().stream().mapToLong(Tensor::size).sum();
    String label = name.isEmpty() ? l.toString() : name + ": " + l;
    line(
        b,
        label,
        s == null ? "" : s.toString(),
        own == 0 ? "" : String.format(Locale.ROOT, "%,d", own));
    String indent = " ".repeat(name.length() - name.stripLeading().length() + 2);
    l.layers().forEach((n, c) -> rows(b, c, indent + n, shapes));
  }

  private static void line(StringBuilder b, String a, String s, String p) {
    b.append(String.format(Locale.ROOT, "%-42s %-22s %12s%n", a, s, p));
  }
}
