package dev.harpia.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.nn.Layer;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Gradients;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One run of a {@link Golden}: hands out operands, takes results, and at its end compares results,
 * gradients and buffers with PyTorch's. Nothing that the case expects may be left unchecked.
 */
final class GoldenRun {
  private final Golden golden;
  private final Map<String, Tensor> tensors;
  private final Map<String, Tensor> results = new LinkedHashMap<>();
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Set<String> checked = new HashSet<>();

  private GoldenRun(Golden golden) {
    this.golden = golden;
    this.tensors = golden.tensors();
    tensors.forEach(
        (name, t) -> assertThat(t.shape().dims()).as(name).isEqualTo(golden.shapes().get(name)));
    assertThat(tensors.keySet()).isEqualTo(golden.shapes().keySet());
  }

  /** Runs a case and checks all that it expects. */
  static void check(Golden golden, Consumer<GoldenRun> body) {
    GoldenRun run = new GoldenRun(golden);
    body.accept(run);
    run.gradients();
    run.results.forEach((name, t) -> run.same("out." + name, t));
    for (String name : run.tensors.keySet()) {
      if (name.matches("(out|gin|gparam|bufout|final|finalbuf)\\..*")) {
        assertThat(run.checked).as("what the test checks").contains(name);
      }
    }
  }

  Golden golden() {
    return golden;
  }

  /** Operand {@code in.name}. */
  Tensor in(String name) {
    return tensor("in." + name);
  }

  boolean has(String name) {
    return tensors.containsKey(name);
  }

  /** Any tensor of the case. */
  Tensor tensor(String name) {
    return Objects.requireNonNull(tensors.get(name), () -> name + " is not in " + golden.file());
  }

  /** Loads the case's parameters and buffers, all of them, into a layer. */
  <L extends Layer> L load(L layer) {
    Map<String, Tensor> state = layer.state();
    Set<String> loaded = new HashSet<>();
    tensors.forEach(
        (name, t) -> {
          if (name.startsWith("param.") || name.startsWith("buf.")) {
            String own = name.substring(name.indexOf('.') + 1);
            assertThat(state).as("names of the layer").containsKey(own);
            Tensor to = Objects.requireNonNull(state.get(own));
            if (to.type() == DType.I32) {
              to.copyFrom(t.toIntArray());
            } else {
              to.copyFrom(t);
            }
            loaded.add(own);
            if (name.startsWith("param.")) {
              parameters.put(own, to);
            }
          }
        });
    assertThat(loaded).as("what was loaded").isEqualTo(state.keySet());
    return layer;
  }

  /** Gives a tensor the values of an operand, and takes its place. */
  void use(String name, Tensor t) {
    t.copyFrom(in(name));
    tensors.put("in." + name, t);
  }

  /** Marks an expected tensor as one that the test compares itself. */
  void compared(String name) {
    checked.add(name);
  }

  /** Makes a tensor the one whose gradient is {@code gparam.name}. */
  void parameter(String name, Tensor t) {
    parameters.put(name, t);
  }

  /** Result {@code out.y}. */
  void out(Tensor y) {
    out("y", y);
  }

  /** Result {@code out.name}. */
  void out(String name, Tensor y) {
    results.put(name, y);
  }

  /** Compares with an expected tensor at the case's tolerance. */
  void same(String name, Tensor actual) {
    same(name, actual.type() == DType.F32 ? actual.toArray() : floats(actual));
    assertThat(actual.shape()).as(name).isEqualTo(tensor(name).shape());
  }

  /** Compares with an expected tensor at the case's tolerance. */
  void same(String name, float[] actual) {
    checked.add(name);
    Tensor e = tensor(name);
    float[] expected = e.type() == DType.F32 ? e.toArray() : floats(e);
    assertThat(actual.length).as(golden + ": " + name).isEqualTo(expected.length);
    double allowed = golden.allowed(expected);
    for (int i = 0; i < expected.length; i++) {
      boolean equal =
          actual[i] == expected[i] || Float.isNaN(actual[i]) && Float.isNaN(expected[i]);
      if (!equal && !(Math.abs((double) actual[i] - expected[i]) <= allowed)) {
        throw new AssertionError(
            "%s: %s[%d] is %s, PyTorch has %s; allowed difference %.3g"
                .formatted(golden, name, i, actual[i], expected[i], allowed));
      }
    }
  }

  private static float[] floats(Tensor t) {
    int[] v = t.toIntArray();
    float[] f = new float[v.length];
    for (int i = 0; i < v.length; i++) {
      f[i] = v[i];
    }
    return f;
  }

  /** Compares the gradients of the sum of all results, weighted by {@code gout}. */
  private void gradients() {
    List<String> names = new ArrayList<>();
    List<Tensor> targets = new ArrayList<>();
    for (String name : tensors.keySet()) {
      if (name.startsWith("gin.")) {
        names.add(name);
        targets.add(in(name.substring(4)));
      } else if (name.startsWith("gparam.") && !checked.contains(name)) {
        names.add(name);
        targets.add(Objects.requireNonNull(parameters.get(name.substring(7)), name));
      }
    }
    if (targets.isEmpty()) {
      return;
    }
    Tensor loss = null;
    for (Map.Entry<String, Tensor> e : results.entrySet()) {
      if (has("gout." + e.getKey())) {
        Tensor part = e.getValue().mul(tensor("gout." + e.getKey())).sum();
        loss = loss == null ? part : loss.add(part);
      }
    }
    Gradients g = Gradients.of(Objects.requireNonNull(loss, "no result has a gradient"), targets);
    for (int i = 0; i < names.size(); i++) {
      same(names.get(i), g.wrt(targets.get(i)));
    }
  }
}
