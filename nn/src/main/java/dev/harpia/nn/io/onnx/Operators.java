package dev.harpia.nn.io.onnx;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The operators that can be run. */
final class Operators {
  /**
   * An operator.
   *
   * @param layout how many of its first inputs it only rearranges; 0 where it computes
   */
  record Entry(Mapping mapping, int layout) {
    Value[] run(Call c) {
      return mapping.apply(c);
    }
  }

  private static final Map<String, Entry> ALL = new HashMap<>();

  private Operators() {}

  static {
    Elementwise.register(Operators::add);
    Arithmetic.register(Operators::add);
    Shapes.register(Operators::add);
    Layouts.register((name, mapping) -> ALL.put(name, new Entry(mapping, 1)));
    Layouts.registerJoins((name, mapping) -> ALL.put(name, new Entry(mapping, Integer.MAX_VALUE)));
    Picks.register((name, mapping) -> ALL.put(name, new Entry(mapping, 1)));
    Windows.register(Operators::add);
    PlainWindows.register(Operators::add);
    Quantized.register(Operators::add);
    Casts.register(Operators::add);
    Scatters.register(Operators::add);
    Orders.register(Operators::add);
    Spectra.register(Operators::add);
    Losses.register(Operators::add);
    Sampling.register(Operators::add);
    Detection.register(Operators::add);
    Loops.register(Operators::add);
    Products.register(Operators::add);
    Norms.register(Operators::add);
    Reductions.register(Operators::add);
    Recurrences.register(Operators::add);
    Resizing.register(Operators::add);
  }

  /** Where operators are entered. */
  @FunctionalInterface
  interface Registry {
    void add(String name, Mapping mapping);
  }

  private static void add(String name, Mapping mapping) {
    ALL.put(name, new Entry(mapping, 0));
  }

  static Optional<Entry> find(OnnxNode n) {
    boolean standard = n.domain().isEmpty();
    return standard ? Optional.ofNullable(ALL.get(n.operator())) : Optional.empty();
  }

  static Set<String> names() {
    return Collections.unmodifiableSet(new TreeSet<>(ALL.keySet()));
  }
}
