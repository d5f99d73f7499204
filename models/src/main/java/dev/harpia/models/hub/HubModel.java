package dev.harpia.models.hub;

import dev.harpia.models.transformer.Gpt;
import dev.harpia.models.transformer.GptConfig;
import dev.harpia.nn.Init;
import dev.harpia.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * GPT-2 and Llama models from a directory as Hugging Face publishes them: {@code config.json}, and
 * {@code model.safetensors} or the files that {@code model.safetensors.index.json} names. Weights
 * of 16 bits become F32.
 *
 * <pre>{@code
 * Gpt model = HubModel.load(Path.of("gpt2"));
 * Tokenizer tokenizer = BpeTokenizer.load(Path.of("gpt2/tokenizer.json"));
 * String text = new Generator(model)
 *     .complete(tokenizer, "The owl", 50, Sampling.at(0.8f), new Rng(1), t -> true);
 * }</pre>
 */
public final class HubModel {
  private HubModel() {}

  /** The sizes and the form that a directory's {@code config.json} describes. */
  public static GptConfig config(Path directory) throws IOException {
    return HubConfig.gpt(directory.resolve("config.json"));
  }

  /** The model of a directory, with all positions that it was made for. */
  public static Gpt load(Path directory) throws IOException {
    return load(directory, Integer.MAX_VALUE);
  }

  /**
   * The model of a directory, for at most {@code context} positions: what is kept of each position
   * while text is generated takes memory, and newer models are made for many.
   */
  public static Gpt load(Path directory, int context) throws IOException {
    if (context < 1) {
      throw new IllegalArgumentException("context: " + context + ": must be at least 1");
    }
    GptConfig published = config(directory);
    HubWeights weights = HubWeights.of(directory, new HubNames(published));
    GptConfig own = published.withContext(Math.min(context, published.context()));
    Gpt model = Init.blank(() -> new Gpt(own));
    weights.into(model.state());
    model.eval();
    return model;
  }

  /** All tensors of a published checkpoint for a configuration, by name, with their shapes. */
  public static Map<String, Shape> published(GptConfig c) {
    return HubWeights.published(new HubNames(c));
  }
}
