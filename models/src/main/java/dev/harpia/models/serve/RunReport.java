package dev.harpia.models.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A model run once.
 *
 * @param outputs by name, copied
 * @param micros how long the run took
 */
public record RunReport(Map<String, Tensor> outputs, double micros) {
  /** Elements of an output that the text shows. */
  private static final int SHOWN = 8;

  /** Runs a compiled model on inputs. */
  public static RunReport of(ModelFile.Compiled model, Map<String, Tensor> inputs) {
    Plan.Workspace w = model.plan().newWorkspace();
    for (String name : model.plan().inputs()) {
      Tensor value = inputs.get(name);
      if (value == null) {
        throw new IllegalArgumentException("run: no value for the input " + name);
      }
      w.input(name).copyFrom(value);
    }
    long start = System.nanoTime();
    w.run();
    double micros = (System.nanoTime() - start) / 1e3;
    Map<String, Tensor> out = new LinkedHashMap<>();
    model.plan().outputs().forEach(name -> out.put(name, w.output(name).copy()));
    return new RunReport(out, micros);
  }

  /** For people: each output's shape, and the largest elements of each row. */
  public String text(int top) {
    StringBuilder b = new StringBuilder();
    outputs.forEach(
        (name, t) -> {
          b.append(name).append(' ').append(t.type()).append(' ').append(t.shape()).append('\n');
          if (ranked(t)) {
            int classes = t.dim(1);
            for (int row = 0; row < Math.min(t.dim(0), SHOWN); row++) {
              b.append(t.dim(0) == 1 ? "" : "row " + row + "\n");
              float[] values = row(t, row, classes);
              for (int i : largest(values, top)) {
                b.append(String.format(Locale.ROOT, "  %6d  %.6g%n", i, values[i]));
              }
            }
            b.append(t.dim(0) > SHOWN ? "…\n" : "");
          } else {
            b.append("  ").append(first(t)).append('\n');
          }
        });
    return b.append(String.format(Locale.ROOT, "run: %.1f µs, cold%n", micros)).toString();
  }

  /** Whether an output is a value for each of several classes. */
  private static boolean ranked(Tensor t) {
    return t.type() == DType.F32 && t.rank() == 2 && t.dim(1) > 2 && t.dim(0) > 0;
  }

  private static float[] row(Tensor t, int row, int classes) {
    float[] values = new float[classes];
    for (int i = 0; i < classes; i++) {
      values[i] = t.get(row, i);
    }
    return values;
  }

  private static List<Integer> largest(float[] values, int top) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -values[i]))
        .limit(top)
        .toList();
  }

  private static String first(Tensor t) {
    int n = (int) Math.min(SHOWN, t.size());
    String shown =
        t.type() == DType.F32
            ? Arrays.toString(Arrays.copyOf(t.toArray(), n))
            : Arrays.toString(Arrays.copyOf(t.toIntArray(), n));
    return n == t.size() ? shown : shown.substring(0, shown.length() - 1) + ", …]";
  }

  /** For programs: one line with every element; what JSON cannot say is null. */
  public String json(int top) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator g = new JsonFactory().createGenerator(text)) {
      g.writeStartObject();
      g.writeObjectFieldStart("outputs");
      for (Map.Entry<String, Tensor> e : outputs.entrySet()) {
        g.writeObjectFieldStart(e.getKey());
        write(g, e.getValue(), top);
        g.writeEndObject();
      }
      g.writeEndObject();
      g.writeNumberField("microseconds", micros);
      g.writeEndObject();
    }
    return text.toString();
  }

  private static void write(JsonGenerator g, Tensor t, int top) throws IOException {
    g.writeArrayFieldStart("shape");
    for (int d : t.shape().dims()) {
      g.writeNumber(d);
    }
    g.writeEndArray();
    g.writeArrayFieldStart("data");
    if (t.type() == DType.I32) {
      for (int v : t.toIntArray()) {
        g.writeNumber(v);
      }
    } else {
      for (float v : t.toArray()) {
        if (Float.isFinite(v)) {
          g.writeNumber(v);
        } else {
          g.writeNull();
        }
      }
    }
    g.writeEndArray();
    if (ranked(t)) {
      g.writeArrayFieldStart("top");
      for (int row = 0; row < t.dim(0); row++) {
        g.writeStartArray();
        for (int i : largest(row(t, row, t.dim(1)), top)) {
          g.writeNumber(i);
        }
        g.writeEndArray();
      }
      g.writeEndArray();
    }
  }
}
