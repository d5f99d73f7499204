package dev.harpia.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExprDerivativeTest {
  private static final Expr X = Expr.x(0);
  private static final Expr Y = Expr.x(1);

  private static double at(Expr e, double... xs) {
    return e.eval(xs, new double[0]);
  }

  private static double slope(Expr e, double x) {
    return at(e.derivative(0), x, 0);
  }

  private static Map<String, Expr> smooth() {
    Map<String, Expr> m = new LinkedHashMap<>();
    m.put("arithmetic", X.mul(Y).add(X.div(Y)).sub(X.fma(X, Y)).neg());
    m.put("sqrt", X.square().add(1).sqrt());
    m.put("rsqrt", X.square().add(1).rsqrt());
    m.put("reciprocal", X.square().add(1).reciprocal());
    m.put("exp", X.exp());
    m.put("expm1", X.expm1());
    m.put("log", X.square().add(0.5).log());
    m.put("log1p", X.square().log1p());
    m.put("log2", X.square().add(0.5).log2());
    m.put("tanh", X.tanh());
    m.put("sigmoid", X.sigmoid());
    m.put("softplus", X.softplus());
    m.put("erf", X.erf());
    m.put("normalCdf", X.normalCdf());
    m.put("sin", X.sin());
    m.put("cos", X.cos());
    m.put("tan", X.mul(0.3).tan());
    m.put("sinh", X.sinh());
    m.put("cosh", X.cosh());
    m.put("atan", X.atan());
    m.put("pow3", X.pow(3));
    m.put("powReal", X.square().add(0.5).pow(1.7));
    m.put("powExpr", X.square().add(0.5).pow(X.add(Y)));
    m.put("gelu", Activations.gelu(X));
    m.put("geluTanh", Activations.geluTanh(X));
    m.put("silu", Activations.silu(X));
    m.put("mish", Activations.mish(X));
    m.put("softsign", Activations.softsign(X.add(5)));
    m.put("tanhshrink", Activations.tanhshrink(X));
    m.put("logSigmoid", Activations.logSigmoid(X));
    m.put("selu", Activations.selu(X.add(5)));
    m.put("selu-", Activations.selu(X.sub(5)));
    m.put("elu-", Activations.elu(X.sub(5), 0.7));
    m.put("celu-", Activations.celu(X.sub(5), 1.3));
    m.put("leaky", Activations.leakyRelu(X.sub(5), 0.01));
    m.put("max", X.max(Y.add(7)).add(X.max(Y.sub(7))));
    m.put("min", X.min(Y.add(7)).add(X.min(Y.sub(7))));
    m.put("abs", X.add(5).abs().add(X.sub(5).abs()));
    m.put("composed", X.mul(Y).tanh().compose(Y.add(X), X.sin()));
    return m;
  }

  @Test
  void derivativesAgreeWithDifferenceQuotients() {
    Random random = new Random(1);
    smooth()
        .forEach(
            (name, e) -> {
              for (int t = 0; t < 50; t++) {
                double x = 4 * random.nextDouble() - 2;
                double y = 1 + random.nextDouble();
                double h = 1e-5;
                double dx = (at(e, x + h, y) - at(e, x - h, y)) / (2 * h);
                double dy = (at(e, x, y + h) - at(e, x, y - h)) / (2 * h);
                assertThat(at(e.derivative(0), x, y))
                    .as("%s by x0 at %s, %s", name, x, y)
                    .isCloseTo(dx, within(1e-7 * Math.max(1, Math.abs(dx))));
                assertThat(at(e.derivative(1), x, y))
                    .as("%s by x1 at %s, %s", name, x, y)
                    .isCloseTo(dy, within(1e-7 * Math.max(1, Math.abs(dy))));
              }
            });
  }

  @Test
  void kinksAsInPyTorch() {
    assertThat(slope(Activations.relu(X), 0)).isZero();
    assertThat(slope(Activations.relu6(X), 0)).isZero();
    assertThat(slope(Activations.relu6(X), 6)).isZero();
    assertThat(slope(Activations.leakyRelu(X, 0.1), 0)).isEqualTo(0.1);
    assertThat(slope(Activations.elu(X, 0.7), 0)).isEqualTo(0.7);
    assertThat(slope(Activations.hardtanh(X, -1, 1), 1)).isZero();
    assertThat(slope(Activations.hardtanh(X, -1, 1), -1)).isZero();
    assertThat(slope(Activations.clamp(X, Expr.c(-1), Expr.c(1)), 1)).isEqualTo(1);
    assertThat(slope(Activations.clamp(X, Expr.c(-1), Expr.c(1)), 1.5)).isZero();
    assertThat(slope(Activations.hardsigmoid(X), 3)).isZero();
    assertThat(slope(Activations.hardsigmoid(X), -3)).isZero();
    assertThat(slope(Activations.softshrink(X, 0.5), 0.5)).isZero();
    assertThat(slope(Activations.hardshrink(X, 0.5), -0.5)).isZero();
    assertThat(slope(Activations.threshold(X, 0.5, 9), 0.5)).isZero();
    assertThat(slope(Activations.softsign(X), 0)).isEqualTo(1);
    assertThat(slope(X.abs(), 0)).isZero();
    assertThat(at(X.max(Y).derivative(0), 2, 2)).isEqualTo(0.5);
    assertThat(at(X.min(Y).derivative(1), 2, 2)).isEqualTo(0.5);
    assertThat(at(X.pow(Y).derivative(0), 0, 0)).isZero();
    assertThat(at(X.pow(Y).derivative(1), 0, 2)).isZero();
  }

  @Test
  void noNaNWhereTheValueIsFinite() {
    for (double x : new double[] {-1e4, -200, -90, 0, 90, 200, 1e4}) {
      smooth()
          .forEach(
              (name, e) -> {
                boolean bounded =
                    name.matches(
                        "tanh|sigmoid|softplus|erf|normalCdf|sin|cos|atan|gelu|geluTanh|silu|mish|logSigmoid");
                if (bounded) {
                  assertThat(slope(e, x)).as("%s at %s", name, x).isFinite();
                }
              });
    }
  }

  @Test
  void textAndSize() {
    Expr e = X.mul(X.sigmoid()).add(Expr.p(0)).max(0);
    assertThat(e).hasToString("max(((x0 * sigmoid(x0)) + p0),0)");
    assertThat(e.operations()).isEqualTo(4);
    assertThat(Expr.c(2).mul(Expr.c(3)).add(Expr.c(0.5))).hasToString("6.5");
    Expr deep = X;
    for (int i = 0; i < 200; i++) {
      deep = deep.mul(deep);
    }
    assertThat(deep.operations()).isEqualTo(200);
    assertThat(deep.toString().length()).isLessThan(2100);
    assertThat(deep.derivative(0).operations()).isLessThan(1000);
  }
}
