package dev.harpia.models.report;

import dev.harpia.models.picture.AnimatedGif;
import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Fonts;
import dev.harpia.models.run.Cpu;
import dev.harpia.models.run.Machine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.simd.Parallel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The story of a run on one page, {@code report.html}: what was asked, with what data, what was
 * learned, how it went, what came out, and the command that repeats it. The page holds all that it
 * shows; it opens without a network, in dark and in light.
 *
 * <pre>{@code
 * new Report(run, "Digits", "99.2 % of 10,000 test digits are read correctly.", seed)
 *     .fact("data", "60,000 digits to learn from")
 *     .code("Network", model.summary(Shape.of(1, 1, 28, 28)))
 *     .chart("curves.png", Chart.lines("Loss", "epoch", "nats", lines))
 *     .write();
 * }</pre>
 *
 * <p>Charts and pictures are also written as files of their own, under the names given. Where the
 * JDK finds no fonts, pictures are left out, and the page says why; charts are drawn by the browser
 * and stay.
 */
public final class Report {
  private final RunDirectory run;
  private final String title;
  private final String headline;
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final StringBuilder body = new StringBuilder();
  private boolean explained;

  /**
   * A report that is to be filled.
   *
   * @param headline the result in one sentence
   * @param seed what fixed everything random
   */
  public Report(RunDirectory run, String title, String headline, long seed) {
    this.run = run;
    this.title = title;
    this.headline = headline;
    facts.put("command", run.command());
    facts.put("seed", Long.toString(seed));
  }

  /** A line of the table at the top: data, settings, figures. */
  public Report fact(String name, Object value) {
    facts.put(name, value.toString());
    return this;
  }

  /** Begins a part with a heading. */
  public Report section(String heading) {
    body.append("<h2>").append(Html.escaped(heading)).append("</h2>\n");
    return this;
  }

  /** A paragraph; nothing if it is empty. */
  public Report text(String paragraph) {
    if (paragraph.isEmpty()) {
      return this;
    }
    body.append("<p>").append(Html.escaped(paragraph)).append("</p>\n");
    return this;
  }

  /** Text whose lines stay as they are: a model's summary, a sample. */
  public Report code(String caption, String text) {
    open(caption);
    body.append("<pre>").append(Html.escaped(text)).append("</pre></figure>\n");
    return this;
  }

  /** A table; cells that are numbers stand at the right. */
  public Report table(String caption, List<String> head, List<List<String>> rows) {
    open(caption);
    body.append(Tables.plain(head, rows)).append("</figure>\n");
    return this;
  }

  /**
   * How often each class was taken for each.
   *
   * @param counts [truth][prediction]
   */
  public Report confusion(String caption, List<String> names, int[][] counts) {
    open(caption);
    body.append(Tables.confusion(names, counts)).append("</figure>\n");
    return this;
  }

  /** A chart, drawn by the browser and, as a file of this name, as a picture. */
  public Report chart(String file, Chart chart) throws IOException {
    body.append("<figure><div class=\"chart\"><canvas role=\"img\" aria-label=\"")
        .append(Html.escaped(chart.title()))
        .append("\"></canvas><script type=\"application/json\">")
        .append(ChartJson.of(chart))
        .append("</script></div></figure>\n");
    if (Fonts.problem().isEmpty()) {
      run.picture(file, chart.draw());
    }
    return this;
  }

  /** A picture, which is also written as a file of this name. */
  public Report picture(String file, String caption, Supplier<BufferedImage> picture)
      throws IOException {
    if (Fonts.problem().isPresent()) {
      explain(Fonts.problem().get());
      return this;
    }
    BufferedImage image = picture.get();
    run.picture(file, image);
    open("");
    image(caption, Html.png(image), image.getWidth());
    return this;
  }

  /** Frames one after another, for ever, which are also written as a GIF of this name. */
  public Report film(
      String file, String caption, Supplier<List<BufferedImage>> film, int hundredths)
      throws IOException {
    if (Fonts.problem().isPresent()) {
      explain(Fonts.problem().get());
      return this;
    }
    List<BufferedImage> frames = film.get();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    AnimatedGif.write(bytes, frames, hundredths);
    run.write(file, out -> out.write(bytes.toByteArray()));
    open("");
    image(caption, Html.data("image/gif", bytes.toByteArray()), frames.getFirst().getWidth());
    return this;
  }

  private void image(String caption, String address, int width) {
    body.append("<img alt=\"")
        .append(Html.escaped(caption))
        .append("\" width=\"")
        .append(width)
        .append("\" src=\"")
        .append(address)
        .append("\"><figcaption>")
        .append(Html.escaped(caption))
        .append("</figcaption></figure>\n");
  }

  private void open(String caption) {
    body.append("<figure>");
    if (!caption.isEmpty()) {
      body.append("<figcaption>").append(Html.escaped(caption)).append("</figcaption>");
    }
  }

  private void explain(String problem) {
    if (!explained) {
      text(problem);
      explained = true;
    }
  }

  /** The page. */
  public String html() throws IOException {
    StringBuilder page =
        new StringBuilder()
            .append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            // the browser itself keeps the promise that nothing is fetched
            .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';")
            .append(" img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n")
            .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>")
            .append(Html.escaped(title))
            .append("</title>\n<style>\n")
            .append(Html.resource("report.css"))
            .append("</style>\n<script>\n")
            .append(Html.resource("report.js"))
            .append("</script>\n");
    if (body.indexOf("<canvas") >= 0) {
      page.append("<script>\n").append(Html.resource("chart.umd.js")).append("\n</script>\n");
    }
    page.append("</head>\n<body>\n<main>\n<h1>")
        .append(Html.escaped(title))
        .append("</h1>\n<p class=\"headline\">")
        .append(Html.escaped(headline))
        .append("</p>\n<table class=\"facts\">\n");
    Map<String, String> all = new LinkedHashMap<>(facts);
    all.put(
        "machine",
        "%s, threads: %d, matrix products by %s, Java %s, Harpia %s"
            .formatted(
                Cpu.detect().model(),
                Parallel.threads(),
                Machine.gemm(),
                Runtime.version(),
                Machine.version()));
    all.forEach(
        (name, value) ->
            page.append("<tr><th>")
                .append(Html.escaped(name))
                .append("</th><td>")
                .append(
                    name.equals("command")
                        ? "<code>" + Html.escaped(value) + "</code>"
                        : Html.escaped(value))
                .append("</td></tr>\n"));
    return page.append("</table>\n").append(body).append("</main>\n</body>\n</html>\n").toString();
  }

  /** Writes the page to the run's directory, as {@code report.html}. */
  public void write() throws IOException {
    run.text("report.html", html());
  }
}
