package dev.harpia.bench.start;

import dev.harpia.nn.io.onnx.OnnxModel;
import dev.harpia.nn.plan.Plan;
import java.io.IOException;
import java.nio.file.Path;

/** The model file that ONNX Runtime loads, too. */
public final class HarpiaOnnxStart {
  private HarpiaOnnxStart() {}

  /** Prints the answer of the model in the file named first. */
  public static void main(String[] args) throws IOException {
    Plan.Workspace w = OnnxModel.load(Path.of(args[0])).compile().newWorkspace();
    float[] y = new float[10];
    w.input().copyFrom(Answer.input());
    w.run();
    w.output().copyTo(y);
    Answer.print(y);
  }
}
