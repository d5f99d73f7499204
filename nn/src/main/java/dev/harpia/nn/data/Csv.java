package dev.harpia.nn.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.harpia.nn.io.FormatException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * Reads CSV files (RFC 4180) in UTF-8, packed with gzip or not. All rows must be equally long.
 *
 * <pre>{@code
 * CsvTable table = new Csv().missing("", "NA").read(path);
 * }</pre>
 */
public final class Csv {
  private static final int MAX_COLUMNS = 100_000;
  private static final long MAX_CELLS = 200_000_000;

  private char separator = ',';
  private boolean header = true;
  private Set<String> missing = Set.of("");

  /** With a header, commas, and only empty cells missing. */
  public Csv() {}

  /** Separates cells by another character. */
  public Csv separator(char separator) {
    this.separator = separator;
    return this;
  }

  /** Takes the first line for data. */
  public Csv noHeader() {
    header = false;
    return this;
  }

  /** Cells with one of these texts are missing: {@code "", "NA", "?"} …. */
  public Csv missing(String... texts) {
    missing = Set.of(texts);
    return this;
  }

  /** Reads a file. */
  public CsvTable read(Path file) throws IOException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        Reader text = new InputStreamReader(unpacked(raw), strict());
        CsvReader<CsvRecord> csv =
            CsvReader.builder()
                .fieldSeparator(separator)
                .detectBomHeader(false)
                .skipEmptyLines(true)
                .allowUnclosedQuote(false)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE) // checked in row()
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(text)) {
      return read(file, csv);
    } catch (CsvParseException e) {
      throw FormatException.inLine(file, 0, "expected CSV: " + e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw FormatException.inLine(file, 0, "expected text in UTF-8: " + e.getMessage(), e);
    }
  }

  private static java.nio.charset.CharsetDecoder strict() {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  private static InputStream unpacked(InputStream raw) throws IOException {
    raw.mark(2);
    boolean packed = raw.read() == 0x1F && raw.read() == 0x8B;
    raw.reset();
    return packed ? new GZIPInputStream(raw, 1 << 16) : raw;
  }

  private CsvTable read(Path file, CsvReader<CsvRecord> csv) throws FormatException {
    List<String> columns = List.of();
    List<String[]> rows = new ArrayList<>();
    for (CsvRecord record : csv) {
      if (columns.isEmpty()) {
        columns = columns(file, record);
        if (header) {
          continue;
        }
      }
      rows.add(row(file, record, columns.size()));
      if ((long) rows.size() * columns.size() > MAX_CELLS) {
        throw FormatException.inLine(
            file, record.getStartingLineNumber(), "more than " + MAX_CELLS + " cells");
      }
    }
    if (columns.isEmpty()) {
      throw FormatException.inLine(file, 1, "expected " + (header ? "a header" : "rows"));
    }
    return new CsvTable(columns, rows);
  }

  private List<String> columns(Path file, CsvRecord first) throws FormatException {
    int n = first.getFieldCount();
    if (n > MAX_COLUMNS) {
      throw FormatException.inLine(file, 1, n + " columns; at most " + MAX_COLUMNS + " are read");
    }
    if (!header) {
      return IntStream.range(0, n).mapToObj(Integer::toString).toList();
    }
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String field : first.getFields()) {
      String name = names.isEmpty() && field.startsWith("\uFEFF") ? field.substring(1) : field;
      if (!seen.add(name.strip())) {
        throw FormatException.inLine(
            file, first.getStartingLineNumber(), "two columns named \"" + name.strip() + "\"");
      }
      names.add(name.strip());
    }
    return names;
  }

  private String[] row(Path file, CsvRecord record, int columns) throws FormatException {
    if (record.getFieldCount() != columns) {
      throw FormatException.inLine(
          file,
          record.getStartingLineNumber(),
          "expected " + columns + " cells, found " + record.getFieldCount());
    }
    String[] row = new String[columns];
    for (int i = 0; i < columns; i++) {
      String cell = record.getField(i).strip();
      row[i] = missing.contains(cell) ? "" : cell;
    }
    return row;
  }
}
