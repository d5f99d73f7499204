package dev.harpia.bench.start;

import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The MLP with drawn weights in LibTorch, through bytedeco's bindings. */
public final class TorchStart {
  private TorchStart() {}

  /** Prints the answer of some weights. */
  public static void main(String[] args) {
    torch.set_num_threads(Integer.getInteger("threads", 1));
    UnaryOperator<Tensor> first = linear(784, 128);
    UnaryOperator<Tensor> second = linear(128, 10);
    float[] y = new float[10];
    try (FloatPointer memory = new FloatPointer(Answer.input());
        InferenceMode _ = new InferenceMode(true)) {
      Tensor x = torch.from_blob(memory, new long[] {1, 784});
      Tensor p = torch.softmax(second.apply(torch.relu(first.apply(x))), 1);
      new FloatPointer(p.data_ptr()).get(y);
    }
    Answer.print(y);
  }

  private static UnaryOperator<Tensor> linear(long in, long out) {
    Tensor w = torch.randn(out, in);
    Tensor b = torch.randn(out);
    return x -> torch.linear(x, w, b);
  }
}
