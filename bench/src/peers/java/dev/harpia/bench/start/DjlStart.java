package dev.harpia.bench.start;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;

/** The MLP with drawn weights in PyTorch, through DJL. */
public final class DjlStart {
  private DjlStart() {}

  /** Prints the answer of some weights. */
  public static void main(String[] args) throws TranslateException {
    try (Model model = Model.newInstance("mlp", Device.cpu(), "PyTorch")) {
      SequentialBlock block =
          new SequentialBlock()
              .add(Linear.builder().setUnits(128).build())
              .add(Activation::relu)
              .add(Linear.builder().setUnits(10).build())
              .add(list -> new NDList(list.singletonOrThrow().softmax(1)));
      block.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 784));
      model.setBlock(block);
      try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
        NDList x = new NDList(model.getNDManager().create(Answer.input(), new Shape(1, 784)));
        Answer.print(predictor.predict(x).singletonOrThrow().toFloatArray());
      }
    }
  }
}
