package dev.harpia.bench.start;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Init;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;

/** Weights from a safetensors file into a model that is written in Java. */
public final class HarpiaStart {
  /** 784-128-10 with a softmax. */
  public static final class Mlp extends Layer {
    private final Layer body =
        layer("body", new Sequential(new Linear(784, 128), Activation.relu(), new Linear(128, 10)));

    /** With weights that are drawn. */
    public Mlp() {}

    @Override
    public Tensor forward(Tensor x) {
      return body.forward(x).softmax(-1);
    }
  }

  private HarpiaStart() {}

  /** Prints the answer of the weights in the file named first. */
  public static void main(String[] args) throws IOException {
    Mlp model = Init.blank(Mlp::new);
    SafeTensors.load(Path.of(args[0]), model);
    Plan.Workspace w = Plan.compile(model, Shape.of(1, 784)).newWorkspace();
    float[] y = new float[10];
    w.input().copyFrom(Answer.input());
    w.run();
    w.output().copyTo(y);
    Answer.print(y);
  }
}
