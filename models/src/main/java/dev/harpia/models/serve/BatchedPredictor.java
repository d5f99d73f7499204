package dev.harpia.models.serve;

import dev.harpia.nn.plan.MicroBatcher;
import dev.harpia.nn.plan.WorkspacePool;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/** Requests for one item each, gathered into batches. */
final class BatchedPredictor implements Predictor {
  private final MicroBatcher batcher;
  private final Port input;
  private final Port output;

  /** The ports are those of one item. */
  BatchedPredictor(MicroBatcher batcher, Port input, Port output) {
    this.batcher = batcher;
    this.input = input;
    this.output = output;
  }

  @Override
  public List<Port> inputs() {
    return List.of(input);
  }

  @Override
  public List<Port> outputs() {
    return List.of(output);
  }

  @Override
  public byte[] predict(byte[] in) {
    float[] x = new float[in.length / 4];
    floats(in).get(x);
    float[] y = new float[Math.toIntExact(output.shape().size())];
    batcher.run(x, y);
    byte[] out = new byte[4 * y.length];
    floats(out).put(y);
    return out;
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  MicroBatcher batcher() {
    return batcher;
  }

  @Override
  public Optional<WorkspacePool> pool() {
    return Optional.empty();
  }

  @Override
  public void close() {
    batcher.close();
  }
}
