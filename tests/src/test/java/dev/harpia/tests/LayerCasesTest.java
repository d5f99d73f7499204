package dev.harpia.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Parameter;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Gradients of every layer, with respect to its input and its parameters. */
class LayerCasesTest {
  @TestFactory
  Stream<DynamicTest> gradients_are_the_derivatives() {
    return LayerCases.all().stream()
        .map(
            c -> {
              Rng.seed(3);
              Layer layer = c.layer().get();
              return DynamicTest.dynamicTest(layer.toString(), () -> check(c, layer));
            });
  }

  private static void check(LayerCases c, Layer layer) {
    List<Tensor> in = new ArrayList<>();
    in.add(c.input().apply(new Rng(5)));
    for (Parameter p : layer.parameters()) {
      in.add(p.value());
    }
    double worst =
        GradientCheck.worst(
            t -> {
              // layers that draw draw the same each time
              Rng.seed(11);
              return layer.forward(t[0]);
            },
            7,
            in.toArray(Tensor[]::new));
    assertThat(worst).isLessThan(GradientCheck.TOLERANCE);
  }

  @Test
  void every_layer_has_a_case() {
    Set<String> known = new TreeSet<>();
    for (JavaClass c :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.harpia.nn")) {
      if (c.isAssignableTo(Layer.class)
          && c.getModifiers().contains(JavaModifier.PUBLIC)
          && !c.getModifiers().contains(JavaModifier.ABSTRACT)) {
        known.add(c.getName());
      }
    }
    assertThat(known).hasSizeGreaterThan(40);
    for (LayerCases c : LayerCases.all()) {
      known.remove(c.layer().get().getClass().getName());
    }
    assertThat(known).as("layers without a case in LayerCases").isEmpty();
  }
}
