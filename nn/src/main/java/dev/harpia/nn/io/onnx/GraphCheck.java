package dev.harpia.nn.io.onnx;

import dev.harpia.nn.io.FormatException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Checks that every value is computed once, and before it is read: so graphs have no cycles. */
final class GraphCheck {
  private final Path file;

  private GraphCheck(Path file) {
    this.file = file;
  }

  static void check(Path file, OnnxGraph graph) throws FormatException {
    if (graph.outputs().isEmpty()) {
      throw new FormatException(file, 0, "expected a graph with outputs");
    }
    new GraphCheck(file).check(graph, new HashSet<>());
  }

  private void check(OnnxGraph graph, Set<String> outer) throws FormatException {
    Set<String> own = new HashSet<>(graph.initializers().keySet());
    for (OnnxInput i : graph.inputs()) {
      own.add(i.name());
    }
    Set<String> known = outer; // grows while this graph is checked, and shrinks back
    Set<String> added = new HashSet<>();
    for (String name : own) {
      if (known.add(name)) {
        added.add(name);
      }
    }
    for (OnnxNode node : graph.nodes()) {
      for (String in : node.inputs()) {
        if (!in.isEmpty() && !known.contains(in)) {
          throw new FormatException(
              file,
              node.offset(),
              "node "
                  + node
                  + " reads \""
                  + in
                  + "\", which no input, constant or earlier node supplies: the graph has a cycle,"
                  + " or its nodes are out of order");
        }
      }
      for (OnnxAttribute a : node.attributes().values()) {
        if (a.graph() != null) {
          check(a.graph(), known);
        }
      }
      for (String out : node.outputs()) {
        if (out.isEmpty()) {
          continue;
        }
        if (!own.add(out)) {
          throw new FormatException(
              file, node.offset(), "node " + node + ": value \"" + out + "\" is computed twice");
        }
        if (known.add(out)) {
          added.add(out);
        }
      }
    }
    for (OnnxInput out : graph.outputs()) {
      if (!known.contains(out.name())) {
        throw new FormatException(
            file, 0, "expected a node that computes the output \"" + out.name() + "\"");
      }
    }
    known.removeAll(added);
  }
}
