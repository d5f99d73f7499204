package dev.harpia.models.serve;

import dev.harpia.nn.io.onnx.OnnxExport;
import java.io.IOException;
import java.nio.file.Path;

/** Networks that the labs saved, written as ONNX. */
public final class SavedExport {
  private SavedExport() {}

  /**
   * Writes a network.
   *
   * @param weights the {@code .safetensors} file of a network that is known here
   * @param batch how many items the written model takes at a time
   * @return what the network is
   */
  public static String write(Path weights, int batch, Path onnx) throws IOException {
    SavedNetwork network = SavedNetwork.load(weights);
    OnnxExport.save(network.layer(), network.item().insert(0, batch), network.type(), onnx);
    return network.toString();
  }
}
