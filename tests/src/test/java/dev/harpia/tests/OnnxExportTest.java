package dev.harpia.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.nn.Embedding;
import dev.harpia.nn.Layer;
import dev.harpia.nn.io.onnx.OnnxExport;
import dev.harpia.nn.io.onnx.OnnxModel;
import dev.harpia.nn.io.onnx.UnsupportedNodesException;
import dev.harpia.nn.plan.Input;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written as ONNX and read back computes the same. */
class OnnxExportTest {
  /** Operations that ONNX has no form for, or none that we write. */
  private static final Set<String> NO_OPERATION =
      Set.of(
          "adaptive avgPool2d", // where windows have several sizes
          "adaptive maxPool2d",
          "batchNorm", // by the batch's own statistics
          "batchNorm of columns",
          "cross-entropy",
          "cumprod",
          "dropout",
          "embeddingBag",
          "embeddingBag of means");

  /** Layers of which some form has none. */
  private static final Set<String> NO_LAYER =
      Set.of("AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveMaxPool2d", "EmbeddingBag");

  @TempDir private Path folder = Path.of(".");

  private static Input[] inputs(Tensor... x) {
    Input[] all = new Input[x.length];
    for (int i = 0; i < x.length; i++) {
      all[i] = new Input("in" + i, x[i].shape(), x[i].type());
    }
    return all;
  }

  private static float[] run(Plan plan, Tensor... x) {
    Plan.Workspace w = plan.newWorkspace();
    for (int i = 0; i < x.length; i++) {
      if (plan.inputs().contains("in" + i)) {
        w.input("in" + i).copyFrom(x[i]);
      }
    }
    w.run();
    Tensor y = w.output("y");
    return y.type() == DType.F32 ? y.toArray() : y.toFloat().toArray();
  }

  /** What is different; empty where nothing is. */
  private String compare(Plan.Computation f, Map<String, Tensor> names, Tensor... x)
      throws UnsupportedNodesException {
    Path file = folder.resolve("m.onnx");
    float[] expected = run(Plan.compile(f, inputs(x)), x);
    float[] found;
    try {
      OnnxExport.save(f, names, file, inputs(x));
      found = run(OnnxModel.load(file).compile(), x);
    } catch (UnsupportedNodesException e) {
      if (e.getMessage().contains("(opset")) { // written, but not read back
        return e.getMessage();
      }
      throw e;
    } catch (IOException | RuntimeException e) {
      return e.toString();
    }
    float most = 1;
    for (float v : expected) {
      most = Math.max(most, Float.isFinite(v) ? Math.abs(v) : 0);
    }
    if (found.length != expected.length) {
      return found.length + " elements instead of " + expected.length;
    }
    for (int i = 0; i < found.length; i++) {
      boolean same = found[i] == expected[i] || Math.abs(found[i] - expected[i]) <= 1e-5f * most;
      if (!same && !(Float.isNaN(found[i]) && Float.isNaN(expected[i]))) {
        return "element " + i + ": " + found[i] + " instead of " + expected[i];
      }
    }
    return "";
  }

  @Test
  void everyOperationIsWrittenOrNamed() {
    Set<String> without = new TreeSet<>();
    List<String> faults = new ArrayList<>();
    for (OpCase c : OpCases.all()) {
      for (int size : new int[] {1, 5}) {
        if (c.name().equals("ctc")) {
          continue; // reads values, for training only
        }
        Tensor[] x = c.inputs().of(new Rng(size), size);
        try {
          String fault =
              compare(
                  in -> Map.of("y", c.apply().apply(in.values().toArray(Tensor[]::new))),
                  Map.of(),
                  x);
          if (!fault.isEmpty()) {
            faults.add(c.name() + " " + size + ": " + fault);
          }
        } catch (UnsupportedNodesException e) {
          without.add(c.name());
        }
      }
    }
    assertThat(faults).isEmpty();
    assertThat(without).isEqualTo(new TreeSet<>(NO_OPERATION));
  }

  @Test
  void everyLayerIsWrittenOrNamed() {
    Set<String> without = new TreeSet<>();
    List<String> faults = new ArrayList<>();
    int written = 0;
    for (LayerCases c : LayerCases.all()) {
      Layer layer = c.layer().get();
      layer.eval();
      Tensor x = c.input().apply(new Rng(1));
      try {
        String fault =
            compare(
                in -> Map.of("y", layer.forward(in.values().iterator().next())), layer.state(), x);
        if (fault.isEmpty()) {
          written++;
        } else {
          faults.add(layer + ": " + fault);
        }
      } catch (UnsupportedNodesException e) {
        without.add(layer.kind());
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("is read while tracing"); // no plan either
      }
    }
    assertThat(faults).isEmpty();
    assertThat(without).isEqualTo(new TreeSet<>(NO_LAYER));
    assertThat(written).isGreaterThan(50);
  }

  @Test
  void paddedEmbeddingsAreTracedAndWritten() throws UnsupportedNodesException {
    Embedding layer = new Embedding(5, 3, 1);
    layer.weight().set(0.5f, 1, 2); // the padding's row takes part in results
    Tensor x = Tensor.of(4, 1, 0, 1);
    assertThat(
            run(
                Plan.compile(
                    in -> Map.of("y", layer.forward(in.values().iterator().next())), inputs(x)),
                x))
        .containsExactly(layer.weight().embedding(x).toArray());
    assertThat(
            compare(
                in -> Map.of("y", layer.forward(in.values().iterator().next())), layer.state(), x))
        .isEmpty();
  }
}
