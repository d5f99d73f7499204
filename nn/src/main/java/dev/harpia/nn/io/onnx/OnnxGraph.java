package dev.harpia.nn.io.onnx;

import java.util.List;
import java.util.Map;

/** Values and the nodes that compute them, in order. */
record OnnxGraph(
    String name,
    List<OnnxNode> nodes,
    Map<String, OnnxTensor> initializers,
    List<OnnxInput> inputs,
    List<OnnxInput> outputs) {
  /** The inputs that a caller supplies: old files list constants as inputs, too. */
  List<OnnxInput> free() {
    return inputs.stream().filter(i -> !initializers.containsKey(i.name())).toList();
  }
}
