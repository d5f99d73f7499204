package dev.harpia.bench.start;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;

/** A model file in ONNX Runtime. */
public final class OnnxRuntimeStart {
  private OnnxRuntimeStart() {}

  /** Prints the answer of the model in the file named first. */
  public static void main(String[] args) throws OrtException {
    OrtEnvironment env = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(Integer.getInteger("threads", 1));
      options.setInterOpNumThreads(1);
      try (OrtSession session = env.createSession(args[0], options);
          OnnxTensor x =
              OnnxTensor.createTensor(env, FloatBuffer.wrap(Answer.input()), new long[] {1, 784});
          OrtSession.Result result = session.run(Map.of("x", x))) {
        float[] y = new float[10];
        ((OnnxTensor) result.get(0)).getFloatBuffer().get(y);
        Answer.print(y);
      }
    }
  }
}
