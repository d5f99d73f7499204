package dev.harpia.models.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A headless Chromium, where one is installed. */
public final class Browser {
  private Browser() {}

  /** Where it is, if it is. */
  private static Optional<Path> find() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of("chromium", "chromium-browser", "google-chrome", "chrome")
        .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(d -> Path.of(d, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The page as it stands after its scripts have run; skips the test without a browser. */
  public static String open(Path page, Path scratch, String... options)
      throws IOException, InterruptedException {
    Optional<Path> browser = find();
    assumeTrue(
        browser.isPresent(), "no Chromium on the PATH: the report is not opened in a browser");
    List<String> command =
        new ArrayList<>(
            List.of(
                browser.orElseThrow().toString(),
                "--headless",
                "--no-sandbox", // tests may run as root
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + scratch,
                "--virtual-time-budget=4000"));
    command.addAll(List.of(options));
    command.add("--dump-dom");
    command.add(page.toUri().toString());
    Path errors = scratch.resolveSibling(scratch.getFileName() + ".err");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    process.getOutputStream().close();
    String dom = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    return dom;
  }

  /** Opens the page, and checks that nothing was missing or failed, and how much was drawn. */
  public static void check(Path page, Path scratch, int charts)
      throws IOException, InterruptedException {
    String dom = open(page, scratch);
    String root = dom.substring(dom.indexOf("<html"), dom.indexOf('>', dom.indexOf("<html")));
    assertThat(root).doesNotContain("data-problems");
    assertThat(root).contains("data-charts=\"" + charts + "\"");
  }
}
