package dev.harpia.nn;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Node;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
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

  // the least widths of the columns
  private static final int LAYER = 42;
  private static final int OUTPUT = 22;
  private static final int PARAMETERS = 12;

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
      List<String[]> rows = new ArrayList<>();
      rows.add(new String[] {"layer", "output", "parameters"});
      rows(rows, model, "", shapes);
      table(b, rows);
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

  private static void rows(List<String[]> rows, Layer l, String name, Map<Layer, Shape> shapes) {
    Shape s = shapes.get(l);
    long own = l.ownParameters().values().stream().mapToLong(Tensor::size).sum();
    rows.add(
        new String[] {
          name.isEmpty() ? l.toString() : name + ": " + l,
          s == null ? "" : s.toString(),
          own == 0 ? "" : String.format(Locale.ROOT, "%,d", own)
        });
    String indent = " ".repeat(name.length() - name.stripLeading().length() + 2);
    l.layers().forEach((n, c) -> rows(rows, c, indent + n, shapes));
  }

  /** Columns as wide as their widest cell, numbers at the right. */
  private static void table(StringBuilder b, List<String[]> rows) {
    int[] widths = {LAYER, OUTPUT, PARAMETERS};
    for (String[] row : rows) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], row[c].length());
      }
    }
    String rule = "-".repeat(widths[0] + widths[1] + widths[2] + 2) + "\n";
    String format = "%-" + widths[0] + "s %-" + widths[1] + "s %" + widths[2] + "s%n";
    for (int r = 0; r < rows.size(); r++) {
      b.append(String.format(Locale.ROOT, format, (Object[]) rows.get(r)));
      b.append(r == 0 ? rule : "");
    }
    b.append(rule);
  }
}
