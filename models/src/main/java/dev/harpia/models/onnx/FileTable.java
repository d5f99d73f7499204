package dev.harpia.models.onnx;

import dev.harpia.models.run.JsonLine;
import dev.harpia.nn.io.Npy;
import dev.harpia.nn.io.Npz;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.io.onnx.OnnxModel;
import dev.harpia.nn.io.onnx.OnnxTensor;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is in a file: an ONNX model's inputs, outputs, operators and constants, or the tensors of a
 * safetensors, npy or npz file.
 *
 * @param facts name and value of each fact about the whole
 * @param tensors the tensors, each with its type and shape
 */
public record FileTable(Map<String, String> facts, List<Row> tensors) {
  /** A tensor. */
  public record Row(String name, String type, String shape, long size) {
    static Row of(String name, Tensor t) {
      return new Row(name, t.type().name(), t.shape().toString(), t.size());
    }

    static Row of(OnnxTensor t) {
      return new Row(t.name(), t.type().name(), t.shape().toString(), t.shape().size());
    }
  }

  /** Reads a file, by the end of its name. */
  public static FileTable of(Path file) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".onnx")) {
      return of(OnnxModel.load(file));
    }
    if (name.endsWith(".safetensors")) {
      return of("safetensors", SafeTensors.load(file), SafeTensors.metadata(file));
    }
    if (name.endsWith(".npz")) {
      return of("npz", Npz.load(file), Map.of());
    }
    if (name.endsWith(".npy")) {
      return of("npy", Map.of("array", Npy.load(file)), Map.of());
    }
    throw new IllegalArgumentException(
        file + ": the name must end in .onnx, .safetensors, .npy or .npz");
  }

  private static FileTable of(
      String format, Map<String, Tensor> tensors, Map<String, String> metadata) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("format", format);
    metadata.forEach((key, value) -> facts.put("metadata " + key, value));
    List<Row> rows = new ArrayList<>();
    tensors.forEach((name, t) -> rows.add(Row.of(name, t)));
    return new FileTable(facts, rows);
  }

  private static FileTable of(OnnxModel model) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("format", "ONNX, version " + model.irVersion() + ", operator set " + model.opset());
    if (!model.producer().isEmpty()) {
      facts.put("producer", model.producer());
    }
    model.inputs().forEach(i -> facts.put("input " + i.name(), i.type() + " " + i.dims()));
    model.outputs().forEach(o -> facts.put("output " + o.name(), o.type() + " " + o.dims()));
    facts.put("operators", model.operators().toString());
    List<String> unsupported = model.unsupported();
    facts.put("unsupported", unsupported.isEmpty() ? "none" : String.join("; ", unsupported));
    return new FileTable(facts, model.constants().stream().map(Row::of).toList());
  }

  private long parameters() {
    return tensors.stream().mapToLong(Row::size).sum();
  }

  /** A table for people. */
  public String text() {
    StringBuilder out = new StringBuilder();
    int wide = facts.keySet().stream().mapToInt(String::length).max().orElse(0);
    facts.forEach((name, value) -> out.append(padded(name, wide)).append(value).append('\n'));
    int names = tensors.stream().mapToInt(t -> t.name().length()).max().orElse(0);
    for (Row t : tensors) {
      out.append(padded("  " + t.name(), names + 2))
          .append(padded(t.type(), 8))
          .append(t.shape())
          .append('\n');
    }
    return out.append(
            String.format(Locale.ROOT, "%d tensors, %,d elements%n", tensors.size(), parameters()))
        .toString();
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()) + 2);
  }

  /** The same as JSON. */
  public JsonLine json() {
    JsonLine line = new JsonLine();
    facts.forEach(line::put);
    JsonLine all = new JsonLine();
    tensors.forEach(t -> all.put(t.name(), t.type() + " " + t.shape()));
    return line.put("elements", parameters()).put("tensors", all);
  }
}
