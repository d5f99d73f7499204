package dev.harpia.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.harpia.bench.suite.Call;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Greedy decoding, 255 steps. Each cache is bound as an input and as the output that replaces it,
 * so that the runtime writes one row instead of copying all.
 */
final class OnnxDecode implements Call {
  private static final int D = OnnxGpt.WIDTH / OnnxGpt.HEADS;

  private final OrtSession session;
  private final Map<String, OnnxTensor> in = new HashMap<>();
  private final Map<String, OnnxTensor> out = new HashMap<>();
  private final LongBuffer token = OnnxRuntimeEngine.longs(1);
  private final LongBuffer position = OnnxRuntimeEngine.longs(1);
  private final LongBuffer rows = OnnxRuntimeEngine.longs(OnnxGpt.WIDTH);
  private final FloatBuffer mask = OnnxRuntimeEngine.floats(OnnxGpt.LENGTH);
  private final FloatBuffer logits = OnnxRuntimeEngine.floats(OnnxGpt.VOCABULARY);
  private final float[] read = new float[OnnxGpt.VOCABULARY];

  OnnxDecode(OrtEnvironment env, OrtSession session) throws OrtException {
    this.session = session;
    in.put("x", OnnxTensor.createTensor(env, token, new long[] {1, 1}));
    in.put("position", OnnxTensor.createTensor(env, position, new long[] {1}));
    in.put("rows", OnnxTensor.createTensor(env, rows, new long[] {1, OnnxGpt.HEADS, 1, D}));
    in.put("mask", OnnxTensor.createTensor(env, mask, new long[] {OnnxGpt.LENGTH}));
    out.put("y", OnnxTensor.createTensor(env, logits, new long[] {1, 1, OnnxGpt.VOCABULARY}));
    for (int i = 0; i < OnnxGpt.LAYERS; i++) {
      for (String name : new String[] {"k" + i, "v" + i}) {
        OnnxTensor cache =
            OnnxTensor.createTensor(
                env,
                OnnxRuntimeEngine.floats(OnnxGpt.LENGTH * OnnxGpt.WIDTH),
                new long[] {1, OnnxGpt.HEADS, OnnxGpt.LENGTH, D});
        in.put(name, cache);
        out.put(name + "new", cache);
      }
    }
  }

  @Override
  public void run() throws Exception {
    for (int j = 0; j < OnnxGpt.LENGTH; j++) {
      mask.put(j, -1e9f);
    }
    int next = 0;
    for (int t = 0; t < OnnxGpt.LENGTH - 1; t++) {
      token.put(0, next);
      position.put(0, t);
      mask.put(t, 0);
      for (int i = 0; i < rows.capacity(); i++) {
        rows.put(i, t);
      }
      session.run(in, out).close();
      logits.get(0, read);
      next = 0;
      for (int i = 1; i < read.length; i++) {
        if (read[i] > read[next]) {
          next = i;
        }
      }
    }
  }
}
