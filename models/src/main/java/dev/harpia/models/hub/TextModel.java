package dev.harpia.models.hub;

import dev.harpia.models.run.JsonFile;
import dev.harpia.models.transformer.BpeTokenizer;
import dev.harpia.models.transformer.ChatTemplate;
import dev.harpia.models.transformer.ChatTemplate.Message;
import dev.harpia.models.transformer.Gpt;
import dev.harpia.models.transformer.GptConfig;
import dev.harpia.models.transformer.GptFile;
import dev.harpia.models.transformer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A model that writes, with everything that belongs to it: a directory as Hugging Face publishes
 * GPT-2 and Llama models, or what {@code lab gpt} saved. Weights are not read before {@link #load},
 * so that a prompt can be counted first.
 *
 * <pre>{@code
 * TextModel source = TextModel.open(Path.of("gpt2"));
 * int[] prompt = source.encode("The owl");
 * var until = new Completion.Until(50, source::ends, List.of("\n\n"));
 * String text = new Generator(source.load(prompt.length + 50))
 *     .complete(source.tokenizer(), prompt, until, Sampling.at(0.8f), new Rng(1), t -> true)
 *     .text();
 * }</pre>
 */
public final class TextModel {
  @FunctionalInterface
  private interface Loader {
    Gpt load(int positions) throws IOException;
  }

  private final Path path;
  private final GptConfig config;
  private final Tokenizer tokenizer;
  private final int[] begin;
  private final Set<Integer> ends;
  private final Loader loader;

  private TextModel(
      Path path,
      GptConfig config,
      Tokenizer tokenizer,
      int[] begin,
      Set<Integer> ends,
      Loader loader) {
    this.path = path;
    this.config = config;
    this.tokenizer = tokenizer;
    this.begin = begin;
    this.ends = ends;
    this.loader = loader;
  }

  /** A directory with {@code config.json}, or a file or directory of {@code lab gpt}. */
  public static TextModel open(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return own(path);
    }
    if (Files.exists(path.resolve("config.json"))) {
      return published(path);
    }
    for (String name : List.of("model.safetensors", "checkpoint.safetensors")) {
      if (Files.exists(path.resolve(name))) {
        return own(path.resolve(name));
      }
    }
    throw new NoSuchFileException(
        path.toString(),
        null,
        "neither config.json, as Hugging Face has it, nor a model.safetensors of lab gpt in it");
  }

  private static TextModel own(Path file) throws IOException {
    GptFile read = GptFile.load(file);
    return new TextModel(
        file,
        read.model().config(),
        read.tokenizer(),
        new int[0],
        Set.of(),
        positions -> read.model());
  }

  private static TextModel published(Path directory) throws IOException {
    GptConfig config = HubModel.config(directory);
    Path file = directory.resolve("tokenizer.json");
    Tokenizer tokenizer = Tokenizer.load(file);
    if (tokenizer.size() > config.vocabulary()) {
      throw new IllegalArgumentException(
          "%s: %d tokens, config.json has vocab_size %d: made for another model"
              .formatted(file, tokenizer.size(), config.vocabulary()));
    }
    return new TextModel(
        directory,
        config,
        tokenizer,
        HubTokens.begin(file, JsonFile.read(file)),
        HubTokens.ends(directory),
        positions -> HubModel.load(directory, positions));
  }

  /** The sizes, with all positions that the model was made for. */
  public GptConfig config() {
    return config;
  }

  /** What turns text into tokens. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** The tokens of a text, after those with which the tokenizer's file begins every text. */
  public int[] encode(String text) {
    return IntStream.concat(IntStream.of(begin), IntStream.of(tokenizer.encode(text))).toArray();
  }

  /**
   * The form of conversations that the directory's {@code chat_template} has. The script itself is
   * not run: what it does besides, such as adding a message of its own, is left out.
   */
  public Chat chat() throws IOException {
    return ChatScript.read(Files.isDirectory(path) ? path : path.resolveSibling(""));
  }

  /** A conversation up to the beginning of the assistant's next answer. */
  public int[] encode(Chat chat, List<Message> messages) {
    if (!(tokenizer instanceof BpeTokenizer bpe)) {
      throw new IllegalArgumentException(
          path + ": its tokenizer has no special tokens: it has learnt no conversations");
    }
    IntStream first =
        chat.begin().isEmpty() ? IntStream.of() : IntStream.of(bpe.special(chat.begin()));
    return IntStream.concat(first, IntStream.of(chat.template().encode(bpe, messages, true)))
        .toArray();
  }

  /**
   * A form of conversations.
   *
   * @param begin a special token before the first message that is not the form's own; empty for
   *     none
   */
  public record Chat(ChatTemplate template, String begin) {
    /** Without a token before the first message. */
    public Chat(ChatTemplate template) {
      this(template, "");
    }

    /** Whether a token ends the assistant's answer. */
    public boolean ends(Tokenizer tokenizer, int token) {
      return tokenizer instanceof BpeTokenizer bpe && bpe.special(template.end()) == token;
    }
  }

  /** Whether a token stands for the end of a text. */
  public boolean ends(int token) {
    return ends.contains(token);
  }

  /**
   * The model, with room for at least so many positions, or for all that it was made for if those
   * are fewer.
   */
  public Gpt load(int positions) throws IOException {
    return loader.load(positions);
  }
}
