package dev.harpia.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.nn.Parameter;
import dev.harpia.nn.optim.ASGD;
import dev.harpia.nn.optim.Adadelta;
import dev.harpia.nn.optim.Adagrad;
import dev.harpia.nn.optim.Adam;
import dev.harpia.nn.optim.AdamW;
import dev.harpia.nn.optim.Adamax;
import dev.harpia.nn.optim.Clip;
import dev.harpia.nn.optim.Lion;
import dev.harpia.nn.optim.NAdam;
import dev.harpia.nn.optim.Optimizer;
import dev.harpia.nn.optim.RAdam;
import dev.harpia.nn.optim.RMSprop;
import dev.harpia.nn.optim.Rprop;
import dev.harpia.nn.optim.SGD;
import dev.harpia.tensor.Gradients;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every rule's trajectory is PyTorch's, on two problems and on gradients that are given. */
class OptimizerGoldenTest {
  private static final Set<String> KNOWN =
      Set.of(
          "lr",
          "problem",
          "steps",
          "formula",
          "note",
          "betas",
          "eps",
          "weight_decay",
          "momentum",
          "dampening",
          "nesterov",
          "maximize",
          "amsgrad",
          "alpha",
          "centered",
          "lr_decay",
          "initial_accumulator_value",
          "rho",
          "momentum_decay");

  @Test
  void allCasesAreThere() {
    assertThat(RecordedCase.ofGroup("optim")).hasSize(92);
  }

  @TestFactory
  Stream<DynamicTest> trajectories() {
    return RecordedCase.ofGroup("optim")
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.toString(),
                    () -> {
                      switch (c.op()) {
                        case "ClipGradNorm" -> clipNorm(c);
                        case "ClipGradValue" -> clipValue(c);
                        default -> trajectory(c);
                      }
                    }));
  }

  private static Tensor tensor(RecordedCase c, String name) {
    return Tensor.of(c.floats(name), Shape.of(c.shape(name))).copy();
  }

  private static void trajectory(RecordedCase c) {
    assertThat(KNOWN).containsAll(c.settings().keySet());
    List<Parameter> parameters = new ArrayList<>();
    for (String name : List.of("W1", "b1", "W2", "b2", "x", "p")) {
      if (c.values().data().containsKey("param." + name)) {
        parameters.add(new Parameter(name, tensor(c, "param." + name)));
      }
    }
    Optimizer optimizer = optimizer(c, parameters);
    List<Tensor> targets = parameters.stream().map(Parameter::value).toList();
    int steps = (int) c.number("steps", 0);
    List<Double> trajectory = new ArrayList<>();
    List<Double> gradients = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    targets.forEach(t -> append(trajectory, t));
    for (int s = 0; s < steps; s++) {
      try (var _ = Scope.open()) {
        Tensor loss = loss(c, targets, s);
        losses.add((double) loss.item());
        Gradients g = Gradients.of(loss, targets);
        targets.forEach(t -> append(gradients, g.wrt(t)));
        optimizer.step(g);
      }
      targets.forEach(t -> append(trajectory, t));
    }
    same(c, "out.trajectory", trajectory);
    if (c.has("problem")) {
      same(c, "out.gradients", gradients);
      same(c, "out.losses", losses);
    }
  }

  private static Tensor loss(RecordedCase c, List<Tensor> p, int step) {
    if (!c.has("problem")) {
      return p.get(0).mul(tensor(c, "in.G").slice(0, step, step + 1)).sum();
    } else if (c.text("problem").equals("mlp")) {
      Tensor hidden = tensor(c, "in.X").matmulT(p.get(0)).add(p.get(1)).tanh();
      Tensor error = hidden.matmulT(p.get(2)).add(p.get(3)).sub(tensor(c, "in.Y"));
      return error.mul(error).mean();
    }
    Tensor x = p.get(0);
    Tensor ax = x.reshape(1, -1).matmulT(tensor(c, "in.A")).reshape(-1);
    return x.mul(ax).sum().mul(0.5f).sub(x.mul(tensor(c, "in.b")).sum());
  }

  private static void append(List<Double> all, Tensor t) {
    for (float v : t.toArray()) {
      all.add((double) v);
    }
  }

  private static void same(RecordedCase c, String name, List<Double> got) {
    double[] expected = c.doubles(name);
    assertThat(got).as(name).hasSize(expected.length);
    double allowed = c.allowed(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(got.get(i)).as("%s[%d]", name, i).isCloseTo(expected[i], within(allowed));
    }
  }

  private static Optimizer optimizer(RecordedCase c, List<Parameter> parameters) {
    double rate = c.number("lr", Double.NaN);
    double[] b = c.numbers("betas", 0.9, 0.999);
    double epsilon = c.number("eps", 1e-8);
    Optimizer o =
        switch (c.op().replace("Optim", "").replace("FixedGrad", "")) {
          case "SGD" -> {
            SGD sgd =
                new SGD(parameters, rate)
                    .momentum(c.number("momentum", 0))
                    .dampening(c.number("dampening", 0));
            yield c.flag("nesterov") ? sgd.nesterov() : sgd;
          }
          case "Adam" -> {
            Adam adam = new Adam(parameters, rate).betas(b[0], b[1]).epsilon(epsilon);
            yield c.flag("amsgrad") ? adam.amsgrad() : adam;
          }
          case "AdamW" -> {
            AdamW adam = new AdamW(parameters, rate).betas(b[0], b[1]).epsilon(epsilon);
            yield c.flag("amsgrad") ? adam.amsgrad() : adam;
          }
          case "Adamax" -> new Adamax(parameters, rate).betas(b[0], b[1]).epsilon(epsilon);
          case "NAdam" ->
              new NAdam(parameters, rate)
                  .betas(b[0], b[1])
                  .epsilon(epsilon)
                  .momentumDecay(c.number("momentum_decay", 4e-3));
          case "RAdam" -> new RAdam(parameters, rate).betas(b[0], b[1]).epsilon(epsilon);
          case "RMSprop" -> {
            RMSprop rms =
                new RMSprop(parameters, rate)
                    .alpha(c.number("alpha", 0.99))
                    .epsilon(epsilon)
                    .momentum(c.number("momentum", 0));
            yield c.flag("centered") ? rms.centered() : rms;
          }
          case "Adagrad" ->
              new Adagrad(parameters, rate)
                  .rateDecay(c.number("lr_decay", 0))
                  .initialSum(c.number("initial_accumulator_value", 0));
          case "Adadelta" ->
              new Adadelta(parameters, rate)
                  .rho(c.number("rho", 0.9))
                  .epsilon(c.number("eps", 1e-6));
          case "ASGD" -> new ASGD(parameters, rate);
          case "Rprop" -> new Rprop(parameters, rate);
          case "Lion" -> new Lion(parameters, rate);
          default -> throw new IllegalArgumentException(c.op());
        };
    if (c.has("weight_decay")) {
      o.decay(c.number("weight_decay", 0));
    }
    return c.flag("maximize") ? o.maximize() : o;
  }

  private static List<Tensor> gradients(RecordedCase c) {
    return Stream.of("g0", "g1", "g2")
        .filter(g -> c.values().data().containsKey("in." + g))
        .map(g -> tensor(c, "in." + g))
        .toList();
  }

  private static void clipNorm(RecordedCase c) {
    String type = c.text("norm_type");
    double p = type.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(type);
    List<Tensor> g = gradients(c);
    double norm = Clip.norm(g, c.number("max_norm", 0), p);
    same(c, "out.total_norm", List.of(norm));
    clipped(c, g);
  }

  private static void clipValue(RecordedCase c) {
    List<Tensor> g = gradients(c);
    Clip.value(g, c.number("clip_value", 0));
    clipped(c, g);
  }

  private static void clipped(RecordedCase c, List<Tensor> g) {
    for (int i = 0; i < g.size(); i++) {
      List<Double> got = new ArrayList<>();
      append(got, g.get(i));
      same(c, "out.g" + i, got);
    }
  }
}
