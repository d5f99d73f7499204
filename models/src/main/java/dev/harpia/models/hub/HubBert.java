package dev.harpia.models.hub;

import dev.harpia.models.bert.Bert;
import dev.harpia.models.bert.BertConfig;
import dev.harpia.models.bert.MaskedLanguageModel;
import dev.harpia.models.bert.TextClassifier;
import dev.harpia.nn.Init;
import dev.harpia.nn.Layer;
import dev.harpia.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * BERT from a directory as Hugging Face publishes it: {@code config.json}, and {@code
 * model.safetensors} or several files with an index. The encoder is in all of them, a head only
 * where one was saved. Weights of 16 bits become F32.
 *
 * <pre>{@code
 * var tokenizer = WordPieceTokenizer.load(Path.of("bert-base-uncased/tokenizer.json"));
 * MaskedLanguageModel model = HubBert.masked(Path.of("bert-base-uncased"));
 * int[] ids = tokenizer.encode("[CLS] Owls see well at [MASK]. [SEP]");
 * Tensor logits = model.forward(Tensor.of(ids).reshape(1, ids.length)); // [1, T, V]
 * }</pre>
 */
public final class HubBert {
  /** What stands on the encoder. */
  public enum Head {
    /** Nothing. */
    NONE,
    /** {@link MaskedLanguageModel}. */
    MASKED,
    /** {@link TextClassifier}. */
    CLASSIFIER
  }

  private HubBert() {}

  /** The sizes that a directory's {@code config.json} describes; without dropout. */
  public static BertConfig config(Path directory) throws IOException {
    return HubConfig.bert(directory.resolve("config.json"));
  }

  /** The encoder of a directory, for evaluation. */
  public static Bert load(Path directory) throws IOException {
    BertConfig c = config(directory);
    return filled(directory, c, Head.NONE, 1, Init.blank(() -> new Bert(c)));
  }

  /** The encoder that guesses hidden words, for evaluation. */
  public static MaskedLanguageModel masked(Path directory) throws IOException {
    BertConfig c = config(directory);
    MaskedLanguageModel model = Init.blank(() -> new MaskedLanguageModel(new Bert(c)));
    return filled(directory, c, Head.MASKED, 1, model);
  }

  /** The encoder that sorts texts into as many classes as the configuration names. */
  public static TextClassifier classifier(Path directory) throws IOException {
    BertConfig c = config(directory);
    int classes = HubConfig.classes(directory.resolve("config.json"));
    TextClassifier model = Init.blank(() -> new TextClassifier(new Bert(c), classes));
    return filled(directory, c, Head.CLASSIFIER, classes, model);
  }

  private static <L extends Layer> L filled(
      Path directory, BertConfig c, Head head, int classes, L model) throws IOException {
    HubWeights.of(directory, new BertNames(c, head, classes)).into(model.state());
    model.eval();
    return model;
  }

  /** All tensors of a published checkpoint for a configuration, by name, with their shapes. */
  public static Map<String, Shape> published(BertConfig c, Head head, int classes) {
    return HubWeights.published(new BertNames(c, head, classes));
  }
}
