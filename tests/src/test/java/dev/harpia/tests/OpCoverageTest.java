package dev.harpia.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.harpia.tensor.Node;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.CachedAttention;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** No operation without a line in {@link OpCases}. */
class OpCoverageTest {
  /**
   * What plans replace operations by, and the integer arithmetic of imported graphs: neither has
   * gradients, and the tests of plans and of the import are theirs.
   */
  private static final Set<String> ELSEWHERE =
      Set.of("dev.harpia.nn.plan", "dev.harpia.nn.io.onnx");

  @Test
  void every_operation_has_a_case() {
    Set<String> known = new TreeSet<>();
    for (JavaClass c :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.harpia.tensor", "dev.harpia.nn", "dev.harpia.models")) {
      if (c.isAssignableTo(Op.class)
          && !c.isInterface()
          && !ELSEWHERE.contains(c.getPackageName())) {
        known.add(c.getName());
      }
    }
    assertThat(known).hasSizeGreaterThan(25);
    Set<String> covered = new TreeSet<>();
    // it changes its operands, and has a test of its own
    covered.add(CachedAttention.class.getName());
    for (OpCase c : OpCases.all()) {
      covered.add(c.op().getName());
      collect(c.apply().apply(c.inputs().of(new Rng(1), 5)).node(), covered);
    }
    known.removeAll(covered);
    assertThat(known).as("operations without a case in OpCases").isEmpty();
  }

  private static void collect(@Nullable Node root, Set<String> ops) {
    ArrayDeque<Node> todo = new ArrayDeque<>();
    if (root != null) {
      todo.add(root);
    }
    while (!todo.isEmpty()) {
      Node n = todo.pop();
      ops.add(n.op().getClass().getName());
      for (Tensor t : n.inputs()) {
        Node from = t.node();
        if (from != null) {
          todo.push(from);
        }
      }
    }
  }
}
