package dev.harpia.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.junit.jupiter.api.Test;

/**
 * Two calls of the Vector API give different bits in interpreted and in compiled code, so no kernel
 * makes them: sums and products across the lanes of floats, whose order is open, and transcendental
 * functions, which the compiler takes from another library.
 */
class VectorRulesTest {
  private static final Set<String> TRANSCENDENTAL =
      Set.of(
          "SIN", "COS", "TAN", "ASIN", "ACOS", "ATAN", "ATAN2", "SINH", "COSH", "TANH", "EXP",
          "EXPM1", "LOG", "LOG10", "LOG1P", "CBRT", "POW", "HYPOT");
  private static final Set<String> ORDER_IS_OPEN = Set.of("ADD", "MUL");
  private static final Set<String> FLOATS = Set.of("FloatVector", "DoubleVector");

  @Test
  void noKernelUsesWhatIsNotReproducible() throws IOException {
    List<Path> classes = Sources.files(Sources.PUBLISHED, "target/classes", ".class");
    assertThat(classes).isNotEmpty();
    List<String> found = new ArrayList<>();
    for (Path file : classes) {
      found.addAll(violations(ClassFile.of().parse(file)));
    }
    assertThat(found).isEmpty();
  }

  @Test
  void theRulesRecogniseViolations() throws IOException {
    ClassModel probe = ClassFile.of().parse(probe());
    assertThat(violations(probe))
        .satisfiesExactlyInAnyOrder(
            v -> assertThat(v).contains("sum: reduceLanes(ADD)"),
            v -> assertThat(v).contains("exponential: EXP"));
  }

  private static List<String> violations(ClassModel model) {
    return model.methods().stream()
        .flatMap(m -> violations(model.thisClass().asInternalName(), m))
        .toList();
  }

  private static Stream<String> violations(String owner, MethodModel method) {
    List<String> found = new ArrayList<>();
    String operator = "";
    for (CodeElement element : method.code().map(c -> c.elementList()).orElse(List.of())) {
      if (element instanceof FieldInstruction f
          && f.owner().asInternalName().endsWith("/VectorOperators")) {
        operator = f.name().stringValue();
        if (TRANSCENDENTAL.contains(operator)) {
          found.add(owner + "." + method.methodName() + ": " + operator);
        }
      } else if (element instanceof InvokeInstruction call
          && call.name().equalsString("reduceLanes")
          && FLOATS.contains(call.owner().asInternalName().replaceFirst(".*/", ""))
          && ORDER_IS_OPEN.contains(operator)) {
        found.add(owner + "." + method.methodName() + ": reduceLanes(" + operator + ")");
      }
    }
    return found.stream();
  }

  private static byte[] probe() throws IOException {
    try (var in = VectorRulesTest.class.getResourceAsStream("VectorRulesTest$Probe.class")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  /** Code that breaks both rules, and code that only looks like it. */
  static final class Probe {
    private Probe() {}

    static float sum(FloatVector v) {
      return v.reduceLanes(VectorOperators.ADD);
    }

    static float greatest(FloatVector v) {
      return v.reduceLanes(VectorOperators.MAX);
    }

    static int sum(IntVector v) {
      return v.reduceLanes(VectorOperators.ADD);
    }

    static FloatVector exponential(FloatVector v) {
      return v.lanewise(VectorOperators.EXP);
    }
  }
}
