package dev.harpia.nn.io.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A model is sound but has nodes that cannot be run here; all of them are listed. */
public final class UnsupportedNodesException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String[] nodes;

  /** What is unsupported in a file. */
  public UnsupportedNodesException(Path file, List<String> nodes) {
    super(file + ": unsupported: " + String.join("\n  ", nodes));
    this.nodes = nodes.toArray(String[]::new);
  }

  /** The nodes: operator, name, operator set and, where it is known, what of it is unsupported. */
  public List<String> nodes() {
    return List.of(nodes);
  }
}
