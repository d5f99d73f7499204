package dev.harpia.nn.io.onnx;

import java.util.List;
import java.util.Map;

/**
 * An operation in a model's graph.
 *
 * @param operator the operator, such as {@code Conv}
 * @param domain the operator set, empty for the standard one
 * @param name its name; may be empty
 * @param inputs the values that it reads; an empty name stands for one that is left out
 * @param outputs the values that it computes
 * @param offset where it ends in the file
 */
record OnnxNode(
    String operator,
    String domain,
    String name,
    List<String> inputs,
    List<String> outputs,
    Map<String, OnnxAttribute> attributes,
    long offset) {
  OnnxNode {
    domain = domain.equals("ai.onnx") ? "" : domain;
  }

  @Override
  public String toString() {
    String kind = domain.isEmpty() ? operator : domain + "." + operator;
    String first = outputs.isEmpty() ? "" : outputs.getFirst();
    return kind + " \"" + (name.isEmpty() ? first : name) + "\"";
  }
}
