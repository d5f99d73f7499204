package dev.harpia.bench.peers;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.harpia.bench.suite.Call;
import dev.harpia.bench.suite.OnnxFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model file in ONNX Runtime: heap arrays in, heap arrays out, through direct buffers that stay.
 */
final class OnnxFileCall implements Call {
  private final OrtSession session;
  private final Map<String, OnnxTensor> in = new HashMap<>();
  private final List<Runnable> before = new ArrayList<>();
  private final Map<String, float[]> results = new HashMap<>();

  OnnxFileCall(OrtEnvironment env, OrtSession session, String workload) throws OrtException {
    this.session = session;
    for (NodeInfo i : session.getInputInfo().values()) {
      TensorInfo info = (TensorInfo) i.getInfo();
      int[] dims = OnnxFiles.dims(workload, i.getName());
      in.put(i.getName(), tensor(env, info.type, dims));
    }
    try (OrtSession.Result first = session.run(in)) {
      for (Map.Entry<String, ai.onnxruntime.OnnxValue> e : first) {
        FloatBuffer y = ((OnnxTensor) e.getValue()).getFloatBuffer();
        results.put(e.getKey(), new float[y.remaining()]);
      }
    }
  }

  private OnnxTensor tensor(OrtEnvironment env, OnnxJavaType type, int... dims)
      throws OrtException {
    if (dims.length == 0) {
      return OnnxTensor.createTensor(env, OnnxFiles.RATE);
    }
    long[] shape = new long[dims.length];
    int n = 1;
    for (int d = 0; d < dims.length; d++) {
      shape[d] = dims[d];
      n *= dims[d];
    }
    ByteBuffer memory = ByteBuffer.allocateDirect(4 * n).order(ByteOrder.nativeOrder());
    if (type == OnnxJavaType.FLOAT) {
      FloatBuffer b = memory.asFloatBuffer();
      float[] v = OnnxFiles.values(n);
      before.add(() -> b.put(0, v));
      b.put(0, v);
      return OnnxTensor.createTensor(env, b, shape);
    }
    IntBuffer b = memory.asIntBuffer();
    int[] v = OnnxFiles.integers(n);
    before.add(() -> b.put(0, v));
    b.put(0, v);
    return OnnxTensor.createTensor(env, b, shape);
  }

  @Override
  public void run() throws OrtException {
    for (Runnable r : before) {
      r.run();
    }
    try (OrtSession.Result result = session.run(in)) {
      for (Map.Entry<String, ai.onnxruntime.OnnxValue> e : result) {
        float[] to = results.get(e.getKey());
        if (to == null) {
          throw new IllegalStateException("an output that was not there at first: " + e.getKey());
        }
        ((OnnxTensor) e.getValue()).getFloatBuffer().get(to);
      }
    }
  }
}
