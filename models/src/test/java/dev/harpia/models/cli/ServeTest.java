package dev.harpia.models.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.models.cnn.MnistNetworks;
import dev.harpia.nn.io.SafeTensors;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeTest {
  @TempDir private Path folder = Path.of(".");
  private Path model = Path.of(".");

  @BeforeEach
  void save() throws Exception {
    model = folder.resolve("model.safetensors");
    SafeTensors.save(MnistNetworks.mlp(), model);
  }

  @Test
  void a_process_answers_and_ends_on_sigterm() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                model.toString(),
                "--port",
                "0",
                "--json")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = process.inputReader(UTF_8);
        HttpClient client = HttpClient.newHttpClient()) {
      String line = String.valueOf(out.readLine());
      assertThat(line).contains("\"url\": \"http://127.0.0.1:");
      URI url = URI.create(line.replaceAll(".*\"url\": \"([^\"]*)\".*", "$1"));
      HttpResponse<byte[]> reply =
          client.send(
              HttpRequest.newBuilder(url.resolve("predict"))
                  .header("Content-Type", "application/octet-stream")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[4 * 784]))
                  .build(),
              BodyHandlers.ofByteArray());
      assertThat(reply.statusCode()).isEqualTo(200);
      assertThat(reply.body()).hasSize(40);
      process.destroy(); // SIGTERM
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isEqualTo(143);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --delay -1 | --port must be from 0 to 65535
          --batch 0 | --batch at least 1
          --shape y=1,784 | no input is called y
          --shape x=1,a | --shape: 1,a: whole numbers
          --shape x=1,3 | last dimension 3
          --shape x | Value for option '--shape' (NAME=D,D,…) should be
          --fix x=1 | only whole numbers can be fixed
          --workspaces 0 | size 0: must be from 1
          --concurrency 0 | concurrency: 0
          --host no.such.host.invalid | no such host
          """)
  void wrong_options_are_wrong_usage(String options, String says) {
    StringWriter err = new StringWriter();
    String[] words = ("serve " + model + " --port 0 " + options).split(" ");
    int code = Main.run(words, new PrintWriter(new StringWriter()), new PrintWriter(err, true));
    assertThat(err.toString()).contains(says).hasLineCount(1);
    assertThat(code).isEqualTo(2);
  }
}
