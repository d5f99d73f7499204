package dev.harpia.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.nn.io.FormatException;
import dev.harpia.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvTest {
  @TempDir Path dir;

  private Path file(String text) throws IOException {
    return Files.writeString(dir.resolve("t.csv"), text);
  }

  @Test
  void quotesSpacesMarksAndEmptyLines() throws IOException {
    CsvTable t =
        new Csv()
            .missing("", "NA", "?")
            .read(file("\uFEFFa, \"b\" ,c\r\n1,\"x, \"\"y\"\"\nz\",NA\r\n\r\n 2 ,?,\"\"\n"));
    assertThat(t.columns()).containsExactly("a", "\"b\"", "c");
    assertThat(t.size()).isEqualTo(2);
    assertThat(t.get(0, "\"b\"")).isEqualTo("x, \"y\"\nz");
    assertThat(t.get(0, "c")).isEmpty();
    assertThat(t.get(1, "a")).isEqualTo("2");
    assertThat(t.get(1, "\"b\"")).isEmpty();
  }

  @Test
  void separatorsHeadersAndPackedFiles() throws IOException {
    Path packed = dir.resolve("t.csv.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write("1;2\n3;4".getBytes(StandardCharsets.UTF_8));
    }
    CsvTable t = new Csv().separator(';').noHeader().read(packed);
    assertThat(t.columns()).containsExactly("0", "1");
    assertThat(t.get(1, "0")).isEqualTo("3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|line 1: expected a header",
        "'a,b\n1'|line 2: expected 2 cells, found 1",
        "'a,b\n1,2\n1,2,3'|line 3: expected 2 cells, found 3",
        "'a, a'|line 1: two columns named \"a\"",
        "'a\n\"open'|expected CSV",
      })
  void tablesThatBreakARule(String text, String reason) throws IOException {
    Path file = file(text);
    assertThatThrownBy(() -> new Csv().read(file))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file + ": line ")
        .hasMessageContaining(reason);
  }

  @Test
  void whatIsNotUtf8AndWhatIsNotThere() throws IOException {
    Path file = Files.write(dir.resolve("latin"), new byte[] {'a', '\n', (byte) 0xE9, '\n'});
    assertThatThrownBy(() -> new Csv().read(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("expected text in UTF-8");
    assertThatThrownBy(() -> new Csv().read(dir.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }

  private CsvTable table() throws IOException {
    return new Csv().read(file("n,c,y\n1,red,no\n3,blue,yes\n,red,no\n5,,yes\n"));
  }

  @Test
  void numbersAreStandardisedAndCategoriesBecomeColumns() throws IOException {
    CsvTable t = table().rows(0, 1);
    TableEncoder e = TableEncoder.classes("y").others().fit(t);
    assertThat(e.inputs()).containsExactly("n", "c=blue", "c=red");
    assertThat(e.classes()).containsExactly("no", "yes");
    TensorDataset d = e.dataset(t);
    assertThat(d.inputs().toArray()).containsExactly(-1, 0, 1, 1, 1, 0);
    assertThat(d.targets().toIntArray()).containsExactly(0, 1);
    assertThat(d.targetType()).isEqualTo(DType.I32);
    // Other rows: the same mean and deviation; a category that is new is none of the known.
    CsvTable other = new Csv().read(file("n,c,y\n4,green,no\n"));
    assertThat(e.dataset(other).inputs().toArray()).containsExactly(2, 0, 0);
    CsvTable strange = new Csv().read(file("n,c,y\n4,red,maybe\n"));
    assertThatThrownBy(() -> e.dataset(strange))
        .hasMessage("encoder: column \"y\", row 0: class \"maybe\" is none of [no, yes]");
  }

  @Test
  void missingCellsAreRefusedDroppedOrFilled() throws IOException {
    CsvTable t = table();
    var builder = TableEncoder.classes("y").others();
    assertThatThrownBy(() -> builder.fit(t).dataset(t))
        .hasMessage(
            "encoder: column \"n\" is empty in row 2; missing(Missing.DROP) leaves such rows out");
    assertThat(builder.missing(Missing.DROP).fit(t).dataset(t).size()).isEqualTo(2);
    TensorDataset filled = builder.missing(Missing.FILL).fit(t).dataset(t);
    assertThat(filled.size()).isEqualTo(4);
    assertThat(filled.inputs().get(2, 0)).isZero(); // the mean
    assertThat(filled.inputs().get(3, 1) + filled.inputs().get(3, 2)).isZero();
    var target = TableEncoder.regression("n").categorical("c");
    assertThatThrownBy(() -> target.missing(Missing.FILL).fit(t).dataset(t))
        .hasMessageContaining("column \"n\" is empty in row 2");
    assertThat(target.missing(Missing.DROP).fit(t).dataset(t).size()).isEqualTo(2);
  }

  @Test
  void numbersCanBeTheTarget() throws IOException {
    CsvTable t = new Csv().read(file("x,y\n1,10\n2,20\n3,60\n"));
    TableEncoder e = TableEncoder.regression("y").numeric("x").fit(t);
    TensorDataset d = e.dataset(t);
    assertThat(d.targets().shape().dims()).containsExactly(3, 1);
    for (int i = 0; i < 3; i++) {
      assertThat(e.original(d.targets().get(i, 0)))
          .isCloseTo(Double.parseDouble(t.get(i, "y")), within(1e-5));
    }
  }

  @Test
  void columnsAreAddedAndTakenAway() throws IOException {
    CsvTable t = table();
    CsvTable more = t.with("long", i -> t.get(i, "c").length() > 3 ? "1" : "0").without("c");
    assertThat(more.columns()).containsExactly("n", "y", "long");
    assertThat(more.get(1, "long")).isEqualTo("1");
    CsvTable.Split split = t.split(0.5, 1);
    assertThat(split.first().size() + split.second().size()).isEqualTo(4);
    assertThatThrownBy(() -> t.with("c", _ -> "")).hasMessageContaining("already");
    assertThatThrownBy(() -> t.get(0, "z"))
        .hasMessage("table: no column \"z\"; there are [n, c, y]");
    assertThatThrownBy(() -> TableEncoder.classes("y").fit(t)).hasMessageContaining("one at least");
    assertThatThrownBy(() -> TableEncoder.classes("y").numeric("c").fit(t))
        .hasMessage("encoder: column \"c\", row 0: \"red\" is not a number");
    assertThat(t.isNumeric("n")).isTrue();
    assertThat(CsvTable.number("1f")).isNaN();
    assertThat(CsvTable.number("-1.5e3")).isEqualTo(-1500);
  }
}
