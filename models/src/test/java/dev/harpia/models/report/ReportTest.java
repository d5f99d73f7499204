package dev.harpia.models.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Curves;
import dev.harpia.models.picture.Roc;
import dev.harpia.models.run.RunDirectory;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final BufferedImage DOT = new BufferedImage(9, 7, BufferedImage.TYPE_INT_RGB);

  @TempDir Path dir;

  private Report report(RunDirectory run) throws IOException {
    double[] nan = {0.5, Double.NaN, 0.25};
    Roc roc = Roc.of("net", new double[] {3, 2, 1}, new boolean[] {true, false, true});
    return new Report(run, "A <b>title</b>", "All & everything.", 7)
        .fact("data", "</table><script>alert(1)</script>")
        .section("Charts")
        .chart(
            "line.png",
            Chart.lines("Loss </script>", "x", "y", List.of(Curves.Line.over("a", nan))))
        .chart(
            "log.png",
            Chart.lines("Log", "x", "y", List.of(Curves.Line.over("a", 1, 0, 100))).withLogY())
        .chart("roc.png", Chart.roc("ROC", List.of(roc)))
        .chart(
            "map.png",
            Chart.points(
                "Map", "x", "y", List.of(Curves.Line.over("a", 1, 2), Curves.Line.over("b", 3))))
        .chart(
            "bars.png",
            Chart.bars(
                "Bars",
                "group",
                "accuracy",
                List.of("light", "dark"),
                List.of(Chart.series("before", 0.9, 0.6), Chart.series("after", 0.9, 0.8))))
        .chart(
            "histogram.png",
            Chart.histogram("Values", "v", 5, List.of(new Chart.Sample("s", 1, 2, 2, 3, 9))))
        .picture("dot.png", "A dot", () -> DOT)
        .film("dot.gif", "Two dots", () -> List.of(DOT, DOT), 10)
        .code("Sample", "a < b\n  && c")
        .table("Numbers", List.of("who", "how much"), List.of(List.of("<me>", "99.2 %")))
        .confusion("Mistakes", List.of("cat", "dog"), new int[][] {{9, 1}, {0, 10}});
  }

  @Test
  void aReportOpensInABrowserWithoutErrors() throws IOException, InterruptedException {
    Path out = dir.resolve("run");
    try (RunDirectory run = RunDirectory.open(Optional.of(out), "x", "./harpia lab 'x y'")) {
      report(run).write();
      run.publish();
    }
    Browser.check(out.resolve("report.html"), dir.resolve("profile"), 6);
  }

  @Test
  void theBrowserTellsWhatIsWrongWithAPage() throws IOException, InterruptedException {
    Path out = dir.resolve("run");
    try (RunDirectory run = RunDirectory.open(Optional.of(out), "x")) {
      String page = report(run).html();
      String missing = page.replace("</main>", "<img src=\"missing.png\" alt=\"\"></main>");
      Path file = Files.writeString(out.resolve("bad.html"), missing);
      assertThat(Browser.open(file, dir.resolve("profile"))).contains("data-problems=\"");
    }
  }

  @Test
  void nothingIsFetchedAndEveryTextMeansItself() throws IOException {
    Path out = dir.resolve("run");
    try (RunDirectory run = RunDirectory.open(Optional.of(out), "x", "./harpia lab 'x y'")) {
      String page = report(run).html();
      assertThat(page).contains("<h1>A &lt;b&gt;title&lt;/b&gt;</h1>", "All &amp; everything.");
      assertThat(page).contains("<code>./harpia lab 'x y'</code>", "<td>7</td>", "&lt;me&gt;");
      assertThat(page).contains("<th>who</th><th class=\"number\">how much</th>");
      assertThat(page).contains("<td class=\"number\">99.2 %</td>", "a &lt; b\n  &amp;&amp; c");
      assertThat(page).doesNotContain("alert(1)</script>", "Loss </script>");
      String ours = page.substring(page.indexOf("</head>"));
      assertThat(ours.replaceAll("src=\"data:", "")).doesNotContain("src=", "href=", "url(");
    }
  }

  @Test
  void chartsAndPicturesAreFilesToo() throws IOException {
    Path out = dir.resolve("run");
    try (RunDirectory run = RunDirectory.open(Optional.of(out), "x")) {
      report(run).write();
      run.publish();
    }
    for (String name : List.of("line", "log", "roc", "map", "bars", "histogram")) {
      assertThat(ImageIO.read(out.resolve(name + ".png").toFile()).getWidth()).isEqualTo(760);
    }
    assertThat(ImageIO.read(out.resolve("dot.png").toFile()).getHeight()).isEqualTo(7);
    assertThat(ImageIO.read(out.resolve("dot.gif").toFile()).getHeight()).isEqualTo(7);
  }

  @Test
  void withoutChartsThePageDoesWithoutTheScriptLibrary() throws IOException {
    Path out = dir.resolve("run");
    try (RunDirectory run = RunDirectory.open(Optional.of(out), "x")) {
      String page = new Report(run, "t", "h", 1).text("words").html();
      assertThat(page).hasSizeLessThan(20_000).contains("<p>words</p>");
    }
  }
}
