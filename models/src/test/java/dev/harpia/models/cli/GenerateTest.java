package dev.harpia.models.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.models.hub.HubModel;
import dev.harpia.models.transformer.BpeTokenizer;
import dev.harpia.models.transformer.Generator;
import dev.harpia.models.transformer.Gpt;
import dev.harpia.models.transformer.Sampler;
import dev.harpia.models.transformer.Sampling;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateTest {
  private static final String TEXT = "the owl sees the owl, and the owl sees the night. ";
  private static final String GPT2 =
      """
      {"model_type": "gpt2", "vocab_size": 300, "n_positions": 64, "n_layer": 2, "n_head": 2,
       "n_embd": 16, "eos_token_id": %d}
      """;
  private static final String LLAMA =
      """
      {"model_type": "llama", "vocab_size": 300, "max_position_embeddings": 64,
       "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
       "hidden_size": 16, "intermediate_size": 24, "eos_token_id": [%d, 2]}
      """;

  @TempDir private Path dir;
  private StringWriter err = new StringWriter();
  private StringWriter out = new StringWriter();

  private int run(String... args) {
    err = new StringWriter();
    out = new StringWriter();
    return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private int generate(String... more) {
    List<String> args = new ArrayList<>(List.of("generate", dir.toString()));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  private String written(String... more) {
    assertThat(generate(more)).as(err.toString()).isZero();
    return out.toString();
  }

  private void fails(int code, String message, String... more) {
    assertThat(generate(more)).as(message).isEqualTo(code);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains(message);
    assertThat(out.toString()).isEmpty();
  }

  /** A directory as they are published: sharded, random weights, a tokenizer of 277 tokens. */
  private BpeTokenizer published(String config, int end) throws IOException {
    BpeTokenizer tokenizer =
        BpeTokenizer.train(TEXT.repeat(9), 277, "<|endoftext|>", "<|im_start|>", "<|im_end|>");
    tokenizer.save(dir.resolve("tokenizer.json"));
    Files.writeString(dir.resolve("config.json"), config.formatted(end));
    List<Map<String, Tensor>> shards = List.of(new LinkedHashMap<>(), new LinkedHashMap<>());
    List<String> map = new ArrayList<>();
    Rng rng = new Rng(4);
    HubModel.published(HubModel.config(dir))
        .forEach(
            (name, shape) -> {
              int shard = map.size() % 2;
              shards.get(shard).put(name, Tensor.normal(rng, 0, 0.5f, shape));
              map.add("\"%s\": \"model-%d.safetensors\"".formatted(name, shard));
            });
    for (int i = 0; i < 2; i++) {
      SafeTensors.save(shards.get(i), Map.of(), dir.resolve("model-%d.safetensors".formatted(i)));
    }
    Files.writeString(
        dir.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {%s}}".formatted(String.join(", ", map)));
    return tokenizer;
  }

  /** The largest logit's token again and again, each from the whole text, without a cache. */
  private int[] greedy(int tokens, int size, int... prompt) throws IOException {
    Gpt model = HubModel.load(dir);
    int[] all = Arrays.copyOf(prompt, prompt.length + tokens);
    for (int n = prompt.length; n < all.length; n++) {
      try (var _ = Scope.inference()) {
        float[] z = model.forward(Tensor.of(Arrays.copyOf(all, n)).reshape(1, n)).toArray();
        int from = (n - 1) * 300;
        for (int t = 1; t < size; t++) {
          all[n] = z[from + t] > z[from + all[n]] ? t : all[n];
        }
      }
    }
    return Arrays.copyOfRange(all, prompt.length, all.length);
  }

  @Test
  void aPublishedModelGoesOnWithAText() throws IOException {
    for (String config : List.of(GPT2, LLAMA)) {
      BpeTokenizer tokenizer = published(config, 299); // an end that no tokenizer has
      int[] prompt = tokenizer.encode("the owl\n");
      int[] expected = greedy(12, 277, prompt);
      String text = tokenizer.decode(expected);
      String[] ask = {"--prompt", "the owl\\n", "--max-tokens", "12", "--temperature", "0"};
      assertThat(written(ask)).isEqualTo(text + System.lineSeparator());
      assertThat(err.toString()).contains(prompt.length + " tokens read, 12 written in ");
      // an end of its own
      Files.writeString(dir.resolve("generation_config.json"), "{\"eos_token_id\": 299}");
      Files.writeString(
          dir.resolve("generation_config.json"), "{\"eos_token_id\": [%d]}".formatted(expected[3]));
      int first = 0;
      while (expected[first] != expected[3]) {
        first++;
      }
      assertThat(written(ask))
          .isEqualTo(tokenizer.decode(Arrays.copyOf(expected, first)) + System.lineSeparator());
      assertThat(err.toString()).contains("ended by token");
      Files.delete(dir.resolve("generation_config.json"));
    }
  }

  @Test
  void whatIsDrawnIsWhatTheLibraryDraws() throws IOException {
    BpeTokenizer tokenizer = published(GPT2.replace("300", "277"), 299);
    Sampling how = new Sampling(1.5f, 40, 0.9f, 1.3f);
    int[] prompt = tokenizer.encode("night");
    int[] expected =
        new Generator(HubModel.load(dir))
            .generate(prompt, 20, new Sampler(how, 277, new Rng(7)), t -> true);
    String[] ask = {
      "-p",
      "night",
      "--max-tokens",
      "20",
      "--temperature",
      "1.5",
      "--top-k",
      "40",
      "--top-p",
      "0.9",
      "--repetition-penalty",
      "1.3",
      "--seed",
      "7"
    };
    assertThat(written(ask)).isEqualTo(tokenizer.decode(expected) + System.lineSeparator());
    ask = Arrays.copyOf(ask, ask.length + 1);
    ask[ask.length - 1] = "--json";
    String json = written(ask);
    assertThat(json)
        .startsWith("{\"text\": ")
        .contains("\"end\": \"length\", \"prompt_tokens\": " + prompt.length + ", \"tokens\": 20");
    assertThat(written(ask).replaceAll("\"seconds.*", ""))
        .isEqualTo(json.replaceAll("\"seconds.*", "")); // one seed, one text
  }

  @Test
  void stopsBeamsAndConversations() throws IOException {
    BpeTokenizer tokenizer = published(LLAMA, 299);
    String[] ask = {"-p", "the owl", "--temperature", "0", "--max-tokens", "16"};
    String text = written(ask).stripTrailing();
    String stop = text.substring(text.length() / 2, text.length() / 2 + 2);
    String[] stopped = Arrays.copyOf(ask, ask.length + 2);
    stopped[ask.length] = "--stop";
    stopped[ask.length + 1] = stop;
    assertThat(written(stopped))
        .isEqualTo(text.substring(0, text.indexOf(stop)) + System.lineSeparator());
    assertThat(err.toString()).contains("ended by stop");
    assertThat(written("-p", "the owl", "--beams", "3", "--max-tokens", "5")).isNotBlank();
    assertThat(err.toString()).contains("5 written");
    // a conversation, by name and as the model's files have it
    String[] asked = {
      "-p", "who?", "--system", "Be brief.", "--max-tokens", "4", "--chat", "chatml"
    };
    String answer = written(asked);
    int read =
        tokenizer.encode(
                "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nwho?<|im_end|>\n"
                    + "<|im_start|>assistant\n")
            .length;
    assertThat(err.toString()).startsWith(read + " tokens read");
    asked[asked.length - 1] = "auto";
    Files.writeString(
        dir.resolve("tokenizer_config.json"),
        "{\"chat_template\": \"{% for m in messages %}{{'<|im_start|>' + m.role + '\\\\n' +"
            + " m.content + '<|im_end|>'}}{% endfor %}\"}");
    assertThat(written(asked)).isEqualTo(answer);
    Files.writeString(
        dir.resolve("tokenizer_config.json"),
        "{\"bos_token\": {\"content\": \"<|endoftext|>\"}, \"chat_template\": [{\"name\":"
            + " \"default\", \"template\": \"{{ bos_token }}<|im_start|><|im_end|>\"}]}");
    written(asked);
    assertThat(err.toString()).startsWith(read + 1 + " tokens read");
    // a text begins as the tokenizer's file says
    Path file = dir.resolve("tokenizer.json");
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "\"post_processor\" : null",
                "\"post_processor\": {\"type\": \"Sequence\", \"processors\": [{\"type\":"
                    + " \"ByteLevel\"}, {\"type\": \"TemplateProcessing\", \"single\":"
                    + " [{\"SpecialToken\": {\"id\": \"<|endoftext|>\", \"type_id\": 0}},"
                    + " {\"Sequence\": {\"id\": \"A\"}}], \"special_tokens\": {\"<|endoftext|>\":"
                    + " {\"id\": \"<|endoftext|>\", \"ids\": [274], \"tokens\": []}}}]}"));
    written("-p", "the owl", "--max-tokens", "2");
    assertThat(err.toString())
        .startsWith(tokenizer.encode("the owl").length + 1 + " tokens read, 2 written");
  }

  @Test
  void whatLabGptSavedGoesOnWithAText() throws IOException {
    Path text = Files.writeString(dir.resolve("text.txt"), TEXT.repeat(40));
    Path saved = dir.resolve("run");
    assertThat(
            run(
                "lab",
                "gpt",
                "--data",
                text.toString(),
                "--steps",
                "2",
                "--batch",
                "2",
                "--out",
                saved.toString()))
        .as(err.toString())
        .isZero();
    String written = "";
    for (String name : List.of("", "model.safetensors", "checkpoint.safetensors")) {
      String path = saved.resolve(name).toString();
      assertThat(run("generate", path, "-p", "the owl", "--max-tokens", "80"))
          .as(err.toString())
          .isZero();
      assertThat(out.toString()).hasSize(80 + System.lineSeparator().length());
      assertThat(name.isEmpty() || out.toString().equals(written)).isTrue();
      written = out.toString();
    }
    Path odd = dir.resolve("odd.safetensors");
    Map<String, String> texts =
        new LinkedHashMap<>(SafeTensors.metadata(saved.resolve("model.safetensors")));
    texts.put("gpt.width", "16777216");
    texts.put("gpt.layers", "5");
    SafeTensors.save(SafeTensors.load(saved.resolve("model.safetensors")), texts, odd);
    assertThat(run("generate", odd.toString(), "-p", "owl")).isEqualTo(1);
    assertThat(err.toString())
        .contains("wte.weight: the file has [")
        .contains("its sizes make it [64, 16777216]")
        .contains("h.4.mlp.fc.weight: the file has none");
    texts.put("gpt.heads", "3.5");
    SafeTensors.save(Map.of("a", Tensor.zeros(1)), texts, odd);
    assertThat(run("generate", odd.toString(), "-p", "owl")).isEqualTo(1);
    assertThat(err.toString()).contains("expected a model's sizes: For input string: \"3.5\"");
    String path = saved.toString();
    assertThat(run("generate", path, "-p", "owl 鳥")).isEqualTo(1);
    assertThat(err.toString()).contains("character '鳥' (U+9CE5) is not in the vocabulary");
    assertThat(run("generate", path, "-p", TEXT.repeat(2))).isEqualTo(1);
    assertThat(err)
        .hasToString(
            "harpia generate: --prompt: 100 tokens: the model sees at most 64: shorten it"
                + System.lineSeparator());
    assertThat(run("generate", path, "-p", "owl", "--beams", "2")).isEqualTo(1);
    assertThat(err.toString()).contains("a prompt of 3 tokens and 100 more: there must be room");
    assertThat(run("generate", path, "-p", "owl", "--chat", "llama3")).isEqualTo(1);
    assertThat(err.toString()).contains("its tokenizer has no special tokens");
    assertThat(run("generate", path, "-p", "owl", "--chat", "auto")).isEqualTo(1);
    assertThat(err.toString()).contains("no chat_template in a tokenizer_config.json");
  }

  @Test
  void badInputIsOneLine() throws IOException {
    fails(1, "neither config.json, as Hugging Face has it, nor a model.safetensors", "-p", "a");
    fails(2, "Missing required option: '--prompt=TEXT'");
    fails(2, "--prompt, --stop: must not be empty", "-p", "");
    fails(2, "--max-tokens: 0: must be at least 1", "-p", "a", "--max-tokens", "0");
    fails(2, "--beams: 0: must be from 1 to 256", "-p", "a", "--beams", "0");
    fails(2, "--beams: draws nothing", "-p", "a", "--beams", "2", "--top-k", "3");
    fails(2, "--system: needs --chat", "-p", "a", "--system", "b");
    fails(2, "top p 2.0 above 0", "-p", "a", "--top-p", "2");
    fails(2, "expected one of [AUTO, CHATML, LLAMA2, LLAMA3]", "-p", "a", "--chat", "vicuna");
    Path none = dir.resolve("none");
    assertThat(run("generate", none.toString(), "-p", "a")).isEqualTo(1);
    assertThat(err.toString()).contains("none: no such file or directory");
    SafeTensors.save(Map.of("a", Tensor.zeros(1)), Map.of(), none);
    assertThat(run("generate", none.toString(), "-p", "a")).isEqualTo(1);
    assertThat(err.toString()).contains("none: does not say what model it is");

    published(GPT2, 299);
    fails(1, "bpe: no special token <|begin_of_text|>; there are [", "-p", "a", "--chat", "llama3");
    Path chat = dir.resolve("tokenizer_config.json");
    Files.writeString(chat, "{\"chat_template\": \"{{ '### Human: ' }}\"}");
    fails(
        1,
        "expected the form of ChatML, Llama 2 or Llama 3, found another",
        "-p",
        "a",
        "--chat",
        "auto");
    Files.writeString(chat, "{\"chat_template\": 3}");
    fails(1, "chat_template: expected a text, found 3", "-p", "a", "--chat", "auto");
    Path script = Files.write(dir.resolve("chat_template.jinja"), new byte[] {'{', (byte) 0xff});
    fails(1, "chat_template.jinja: byte 1: expected text in UTF-8", "-p", "a", "--chat", "auto");
    Files.delete(script);
    Path generation = dir.resolve("generation_config.json");
    Files.writeString(generation, "{\"eos_token_id\": [1, \"two\"]}");
    fails(1, "eos_token_id: expected a token's number, or a list of them, found two", "-p", "a");
    Files.delete(generation);
    // weights and sizes that do not fit, all at once
    Path config = dir.resolve("config.json");
    String right = Files.readString(config);
    Files.writeString(config, right.replace("\"n_layer\": 2", "\"n_layer\": 3, \"n_inner\": 20"));
    fails(1, "missing: h.2.ln_1.weight [16]", "-p", "a");
    assertThat(err.toString())
        .contains(
            "h.0.mlp.c_fc.weight: the file has F32 [16, 64], config.json makes it F32 [16, 20]")
        .contains("missing: h.2.mlp.c_proj.bias [16]");
    Files.writeString(config, right.replace("300", "270"));
    fails(1, "tokenizer.json: 277 tokens, config.json has vocab_size 270", "-p", "a");
    Files.writeString(config, "{\"model_type\": \"gpt2\"");
    fails(1, "config.json: byte 21: expected JSON", "-p", "a");
    Files.writeString(config, right);
    Path tokenizer = dir.resolve("tokenizer.json");
    Files.writeString(tokenizer, "{\"model\": {\"type\": \"Unigram\"}}");
    fails(1, "model.type: expected BPE or WordPiece, found Unigram", "-p", "a");
    Files.writeString(tokenizer, "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": -1}}}");
    fails(1, "expected a whole number from 0 to 1048575 as model.vocab.a", "-p", "a");
    Files.delete(tokenizer);
    fails(1, "tokenizer.json: no such file or directory", "-p", "a");
  }
}
