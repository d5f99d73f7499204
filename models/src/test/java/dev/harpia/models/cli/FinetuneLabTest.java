package dev.harpia.models.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.nn.io.SafeTensors;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FinetuneLabTest {
  @TempDir private Path dir;
  private StringWriter err = new StringWriter();
  private StringWriter out = new StringWriter();

  private int run(String... args) {
    err = new StringWriter();
    out = new StringWriter();
    return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private int finetune(String to, String... more) {
    List<String> args = new ArrayList<>(List.of("lab", "finetune", "--threads", "1", "--json"));
    args.addAll(List.of("--out", dir.resolve(to).toString()));
    args.addAll(List.of(more));
    if (!args.contains("--answers")) {
      args.addAll(List.of("--answers", "2"));
    }
    return run(args.toArray(String[]::new));
  }

  private double number(String key) {
    return Double.parseDouble(
        out.toString().replaceAll("(?s).*\"" + key + "\": ([0-9.E+-]+).*", "$1"));
  }

  @Test
  void adaptersLearnTheStyleBesideABaseThatStaysAsItIs() throws IOException {
    assertThat(finetune("a", "--pretrain", "6", "--steps", "6", "--batch", "4"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString().strip()).startsWith("{\"lab\": \"finetune\"").doesNotContain("\n");
    assertThat(out.toString()).contains("\"base_untouched\": true");
    assertThat(number("merged_difference")).isZero();
    assertThat(number("trainable_share")).isBetween(0.05, 0.2);
    assertThat(number("style_loss_after")).isLessThan(number("style_loss_before"));
    assertThat(err.toString()).contains("parameters are trained (");
    Path results = dir.resolve("a");
    for (String file :
        List.of(
            "metrics.json",
            "samples.txt",
            "scores.png",
            "curves.png",
            "report.html",
            "base.safetensors",
            "merged.safetensors",
            "adapters/adapter_config.json")) {
      assertThat(results.resolve(file)).as(file).isNotEmptyFile();
    }
    assertThat(SafeTensors.load(results.resolve("adapters/adapter_model.safetensors")).keySet())
        .hasSize(24)
        .contains("base_model.model.h.0.attn.qkv.lora_A.weight");
    // go on from base and adapters without a step: the figures after are those before
    double after = number("style_loss_after");
    String base = results.resolve("base.safetensors").toString();
    String adapters = results.resolve("adapters").toString();
    assertThat(finetune("b", "--base", base, "--adapters", adapters, "--steps", "0"))
        .as(err.toString())
        .isZero();
    assertThat(number("style_loss_after")).isEqualTo(after);
    // adapters for another model
    Path other = Files.createDirectories(dir.resolve("other"));
    Files.copy(
        results.resolve("adapters/adapter_model.safetensors"),
        other.resolve("adapter_model.safetensors"));
    Files.writeString(
        other.resolve("adapter_config.json"),
        "{\"peft_type\": \"LORA\", \"r\": 4, \"lora_alpha\": 8, \"target_modules\": [\"qkv\"]}");
    assertThat(finetune("c", "--base", base, "--adapters", other.toString())).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString())
        .contains(
            "does not fit the adapters of this Gpt", "lora_A.weight: the file has F32 [8, 96]")
        .contains("unknown: base_model.model.h.0.attn.proj.lora_A.weight");
  }

  @Test
  void badInputIsOneLine() throws IOException {
    fails(2, "rank 0 must be at least 1", "--rank", "0");
    fails(2, "alpha -1.0 must be above 0", "--alpha", "-1");
    fails(2, "--steps: -1: must be from 0", "--steps", "-1");
    fails(2, "--lr: 0.0: must be above 0", "--lr", "0");
    fails(2, "--adapters: needs --base", "--adapters", dir.toString());
    fails(
        1,
        "no linear layer of a name in [q_proj]; its linear layers are called [qkv, proj, fc, out]",
        "--targets",
        "q_proj");
    Path file = dir.resolve("file");
    fails(1, "file: no such file or directory", "--style", file.toString());
    Files.writeString(file, "");
    fails(1, "file: 0 sentences of 20 to 90 plain characters", "--style", file.toString());
    fails(1, "file: byte 0: expected 8 bytes of header", "--base", file.toString());
  }

  private void fails(int code, String message, String... more) {
    assertThat(finetune("failed", more)).as(message).isEqualTo(code);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains(message);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  @Tag("full")
  void theStyleIsLearnt() {
    assertThat(finetune("full", "--answers", "20")).as(err.toString()).isZero();
    assertThat(number("style_loss_after")).isLessThan(0.7 * number("style_loss_before"));
    assertThat(number("judge_accuracy")).isGreaterThan(0.95);
    assertThat(number("judge_score_before")).isLessThan(0.3);
    assertThat(number("judge_score_after")).isGreaterThan(0.7);
    assertThat(out.toString()).contains("\"base_untouched\": true");
    assertThat(number("merged_difference")).isLessThan(1e-5); // strictly, of logits above 5
    assertThat(number("merged_largest_logit")).isGreaterThan(5);
    assertThat(number("merged_difference_training"))
        .isGreaterThan(0)
        .isLessThan(1e-5 * number("merged_largest_logit"));
  }
}
