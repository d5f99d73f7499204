package dev.harpia.models.cli;

import dev.harpia.models.hub.TextModel;
import dev.harpia.models.hub.TextModel.Chat;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.transformer.BeamSearch;
import dev.harpia.models.transformer.ChatTemplate;
import dev.harpia.models.transformer.ChatTemplate.Message;
import dev.harpia.models.transformer.Completion;
import dev.harpia.models.transformer.Completion.Until;
import dev.harpia.models.transformer.Generator;
import dev.harpia.models.transformer.Gpt;
import dev.harpia.models.transformer.Sampling;
import dev.harpia.tensor.Rng;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code harpia generate}: a model goes on with a text. */
@Command(
    name = "generate",
    description = {
      "Has a model go on with a text, and prints what it writes as it comes.",
      "MODEL is a directory as Hugging Face publishes GPT-2 and Llama models (config.json,"
          + " tokenizer.json, safetensors), or what harpia lab gpt saved. In texts \\n is a new"
          + " line."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class GenerateCommand implements Callable<Integer> {
  /** The forms of conversations, and that which the model's own files have. */
  enum Form {
    AUTO,
    CHATML,
    LLAMA2,
    LLAMA3
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MODEL", description = "The model.")
  private Path model = Path.of("");

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      required = true,
      description = "What it goes on with; with --chat, the question that it answers.")
  private String prompt = "";

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "At most so many new tokens (default ${DEFAULT-VALUE}).")
  private int most = 100;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "1 as learnt, lower is more careful, 0 the likeliest (default 0.8).")
  private Optional<Float> temperature = Optional.empty();

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Draw from the K likeliest tokens (default 0: all).")
  private Optional<Integer> topK = Optional.empty();

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Draw from the likeliest tokens of together P (default 1: all).")
  private Optional<Float> topP = Optional.empty();

  @Option(
      names = "--repetition-penalty",
      paramLabel = "X",
      description = "Makes tokens that occurred less likely (default 1: does not).")
  private Optional<Float> penalty = Optional.empty();

  @Option(
      names = "--beams",
      paramLabel = "N",
      description = "Look for the likeliest text among N at a time, instead of drawing.")
  private int beams = 1;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "Ends the text where it comes; may be given several times.")
  private List<String> stops = List.of();

  @Option(
      names = "--chat",
      paramLabel = "FORM",
      description =
          "The prompt is a question in a conversation: chatml, llama2, llama3, or auto, as the"
              + " model's tokenizer_config.json has it.")
  private Optional<Form> form = Optional.empty();

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "With --chat: instructions before the question.")
  private Optional<String> system = Optional.empty();

  @Option(names = "--seed", paramLabel = "N", description = "Fixes what is drawn (default 1).")
  private long seed = 1;

  @Option(names = "--json", description = "Print one line of JSON at the end; nothing as it comes.")
  private boolean json;

  private int shown; // characters of the text

  GenerateCommand() {}

  @Override
  public Integer call() throws IOException {
    Sampling sampling = sampling();
    TextModel source = TextModel.open(model);
    IntPredicate ends = source::ends;
    int[] tokens;
    if (form.isPresent()) {
      Chat chat = chat(source, form.get());
      tokens = source.encode(chat, messages());
      ends = ends.or(t -> chat.ends(source.tokenizer(), t));
    } else {
      tokens = source.encode(prompt());
    }
    int context = source.config().context();
    if (tokens.length > context) {
      throw new IllegalArgumentException(
          "--prompt: %,d tokens: the model sees at most %,d: shorten it"
              .formatted(tokens.length, context));
    }
    Until until = new Until(most, ends, stops.stream().map(GenerateCommand::lines).toList());
    Gpt gpt = source.load((int) Math.min(Integer.MAX_VALUE, (long) tokens.length + most));
    long start = System.nanoTime();
    Completion written =
        beams > 1
            ? new BeamSearch(gpt, beams, 1).complete(source.tokenizer(), tokens, until)
            : new Generator(gpt)
                .complete(source.tokenizer(), tokens, until, sampling, new Rng(seed), this::show);
    report(written, tokens.length, (System.nanoTime() - start) / 1e9);
    return 0;
  }

  private Sampling sampling() {
    if (most < 1) {
      throw wrong("--max-tokens: " + most + ": must be at least 1");
    }
    if (prompt.isEmpty() || stops.contains("")) {
      throw wrong("--prompt, --stop: must not be empty");
    }
    if (system.isPresent() && form.isEmpty()) {
      throw wrong("--system: needs --chat");
    }
    if (beams < 1 || beams > 256) {
      throw wrong("--beams: " + beams + ": must be from 1 to 256");
    }
    boolean drawing =
        temperature.isPresent() || topK.isPresent() || topP.isPresent() || penalty.isPresent();
    if (beams > 1 && drawing) {
      throw wrong(
          "--beams: draws nothing; leave out --temperature, --top-k, --top-p and"
              + " --repetition-penalty");
    }
    try {
      return new Sampling(
          temperature.orElse(0.8f), topK.orElse(0), topP.orElse(1f), penalty.orElse(1f));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static Chat chat(TextModel source, Form form) throws IOException {
    return switch (form) {
      case AUTO -> source.chat();
      case CHATML -> new Chat(ChatTemplate.CHATML);
      case LLAMA2 -> new Chat(ChatTemplate.LLAMA2);
      case LLAMA3 -> new Chat(ChatTemplate.LLAMA3);
    };
  }

  private List<Message> messages() {
    List<Message> all = new ArrayList<>();
    system.ifPresent(s -> all.add(Message.system(lines(s))));
    all.add(Message.user(prompt()));
    return all;
  }

  private String prompt() {
    return lines(prompt);
  }

  private static String lines(String text) {
    return text.replace("\\n", "\n");
  }

  /** Prints of the text so far what is new. */
  private boolean show(String text) {
    if (!json && text.length() > shown) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(text.substring(shown));
      out.flush();
      shown = text.length();
    }
    return true;
  }

  private void report(Completion written, int read, double seconds) {
    PrintWriter out = spec.commandLine().getOut();
    String end = written.end().name().toLowerCase(Locale.ROOT);
    if (json) {
      out.println(
          new JsonLine()
              .put("text", written.text())
              .put("end", end)
              .put("prompt_tokens", read)
              .put("tokens", written.tokens())
              .put("seconds", seconds));
      return;
    }
    show(written.text()); // with what was held back
    out.println();
    spec.commandLine()
        .getErr()
        .printf(
            Locale.ROOT,
            "%,d tokens read, %,d written in %.1f s; ended by %s%n",
            read,
            written.tokens(),
            seconds,
            end);
  }
}
